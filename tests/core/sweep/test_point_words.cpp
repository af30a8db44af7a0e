// A point as people name it.
#include "core/sweep/point_words.hpp"

#include <gtest/gtest.h>

namespace varprop {
namespace {

TEST(PointWords, NameEveryAxisInItsOrder) {
  const Point point{Activation::parse("leaky_relu(0.2)"),
                    Weights::orthogonal,
                    WeightVariance(1.5),
                    BiasVariance(0),
                    Width(64),
                    Depth(16)};
  EXPECT_EQ(point_in_words(point),
            "leaky_relu(0.2), orthogonal, weight_variance 1.5, bias_variance 0, width 64, depth 16");
}

}  // namespace
}  // namespace varprop
