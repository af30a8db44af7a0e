// Points, and the keys that are made of them. Seen red: with an axis left out of every key, with a key that
// compares its first coordinate only, with widths mixed into no hash.
#include "core/network/point.hpp"

#include <gtest/gtest.h>

#include <map>
#include <unordered_set>

namespace varprop {
namespace {

Point known_point() {
  return {Activation::parse("leaky_relu(0.2)"),
          WeightDistribution::orthogonal,
          WeightVariance(1.5),
          BiasVariance(0),
          Width(64),
          Depth(16)};
}

TEST(Point, NamesEveryAxisInItsOrder) {
  EXPECT_EQ(point_in_words(known_point()),
            "leaky_relu(0.2), orthogonal, weight_variance 1.5, bias_variance 0, width 64, depth 16");
}

TEST(Point, KeysAreAllThatIsNotLeftOut) {
  Point wider = known_point();
  wider.width = Width(128);
  EXPECT_NE(wider, known_point());
  EXPECT_NE(wider.without<Depth>(), known_point().without<Depth>());
  EXPECT_EQ(wider.without<Width>(), known_point().without<Width>());
  EXPECT_EQ((wider.without<Depth, Width>()), (known_point().without<Depth, Width>()));
  EXPECT_EQ(known_point().without<Width>().get<Depth>(), Depth(16));
}

TEST(Point, KeysTellOneAxisFromAnother) {
  std::map<PointWithout<Depth>, int> seen;
  std::unordered_set<PointWithout<Depth>> also_seen;
  const auto see = [&](const Point& point) {
    ++seen[point.without<Depth>()];
    also_seen.insert(point.without<Depth>());
  };
  for_each_axis([&](const auto& axis) {
    Point other = known_point();
    using Value = typename std::remove_cvref_t<decltype(axis)>::value_type;
    if constexpr (NumericCoordinate<Value>) {
      other.*axis.value = Value(static_cast<typename Value::value_type>(7));
      see(other);
    }
  });
  Point other = known_point();
  other.weights = WeightDistribution::gaussian;
  see(other);
  other.activation = Activation::parse("leaky_relu(0.3)");
  see(other);
  other = known_point();
  other.norm = Norm::pre_rms;
  see(other);
  other.block = Block::mlp;
  see(other);
  other.shape = Shape::parse("1:2");
  see(other);
  see(known_point());
  EXPECT_EQ(seen.size(), axis_count) << "all but the one that differs in the depth";
  EXPECT_EQ(also_seen.size(), axis_count);
  EXPECT_EQ(seen[known_point().without<Depth>()], 2);
}

TEST(Point, KeysAsText) {
  EXPECT_EQ((known_point().without<Width, Depth>().text()),
            "activation=leaky_relu(0.2);weights=orthogonal;weight_variance=1.5;bias_variance=0");
  EXPECT_EQ(coordinates_text(known_point(), axes_of<Width, Depth>()), "width=64;depth=16");
}

/// Newer axes off their defaults stand at the end, behind the version of such networks.
TEST(Point, NamesNewerCoordinatesOffTheirDefaultsOnly) {
  Point point = known_point();
  const std::string before = canonical_text(point, {});
  point.norm = Norm::post_layer;
  point.keep = Keep(0.9);
  point.shape = Shape::parse("1:0.5");
  point.output_width = OutputWidth(10);
  EXPECT_EQ(canonical_text(point, {}),
            before + ";networks=1;norm=post_layer;keep=0.9;shape=1:0.5;output_width=10");
  EXPECT_EQ(point_in_words(point),
            point_in_words(known_point()) + ", post_layer, keep 0.9, 1:0.5, output_width 10");
  EXPECT_EQ(canonical_text(known_point(), {.bias_scaling = BiasScaling::fan_in}),
            before + ";bias_scaling=fan_in");
}

TEST(Point, IsPlainWhereEveryLayerIsThatOfTheFirstAxes) {
  const auto plain_with = [](auto change) {
    Point point = known_point();
    change(point);
    return is_plain(point, {});
  };
  EXPECT_TRUE(is_plain(known_point(), {}));
  EXPECT_TRUE(is_plain(known_point(), {.bias_scaling = BiasScaling::fan_in})) << "without biases";
  EXPECT_TRUE(plain_with([](Point& point) { point.shape = Shape::parse("1:1"); }));
  EXPECT_FALSE(plain_with([](Point& point) { point.shape = Shape::parse("1:2"); }));
  EXPECT_FALSE(plain_with([](Point& point) { point.input_width = InputWidth(3); }));
  EXPECT_FALSE(plain_with([](Point& point) { point.norm = Norm::pre_rms; }));
  EXPECT_FALSE(plain_with([](Point& point) { point.keep = Keep(0.5); }));
  Point biased = known_point();
  biased.bias_variance = BiasVariance(1);
  EXPECT_FALSE(is_plain(biased, {.bias_scaling = BiasScaling::fan_in}));
}

TEST(Axes, HavePositionsInTheirOrder) {
  EXPECT_EQ(axis_position<Activation>, 0u);
  EXPECT_EQ(axis_position<Depth>, 5u);
  EXPECT_EQ(axis_of<BiasVariance>.name, "bias_variance");
  EXPECT_TRUE(limits_of<Width>.contain(1));
  EXPECT_FALSE(limits_of<Width>.contain(0));
}

/// Every newer axis has a default, which needs no word.
TEST(Axes, OfTheFirstFormatAlwaysTellTheirValue) {
  for_each_axis([](const auto& axis) {
    if (!axis.default_value) {
      EXPECT_TRUE(is_first(axis)) << axis.name;
    } else {
      EXPECT_NE(goes_without_saying(axis, *axis.default_value), is_first(axis)) << axis.name;
    }
  });
}

}  // namespace
}  // namespace varprop
