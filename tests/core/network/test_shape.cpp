// Shapes: their text, and the widths that they make. Seen red: with places that divide L − 1 layers, with ½
// left out, with the last ratio for every layer.
#include "core/network/shape.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "core/network/point.hpp"
#include "tests/fixtures/thrown.hpp"

namespace varprop {
namespace {

Point shaped(const char* shape, std::int64_t width, std::int32_t L, std::int64_t input = 0,
             std::int64_t output = 0) {
  Point point{Activation::parse("relu"),
              WeightDistribution::gaussian,
              WeightVariance(2),
              BiasVariance(0.5),
              Width(width),
              Depth(L)};
  point.shape = Shape::parse(shape);
  point.input_width = InputWidth(input);
  point.output_width = OutputWidth(output);
  return point;
}

using Widths = std::vector<std::int64_t>;

Widths widths_of(const Point& point) {
  Widths widths;
  for (std::int32_t l = 0; l <= point.depth.value(); ++l) widths.push_back(layer_width(point, l));
  return widths;
}

TEST(Shape, MakesTheWidthsOfKnownNetworks) {
  EXPECT_EQ(widths_of(shaped("1:0.5:0.25", 256, 4, 784, 10)), (Widths{784, 256, 128, 64, 10}));
  EXPECT_EQ(widths_of(shaped("1:0.25:0.75", 40, 4, 20, 15)), (Widths{20, 40, 10, 30, 15}));
  EXPECT_EQ(widths_of(shaped("1:0.4", 5, 3, 1, 7)), (Widths{1, 5, 2, 7}));
  EXPECT_EQ(widths_of(shaped("constant", 1, 2, 3, 4)), (Widths{3, 1, 4}));
  EXPECT_EQ(widths_of(shaped("1:0.5:0.25:0.125:0.25:0.5:1", 128, 8)),
            (Widths{128, 128, 64, 32, 16, 32, 64, 128, 128}));
}

TEST(Shape, RunsStraightBetweenItsRatios) {
  EXPECT_EQ(widths_of(shaped("1:2", 10, 6)), (Widths{10, 10, 13, 15, 18, 20, 10}));
  EXPECT_EQ(widths_of(shaped("0.5", 10, 4)), (Widths{10, 5, 5, 5, 10}));
  EXPECT_EQ(widths_of(shaped("0.5:3", 10, 2)), (Widths{10, 5, 10})) << "one hidden layer is the first";
  EXPECT_EQ(widths_of(shaped("0.5:3", 10, 1, 3)), (Widths{3, 10}));
  EXPECT_EQ(widths_of(shaped("0.01", 10, 3)), (Widths{10, 1, 1, 10}));
}

TEST(Shape, KnowsWhetherAllLayersAreOfOneWidth) {
  EXPECT_TRUE(equal_widths(shaped("constant", 8, 4)));
  EXPECT_TRUE(equal_widths(shaped("1:1", 8, 4, 8, 8)));
  EXPECT_TRUE(equal_widths(shaped("1:3", 8, 2)));
  EXPECT_FALSE(equal_widths(shaped("1:3", 8, 3)));
  EXPECT_FALSE(equal_widths(shaped("constant", 8, 3, 7)));
  EXPECT_FALSE(equal_widths(shaped("constant", 8, 3, 0, 7)));
}

TEST(Shape, TextsReadBack) {
  for (const char* text : {"constant", "1", "1:0.5:0.25", "0.1:3"})
    EXPECT_EQ(Shape::parse(text).text(), text);
  EXPECT_EQ(Shape::parse("1.0:.5").text(), "1:0.5");
  EXPECT_NE(Shape::parse("1:0.5"), Shape::parse("1:0.5:0.5"));
  EXPECT_EQ(Shape(), Shape::parse("constant"));
}

TEST(Shape, RefusesWhatIsNone) {
  for (const char* text : {"", "1:", ":1", "0", "1:-1", "1:nan", "1:inf", "1,2", "Constant",
                           "1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1"}) {
    const std::string sentence = thrown_by([&] { Shape::parse(text); });
    EXPECT_NE(sentence.find("is no shape; allowed: constant, or 1 to 16 ratios above 0"), std::string::npos)
        << text << ": " << sentence;
  }
}

TEST(Shape, VariancesAreOverTheFansOfEveryMatrix) {
  const Point point = shaped("1:0.4", 5, 3, 1, 7);  // 1-5-2-7
  const auto k = [&](VarianceScaling scaling, std::int32_t l) {
    return entry_variance(point, scaling, l).to_double();
  };
  EXPECT_DOUBLE_EQ(k(VarianceScaling::fan_in, 2), 2.0 / 5);
  EXPECT_DOUBLE_EQ(k(VarianceScaling::fan_out, 2), 2.0 / 2);
  EXPECT_DOUBLE_EQ(k(VarianceScaling::fan_avg, 2), 4.0 / 7);
  EXPECT_DOUBLE_EQ(k(VarianceScaling::fan_in, 1), 2);
  EXPECT_DOUBLE_EQ(k(VarianceScaling::none, 3), 2);
  EXPECT_DOUBLE_EQ(bias_variance(point, BiasScaling::none, 2).to_double(), 0.5);
  EXPECT_DOUBLE_EQ(bias_variance(point, BiasScaling::fan_in, 3).to_double(), 0.25);
}

}  // namespace
}  // namespace varprop
