// Measured over predicted, part by part. Seen red: with the part ignored, and with the columns swapped.
#include "driver/run/calibration.hpp"

#include <gtest/gtest.h>

namespace varprop {
namespace {

Sweep two_by_two() {
  Sweep sweep;
  sweep.grid = {{Activation::parse("tanh"), Activation::parse("relu")},
                {Weights::gaussian, Weights::uniform, Weights::orthogonal},
                {WeightVariance(1), WeightVariance(2)},
                {BiasVariance(0)},
                {Width(16)},
                {Depth(8), Depth(64)}};
  return sweep;
}

TEST(Calibration, CountsPartsRowMajor) {
  const Sweep sweep = two_by_two();
  EXPECT_EQ(part_count(sweep), 6u);
  for (std::int64_t i = 0; i < sweep.point_count(); ++i) {
    const Point point = sweep.point(PointIndex(i));
    const std::size_t part = part_of(sweep, PointIndex(i));
    EXPECT_EQ(sweep.grid.activation[part / 3], point.activation);
    EXPECT_EQ(sweep.grid.weights[part % 3], point.weights);
  }
}

TEST(Calibration, IsOneWhereNothingWasMeasured) {
  const Calibration calibration(two_by_two());
  EXPECT_TRUE(calibration.empty());
  EXPECT_EQ(calibration.factor(), 1);
  EXPECT_EQ(calibration.factor(5), 1);
}

TEST(Calibration, KnowsEachPartAndTheRestByAll) {
  Calibration calibration(two_by_two());
  calibration.add(0, 1, 2);
  calibration.add(0, 3, 4);
  calibration.add(4, 6, 24);
  EXPECT_EQ(calibration.factor(0), 1.5);
  EXPECT_EQ(calibration.factor(4), 4);
  EXPECT_EQ(calibration.factor(), 3);
  EXPECT_EQ(calibration.factor(1), 3);
}

}  // namespace
}  // namespace varprop
