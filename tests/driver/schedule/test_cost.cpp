// What units cost by the model, and measured over predicted, part by part. Seen red: with the part ignored,
// and with the columns swapped.
#include "driver/schedule/cost.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/storage/results_file.hpp"
#include "tests/driver/schedule/scheduled_sweeps.hpp"
#include "tests/fixtures/known_sweep.hpp"
#include "tests/fixtures/temporary_folder.hpp"

namespace varprop::driver {
namespace {

Sweep two_by_two() {
  Sweep sweep;
  sweep.grid = {{Activation::parse("tanh"), Activation::parse("relu")},
                {WeightDistribution::gaussian, WeightDistribution::uniform, WeightDistribution::orthogonal},
                {WeightVariance(1), WeightVariance(2)},
                {BiasVariance(0)},
                {Width(16)},
                {Depth(8), Depth(64)}};
  return sweep;
}

TEST(Calibration, CountsPartsRowMajor) {
  const Sweep sweep = two_by_two();
  EXPECT_EQ(SweepParts(sweep).count(), 6u);
  for (std::int64_t i = 0; i < sweep.point_count(); ++i) {
    const Point point = sweep.point(PointIndex(i));
    const std::size_t part = SweepParts(sweep)(PointIndex(i));
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

TEST(CostModel, GrowsWithTheWorkAndAsTheEngineDoes) {
  const Sweep sweep = sweep_of_eight_points();
  Sweep dense = sweep;
  dense.network.engine = Engine::dense;
  const Point narrow = sweep.point(PointIndex(0));
  const Point wide = sweep.point(PointIndex(2));
  EXPECT_GT(predicted_seconds(sweep, wide), 50 * predicted_seconds(sweep, narrow));
  EXPECT_GT(predicted_seconds(dense, wide), 1000 * predicted_seconds(sweep, wide));
  Point signs = wide, rotation = wide;
  signs.weights = WeightDistribution::rademacher;
  rotation.weights = WeightDistribution::orthogonal;
  EXPECT_LT(predicted_seconds(dense, signs), 0.1 * predicted_seconds(dense, wide));
  EXPECT_GT(predicted_seconds(dense, rotation), 100 * predicted_seconds(dense, wide));
  EXPECT_GT(predicted_seconds(sweep, rotation), predicted_seconds(sweep, wide));
}

/// Seen red: without `believable`, the sum of what a damaged file says.
TEST(MeasuredEarlier, BelievesNoTimeThatNoUnitTakes) {
  const GivenRun given(8);
  const TemporaryFolder folder;
  ResultsFile::create(folder / "r.h5", given.sweep, known_provenance());
  const std::vector<double> empty = RecordLayout(given.sweep).empty_values();
  std::vector<Record> records;
  for (const double seconds :
       {4 * given.expensive, -1e300, -1.0, 1e300, std::numeric_limits<double>::infinity(), std::nan("")}) {
    const BatchIndex batch(static_cast<std::int32_t>(records.size()));
    records.push_back({{PointIndex(1), batch}, UnitState::done, seconds, "", empty});
  }
  ResultsFile file(folder / "r.h5", ResultsFile::Access::write);
  file.commit(records);
  const auto read = [&file](PointIndex first, std::int64_t count) {
    return file.read_wall_seconds(first, count);
  };
  EXPECT_DOUBLE_EQ(measured_earlier(given.sweep, file.states(), read).factor(0), 4);
}

}  // namespace
}  // namespace varprop::driver
