// The tables behind the phase diagram and the charts of laws.

#include <gtest/gtest.h>

#include <cmath>

#include "analysis/laws/laws.hpp"
#include "report/data/tables.hpp"
#include "tests/analysis/synthetic_points.hpp"

namespace varprop::report {
using namespace theory;
using namespace analysis;
namespace {

using namespace synthetic;

/// ReLU networks whose rates and variances are those of theory, told by 16 batches.
struct Example {
  Sweep sweep;
  Predictions predictions;
  std::vector<PointAnalysis> points;
  std::vector<Law> laws;
  std::mt19937_64 random{1};

  explicit Example(Sweep of) : sweep(std::move(of)), predictions(sweep.network) {
    points = points_of(sweep, predictions, [this](PointAnalysis& a) {
      const double spread =
          0.4 / std::sqrt(static_cast<double>(a.point.width.value()) * a.point.depth.value());
      a.backward->rate = batch_mean(*a.theory.backward_rate_n, spread, 16, random);
      const double variance = (a.point.depth.value() - 1) * *a.theory.backward_variance_n;
      a.backward->variance = batch_mean(variance, 0.05 * variance, 16, random);
      a.backward->total = Estimate{4.9, 0.1, 63};
      a.regime = Regime::stable;
    });
    laws = find_laws(grid(), predictions);
  }
  PointGrid grid() const { return {sweep, points}; }
  GridChoice everything() const { return {sweep.shape(), points.size()}; }
};

Sweep widths_sweep() {
  return relu_sweep({1.9, 1.95, 2, 2.05, 2.1, 2.15}, {64, 128, 256, 512, 1024}, {50});
}

double at(const ReportTable& table, const char* column, std::size_t row) {
  return table.column(column)[row].get<double>();
}

TEST(WidthLaws, LieOnTheirLines) {
  const Example example(widths_sweep());
  const auto table = width_laws_table(example.grid(), example.everything(), example.laws);
  std::map<std::pair<std::string, std::string>, int> kinds;
  for (std::size_t r = 0; r < table.size(); ++r) {
    ++kinds[{table.column("law")[r].get<std::string>(), table.column("kind")[r].get<std::string>()}];
    ASSERT_GT(at(table, "x", r), 0);
    ASSERT_GT(at(table, "y", r), 0);
    const Json& low = table.column("low")[r];
    EXPECT_GT(low.is_null() ? 1.0 : low.get<double>(), 0) << "for a logarithmic axis";
  }
  EXPECT_EQ(kinds.size(), 9u) << "three laws, each measured, fitted and exact";
  for (std::size_t r = 0; r < table.size(); ++r) {
    const bool critical = table.column("law")[r].get<std::string>().starts_with("critical");
    EXPECT_EQ(table.column("weight_variance")[r].is_null(), critical) << "a critical variance is of none";
  }
  // Of an exact line the points near the measured ones.
  int near = 0, all = 0;
  for (std::size_t r = 0; r < table.size(); ++r) {
    if (table.column("kind")[r] != "measured") continue;
    for (std::size_t e = 0; e < table.size(); ++e) {
      const bool same = table.column("kind")[e] == "exact" &&
                        table.column("law")[e] == table.column("law")[r] &&
                        at(table, "x", e) == at(table, "x", r) &&
                        table.column("weight_variance")[e] == table.column("weight_variance")[r];
      if (same) ++all, near += std::abs(std::log(at(table, "y", e) / at(table, "y", r))) < 0.5;
    }
  }
  EXPECT_GT(all, 50);
  EXPECT_GT(near, 0.8 * all);
}

TEST(WidthLaws, OfRefusedLawsAreNotDrawn) {
  Example example(widths_sweep());
  for (Law& law : example.laws) refuse(law, Reason::not_told_from_0);
  EXPECT_EQ(width_laws_table(example.grid(), example.everything(), example.laws).size(), 0u);
}

TEST(WidthLaws, OfUnscaledVariancesGrowWithTheWidth) {
  Sweep sweep = relu_sweep({0.5}, {4, 16, 64, 256}, {3});
  sweep.network.variance_scaling = VarianceScaling::none;
  Predictions predictions(sweep.network);
  std::mt19937_64 random(2);
  auto points = points_of(sweep, predictions, [&](PointAnalysis& a) {
    a.forward = Direction{ValueOrReason<Estimate>(Reason::no_batch), {}, 0, {}};
    a.first_layer = batch_mean(std::log(0.5 * static_cast<double>(a.point.width.value())), 0.01, 16, random);
  });
  const PointGrid grid(sweep, points);
  const auto table = width_laws_table(grid, {sweep.shape(), 100}, find_laws(grid, predictions));
  int measured = 0;
  for (std::size_t r = 0; r < table.size(); ++r) {
    if (table.column("kind")[r] != "measured") continue;
    ++measured;
    EXPECT_NEAR(at(table, "y", r), 0.5 * at(table, "x", r), 0.02 * at(table, "y", r));
  }
  EXPECT_EQ(measured, 4);
}

TEST(Cells, CoverThePictureWithoutGaps) {
  const Example example(widths_sweep());
  const auto table = cells_table(example.grid(), example.everything(), example.everything(),
                                 {weight_variance_axis, width_axis});
  ASSERT_EQ(table.size(), 30u);
  for (std::size_t r = 0; r < table.size(); ++r) {
    EXPECT_EQ(table.column("point")[r], r);
    const double x = at(table, "weight_variance", r), n = at(table, "width", r);
    EXPECT_LT(at(table, "x_low", r), x);
    EXPECT_GT(at(table, "x_high", r), x);
    EXPECT_NEAR(at(table, "y_low", r) * at(table, "y_high", r), n * n, 1e-4 * n * n)
        << "widths are spaced by factors";
    EXPECT_EQ(at(table, "x_high", r), r + 5 < table.size() ? at(table, "x_low", r + 5) : 2.175);
  }
  EXPECT_EQ(table.column("regime")[0], "stable");
  EXPECT_EQ(table.column("glyph")[0], "=");
  EXPECT_NEAR(at(table, "backward_change", 0), 4.9 / 49, 1e-9);
}

TEST(Cells, OfAThinnedGridAreNumberedInTheReport) {
  const Example example(widths_sweep());
  const GridChoice few = example.everything().thinned(9);
  const auto table =
      cells_table(example.grid(), example.everything(), few, {weight_variance_axis, width_axis});
  ASSERT_EQ(table.size(), 9u);
  EXPECT_EQ(table.column("point")[8], 29);
  EXPECT_EQ(at(table, "x_high", 0), at(table, "x_low", 3)) << "cells of the chosen values touch";
}

TEST(Edge, IsTheCriticalVarianceAlongY) {
  const Example example(widths_sweep());
  Predictions predictions(example.sweep.network);
  const auto table =
      edge_table(example.sweep, example.everything(), {weight_variance_axis, width_axis}, predictions);
  std::size_t exact = 0;
  for (std::size_t r = 0; r < table.size(); ++r) {
    if (table.column("kind")[r] == "infinite width") {
      EXPECT_NEAR(at(table, "weight_variance", r), 2, 1e-5);
    } else {
      ++exact;
      EXPECT_NEAR(at(table, "weight_variance", r), 2 * std::exp(2.5 / at(table, "width", r)), 0.02)
          << "−m ≈ 5/(2n)";
    }
  }
  EXPECT_GE(exact, 20u);
  EXPECT_TRUE(table.column("depth")[0].is_null());
  EXPECT_EQ(edge_table(example.sweep, example.everything(), {width_axis, depth_axis}, predictions).size(),
            0u);
}

TEST(Critical, HasARowForEachLawThatHolds) {
  Example example(widths_sweep());
  const Picture picture{weight_variance_axis, width_axis};
  const auto table = critical_table(example.laws, example.sweep.grid, picture);
  ASSERT_EQ(table.size(), 6u) << "five widths and their limit";
  EXPECT_TRUE(table.column("width")[5].is_null());
  EXPECT_EQ(table.column("kind")[5], "limit");
  EXPECT_LT(at(table, "low", 0), at(table, "estimate", 0));
  EXPECT_TRUE(table.column("depth")[0].is_null());
  const auto by_depth = critical_table(example.laws, example.sweep.grid, {weight_variance_axis, depth_axis});
  EXPECT_EQ(by_depth.column("depth")[0], 50);
}

TEST(DepthLaws, HaveARowForEachParameter) {
  Example example(widths_sweep());
  for (PointAnalysis& a : example.points) {
    LawParameter rate{.name = DepthParameter::rate, .estimate = Estimate{0.1, 0.01, 15}, .theory = 0.11};
    LawParameter refused{.name = DepthParameter::rate, .refusal = Reason::no_test};
    a.backward->law = DepthLaw{DepthForm::exponential, {a.point.width.value() == 64 ? rate : refused}};
  }
  const auto table = depth_laws_table(example.grid(), example.everything(), {});
  ASSERT_EQ(table.size(), 30u);
  EXPECT_EQ(table.column("law")[0], "gradient: ln g per layer (exponential)");
  EXPECT_EQ(table.column("verdict")[0], "holds");
  EXPECT_NEAR(at(table, "high", 0), 0.1 + 2.131450 * 0.01, 1e-6);
  EXPECT_TRUE(table.column("estimate")[1].is_null());
  EXPECT_EQ(table.column("verdict")[1], "refused: fewer than 3 batches: no interval and no test");
}

}  // namespace
}  // namespace varprop::report
