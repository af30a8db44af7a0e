// The columns of points.csv.
#include "analysis/tables/tables.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "analysis/points/predictions.hpp"
#include "core/network/axes.hpp"
#include "core/text/words.hpp"
#include "tests/analysis/synthetic.hpp"

namespace varprop::analysis {
using namespace theory;
namespace {

std::string field(const PointAnalysis& analysis, const std::string& column) {
  const auto header = point_header();
  const auto found = std::find(header.begin(), header.end(), column);
  EXPECT_NE(found, header.end()) << column;
  return point_row(analysis)[static_cast<std::size_t>(found - header.begin())];
}

PointAnalysis analyze_here(const PointResults& results) {
  const AnalysisSettings settings;
  Predictions predict(settings.network);
  return analyze_point(results, pool_profiles(results, 8), predict(results.point), settings);
}

TEST(PointColumns, AreTheAxesAndThenTheResults) {
  std::vector<std::string> expected;
  for_each_axis([&](const auto& axis) { expected.emplace_back(axis.name); });
  for (const auto& column : point_columns()) expected.push_back(column.name);
  EXPECT_EQ(point_header(), expected);
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(std::adjacent_find(expected.begin(), expected.end()), expected.end())
      << "two columns of one name";
}

TEST(PointColumns, StoreWordsAsFlagsFromOneOn) {
  PointResults results = synthetic::empty_point("tanh", 1.0, 256);
  const auto analysis = analyze_here(results);
  const auto& columns = point_columns();
  const auto cause =
      std::find_if(columns.begin(), columns.end(), [](const auto& c) { return c.name == "cause"; });
  EXPECT_TRUE(std::isnan(cause->stored(analysis)));
  auto named = analysis;
  named.cause = Cause::power_law;
  EXPECT_EQ(cause->text(named), "power law");
  const Variable variable = cause->variable();
  const auto stored = static_cast<std::size_t>(cause->stored(named));
  EXPECT_EQ(variable.flags[0].meaning, "none");
  EXPECT_EQ(variable.flags[stored].meaning, "power_law");
  EXPECT_EQ(variable.flags[stored].value, stored);
}

/// Seen red: with an empty field in the table where analysis.h5 has inf.
TEST(PointColumns, SayInfinityAsTheFileDoes) {
  auto analysis = analyze_here(synthetic::empty_point("tanh", 1.0, 256));
  analysis.weight_gradient = WeightGradients{1, 1e4};
  const auto& columns = point_columns();
  const auto column = std::find_if(columns.begin(), columns.end(),
                                   [](const auto& c) { return c.name == "gradient_over_weight"; });
  EXPECT_EQ(column->text(analysis), "inf");
  EXPECT_TRUE(std::isinf(column->stored(analysis)));
}

TEST(PointRow, HoldsCoordinatesAndRoundTripNumbers) {
  std::mt19937_64 random(3);
  PointResults results = synthetic::empty_point("leaky_relu(0.2)", 1.9, 32);
  results.batches_done = 4;
  const synthetic::Walk walk{.drift = -0.01, .spread = 0.1, .batches = 4};
  results.of(Quantity::forward) = synthetic::walk(walk, 32, Quantity::forward, random);
  results.of(Quantity::backward) = synthetic::walk(walk, 32, Quantity::backward, random);
  const auto analysis = analyze_here(results);
  EXPECT_EQ(field(analysis, "activation"), "leaky_relu(0.2)");
  EXPECT_EQ(field(analysis, "weight_variance"), "1.9");
  EXPECT_EQ(field(analysis, "depth"), "32");
  EXPECT_EQ(parse_number(field(analysis, "forward_rate")), analysis.forward->rate->value);
  EXPECT_EQ(parse_number(field(analysis, "backward_rate")), analysis.backward->rate->value);
  EXPECT_EQ(parse_number(field(analysis, "backward_rate_error")), analysis.backward->rate->error);
  EXPECT_EQ(parse_number(field(analysis, "forward_total")), analysis.forward->total->value);
  EXPECT_EQ(parse_number(field(analysis, "backward_total")), analysis.backward->total->value);
  EXPECT_EQ(parse_number(field(analysis, "theory_backward_rate")), *analysis.theory.backward_rate);
  EXPECT_EQ(field(analysis, "regime"), "stable");
}

TEST(PointRow, IsEmptyWhereNothingIsKnown) {
  PointResults results = synthetic::empty_point("relu", 2, 32);
  results.of(Quantity::forward).emplace();
  const auto analysis = analyze_here(results);
  for (const char* column :
       {"forward_rate", "forward_rate_error", "backward_rate", "backward_rate_error", "forward_total",
        "backward_total", "forward_regime", "backward_regime", "regime"}) {
    EXPECT_EQ(field(analysis, column), "") << column;
  }
  EXPECT_EQ(field(analysis, "theory_backward_rate"), "0");
}

}  // namespace
}  // namespace varprop::analysis
