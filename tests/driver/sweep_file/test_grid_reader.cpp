// Several tables, zips, rules and files of points: which points they make, and what is refused.
#include "driver/sweep_file/grid_reader.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tests/driver/sweep_file/sweep_examples.hpp"

namespace varprop::driver {
namespace {

/// A file of these tables.
std::string file_of(const std::string& tables) {
  return tables + "[simulation]\nreplicas = 32\n";
}

const std::string tanh_table = "[[grid]]\nactivation = \"tanh\"\nweight_variance = 1\n";

/// "8x4": width and depth of every point.
std::set<std::string> sizes(const Sweep& sweep) {
  std::set<std::string> all;
  for (std::int64_t i = 0; i < sweep.point_count(); ++i) {
    const Point point = sweep.point(PointIndex(i));
    all.insert(coordinate_text(point.width) + "x" + coordinate_text(point.depth));
  }
  return all;
}

using Sizes = std::set<std::string>;

Sweep with_points(const std::string& file, const std::string& csv) {
  return resolve_sweep({"s.toml", file, {}, "", {{"p.csv", csv}}});
}

std::string refusal_of_points(const std::string& csv) {
  const std::string file =
      file_of("[grid]\nactivation = \"tanh\"\nweight_variance = 1\npoints = \"p.csv\"\n");
  return thrown_by([&] { with_points(file, csv); });
}

TEST(GridReader, UnitesTables) {
  const Sweep sweep = resolved(
      file_of(tanh_table + "width = [8, 16]\ndepth = 4\n" + tanh_table + "width = 8\ndepth = [5, 6]\n"));
  EXPECT_EQ(sizes(sweep), (Sizes{"8x4", "16x4", "8x5", "8x6"}));
  EXPECT_FALSE(sweep.grid.is_product());
}

TEST(GridReader, RefusesAPointOfTwoTables) {
  const std::string text =
      refusal(file_of(tanh_table + "width = 8\ndepth = 4\n" + tanh_table + "width = [8, 9]\ndepth = 4\n"));
  EXPECT_NE(text.find("s.toml:6:1: grid: the point tanh"), std::string::npos) << text;
  EXPECT_NE(text.find("stands there twice"), std::string::npos) << text;
}

TEST(GridReader, OneTableOfAListIsTheProductThatATableIs) {
  const Sweep list = resolved(file_of(tanh_table + "width = [8, 16]\ndepth = 4\n"));
  const Sweep table = resolved(with_line(4, "width = [8, 16]"));
  EXPECT_EQ(identity(list), identity(table));
}

TEST(GridReader, AUnionThatIsAProductIsOne) {
  const Sweep two =
      resolved(file_of(tanh_table + "width = 16\ndepth = 4\n" + tanh_table + "width = 8\ndepth = 4\n"));
  EXPECT_EQ(identity(two), identity(resolved(with_line(4, "width = [8, 16]"))));
}

TEST(GridReader, ZippedAxesGoTogether) {
  const std::string zipped = "width = [64, 8, 8]\ndepth = [2, 3, 4]\nzip = [[\"width\", \"depth\"]]\n";
  EXPECT_EQ(sizes(resolved(file_of(tanh_table + zipped))), (Sizes{"64x2", "8x3", "8x4"}));
  const std::string unequal =
      refusal(file_of(tanh_table + "width = [64, 8]\ndepth = [2, 3, 4]\nzip = [[\"width\", \"depth\"]]\n"));
  EXPECT_NE(unequal.find("s.toml:6:8: grid.zip: width has 2 values and depth has 3 values"),
            std::string::npos)
      << unequal;
  const std::string unknown =
      refusal(file_of(tanh_table + "width = 8\ndepth = 4\nzip = [[\"width\", \"dept\"]]\n"));
  EXPECT_NE(unknown.find("there is no axis \"dept\". Did you mean \"depth\"?"), std::string::npos) << unknown;
  EXPECT_NE(refusal(file_of(tanh_table + "width = 8\ndepth = 4\nzip = [\"width\"]\n")).find("lists of names"),
            std::string::npos);
}

TEST(GridReader, RulesFollowOtherAxes) {
  EXPECT_EQ(sizes(resolved(file_of(tanh_table + "width = [8, 30]\ndepth = \"width/4\"\n"))),
            (Sizes{"8x2", "30x8"}));  // 7.5 to the nearest
  EXPECT_EQ(sizes(resolved(file_of(tanh_table + "width = \"4*depth\"\ndepth = [2, 3, \"2^2 + 1\"]\n"))),
            (Sizes{"8x2", "12x3", "20x5"}));
  const Sweep sweep = resolved(
      "[grid]\nactivation = \"relu\"\nweight_variance = \"2 + 1/width\"\nwidth = [3, 4]\ndepth = 2\n"
      "[simulation]\nreplicas = 32\n");
  EXPECT_EQ(sweep.grid.weight_variance[0].value(), 2.25);
  EXPECT_EQ(sweep.grid.weight_variance[1].value(), 2.33333333333);  // rounded as ranges are
}

TEST(GridReader, RefusesRulesThatCannotBe) {
  const auto with = [](const std::string& width, const std::string& depth) {
    return refusal(file_of(tanh_table + "width = " + width + "\ndepth = " + depth + "\n"));
  };
  const std::string round = with("\"2*depth\"", "\"width/2\"");
  EXPECT_NE(round.find("the rules of width, depth follow from one another"), std::string::npos) << round;
  EXPECT_NE(with("\"width + 1\"", "3").find("the rules of width follow from one another"), std::string::npos);
  const std::string zero = with("[1, 64]", "\"width/4\"");
  EXPECT_NE(
      zero.find("s.toml:5:9: grid.depth: the rule \"width/4\" gives 0 at width 1; allowed: a whole number"),
      std::string::npos)
      << zero;
  const std::string unknown = with("8", "\"widht/4\"");
  EXPECT_NE(unknown.find("names \"widht\", which is no axis of numbers. Did you mean \"width\"?"),
            std::string::npos)
      << unknown;
  EXPECT_NE(with("8", "\"width/\"").find("cannot be read"), std::string::npos);
  EXPECT_NE(with("8", "\"1/0\"").find("gives inf"), std::string::npos) << with("8", "\"1/0\"");
  EXPECT_NE(with("8", "\"64\"").find("\"64\" is not a number"), std::string::npos);
}

TEST(GridReader, ARuleOfOneValueIsANumber) {
  const Sweep rule = resolved(with_line(5, "depth = \"width/2\""));
  EXPECT_EQ(identity(rule), identity(resolved(small_file())));
}

TEST(GridReader, TorchBiasesAreOverEveryWidth) {
  const Sweep sweep = resolved(with_line(4, "width = [8, 16]\nbias_variance = \"torch\""));
  EXPECT_EQ(sweep.point_count(), 2);
  for (std::int64_t i = 0; i < 2; ++i) {
    const Point point = sweep.point(PointIndex(i));
    EXPECT_EQ(point.bias_variance.value(), 1.0 / 3 / static_cast<double>(point.width.value()));
  }
}

TEST(GridReader, ReadsPoints) {
  const std::string file = file_of("[grid]\nactivation = [\"tanh\", \"relu\"]\npoints = \"p.csv\"\n");
  const Sweep sweep = with_points(file, "width,depth, weight_variance\r\n8,4,1\n\n16,\"5\",2.5\n");
  EXPECT_EQ(sweep.point_count(), 4);
  EXPECT_EQ(sizes(sweep), (Sizes{"8x4", "16x5"}));
  const Sweep words = with_points(file_of("[grid]\npoints = \"p.csv\"\nwidth=8\n"),
                                  "activation,norm,weight_variance,depth\nleaky_relu(0.2),pre_rms,1,2\n");
  EXPECT_EQ(words.grid.norm.front(), Norm::pre_rms);
}

TEST(GridReader, SaysWhereAFileOfPointsIsWrong) {
  const std::string bad = refusal_of_points("width,depth\n8,4\n16,four\n");
  EXPECT_EQ(bad.substr(0, 60), "p.csv:3:4: depth: \"four\" is not allowed; allowed: a whole nu") << bad;
  EXPECT_NE(refusal_of_points("width,dept\n8,4\n").find("p.csv:1:7: there is no axis \"dept\""),
            std::string::npos);
  EXPECT_NE(refusal_of_points("width,depth\n8\n").find("p.csv:2:1: this row has 1 cell, the first one has 2"),
            std::string::npos);
  EXPECT_NE(refusal_of_points("width,width\n8,8\n").find("p.csv:1:7: width is the name of two columns"),
            std::string::npos);
  EXPECT_NE(refusal_of_points("").find("p.csv:1:1"), std::string::npos);
  EXPECT_NE(refusal_of_points("width,depth,activation\n8,4,relu\n").find("has a column of this name"),
            std::string::npos);
}

TEST(GridReader, RefusesMorePointsThanCanBeListed) {
  const std::string many = refusal(
      file_of(tanh_table + "width = { from = 1, to = 100000, count = 100000 }\ndepth = [\"width\", 7]\n"
                           "bias_variance = { from = 0, to = 1, count = 1001 }\n"));
  EXPECT_NE(many.find("lists 2.002e+08 points; allowed are at most 10000000"), std::string::npos) << many;
}

TEST(GridReader, FlagsSpeakOfEveryTable) {
  const Sweep sweep =
      resolved(file_of(tanh_table + "width = 16\ndepth = 4\n" + tanh_table + "width = 8\ndepth = 5\n"),
               {"grid.weight_variance=2"});
  EXPECT_EQ(sweep.grid.weight_variance, std::vector{WeightVariance(2)});
}

}  // namespace
}  // namespace varprop::driver
