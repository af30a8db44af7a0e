// The rows of laws.csv.
//
// Seen red: with a column left out, with coordinates written along axes that do not apply, with the
// estimate of a refused law kept.

#include <gtest/gtest.h>

#include <cmath>

#include "analysis/laws/laws.hpp"
#include "analysis/tables/tables.hpp"
#include "core/text/words.hpp"
#include "tests/analysis/synthetic.hpp"
#include "tests/analysis/synthetic_points.hpp"

namespace varprop::analysis {
using namespace theory;
namespace {

/// Of a sweep without newer ones.
constexpr AxisSet first_axes =
    axes_of<Activation, WeightDistribution, WeightVariance, BiasVariance, Width, Depth>();

TEST(LawColumns, AreThoseThatOtherProgramsRelyOn) {
  EXPECT_EQ(join(law_header(first_axes), ","),
            "law,form,parameter,activation,weights,weight_variance,bias_variance,width,depth,estimate,low,"
            "high,theory,z,"
            "points,window_low,window_high,goodness,verdict");
}

Law example_law() {
  const Point point{Activation::parse("leaky_relu(0.2)"),
                    WeightDistribution::orthogonal,
                    WeightVariance(2),
                    BiasVariance(0.05),
                    Width(64),
                    Depth(32)};
  Law law{.law = LawName::drift, .form = "A + B/n", .parameter = "kappa_1", .point = point};
  law.applies = {true, true, true, true, false, false};
  set_estimate(law, {-2.25, 0.5, 15}, -2.5);
  return law;
}

TEST(LawRow, HoldsWhatApplies) {
  const auto row = law_row(example_law(), first_axes);
  EXPECT_EQ(join({row.begin(), row.begin() + 10}, ","),
            "drift,A + B/n,kappa_1,leaky_relu(0.2),orthogonal,2,0.05,,,-2.25");
  EXPECT_NEAR(*parse_number(row[10]), -2.25 - 2.13145 * 0.5, 1e-5);  // t(0.975, 15)
  EXPECT_EQ(row[12], "-2.5");
  EXPECT_NEAR(*parse_number(row[13]), 0.49, 0.01);
  EXPECT_EQ(row.back(), "holds");
}

TEST(LawRow, OfARefusedLawSaysWhyAndHasNoEstimate) {
  Law law = example_law();
  refuse(law, {Reason::not_told_from_0, -0.5, 1.25});
  const auto row = law_row(law, first_axes);
  EXPECT_EQ(row[9] + row[10] + row[11] + row[13], "");
  EXPECT_EQ(row[12], "-2.5");
  EXPECT_EQ(row.back(), "refused: not told from 0 (99 %: -0.5 to 1.25)");
}

TEST(SetLogEstimate, ExponentiatesTheIntervalToo) {
  Law law = example_law();
  set_log_estimate(law, {std::log(2.0), 0.1, 1e9}, std::log(2.1));
  EXPECT_NEAR(*law.estimate, 2, 1e-12);
  EXPECT_NEAR(law.interval->high, 2 * std::exp(0.1959964), 1e-5);
  EXPECT_NEAR(*law.theory, 2.1, 1e-12);
  EXPECT_NEAR(*law.z, -std::log(1.05) / 0.1, 1e-4);
}

TEST(FindLaws, GivesARowForEveryParameterOfEveryPointsDepthLaws) {
  Sweep sweep = synthetic::relu_sweep({1.8, 2.2}, {64}, {64});
  Predictions predictions(sweep.network);
  std::vector<PointAnalysis> points;
  for (std::int64_t p = 0; p < 2; ++p) {
    const Point point = sweep.point(PointIndex(p));
    PointResults results = synthetic::empty_point("relu", point.weight_variance.value(), 64);
    results.batches_done = 8;
    std::mt19937_64 random(1);
    const synthetic::Walk walk{.drift = std::log(point.weight_variance.value() / 2), .spread = 0.1};
    results.of(Quantity::forward) = synthetic::walk(walk, 64, Quantity::forward, random);
    results.of(Quantity::backward) = synthetic::walk(walk, 64, Quantity::backward, random);
    points.push_back(analyze_point(results, pool_profiles(results, 8), predictions(point), {}));
  }
  int rates = 0;
  for (const Law& law : find_laws(PointGrid(sweep, points), predictions)) {
    if (law.law != LawName::forward_depth && law.law != LawName::backward_depth) continue;
    EXPECT_EQ(law.form, "exponential");
    EXPECT_EQ(law.parameter, "rate");
    EXPECT_TRUE(law.holds()) << law.verdict();
    EXPECT_NEAR(*law.estimate, std::log(law.point.weight_variance.value() / 2), 0.02);
    EXPECT_EQ(law.points, 64);
    ++rates;
  }
  EXPECT_EQ(rates, 4);
}

}  // namespace
}  // namespace varprop::analysis
