// The fluctuation of the tangent kernel, a point a row.
//
// Seen red: the ratio's logarithm in the place of the ratio; the biases' kernel in the place of the weights'.
#include <gtest/gtest.h>

#include <cmath>

#include "analysis/laws/fits.hpp"
#include "analysis/tables/tables.hpp"
#include "tests/analysis/synthetic_points.hpp"
#include "theory/networks/tangent_kernel.hpp"

namespace varprop::analysis {
namespace {

/// ln Θ_W ~ N(3, v) of so many networks, ln Θ_b half of that.
std::vector<PointAnalysis> measured_points(const Sweep& sweep, Predictions& predictions, double v,
                                           std::int32_t replicas) {
  std::mt19937_64 random(11);
  std::normal_distribution<double> logarithm(3, std::sqrt(v));
  return synthetic::points_of(sweep, predictions, [&](PointAnalysis& analysis) {
    std::vector<double> weight, bias;
    for (std::int32_t i = 0; i < 16 * replicas; ++i) {
      weight.push_back(logarithm(random));
      bias.push_back(weight.back() / 2);
    }
    analysis.totals[position_of_total("ntk_weight")] = moments_of_total(weight, 16, 8);
    analysis.totals[position_of_total("ntk_bias")] = moments_of_total(bias, 16, 8);
    analysis.tangent_kernel = predictions.tangent_kernel(analysis.point);
  });
}

std::vector<Law> laws_of(Sweep& sweep, double v, std::int32_t replicas) {
  sweep.measures = {Quantity::ntk};
  Predictions predictions(sweep.network);
  const auto points = measured_points(sweep, predictions, v, replicas);
  return find_laws(PointGrid(sweep, points), predictions);
}

TEST(NtkFluctuation, IsTheRatioOfEveryPointBesideTheory) {
  Sweep sweep = synthetic::relu_sweep({2}, {64}, {8, 16});
  const auto laws = laws_of(sweep, 0.2, 100);
  ASSERT_EQ(laws.size(), 2u);
  for (const Law& law : laws) {
    ASSERT_TRUE(law.holds()) << law.verdict();
    EXPECT_EQ(law.law, LawName::ntk_fluctuation);
    EXPECT_EQ(law.parameter, "ratio");
    EXPECT_NEAR(*law.estimate, std::exp(0.2), 0.1);
    EXPECT_LT(law.interval->low, std::exp(0.2));
    EXPECT_GT(law.interval->high, std::exp(0.2));
  }
  EXPECT_NEAR(*laws[1].theory, 2.372930290974588, 1e-9);
  EXPECT_LT(*laws[1].z, -3) << "the data are not of such networks";
}

TEST(NtkFluctuation, IsRefusedOfTooFewNetworksAndKeepsItsTheory) {
  Sweep sweep = synthetic::relu_sweep({2}, {64}, {16});
  const auto laws = laws_of(sweep, 0.9, 16);
  ASSERT_EQ(laws.size(), 1u);
  EXPECT_EQ(laws[0].refusal, theory::Reason(theory::Reason::few_networks_for_second_moment));
  EXPECT_FALSE(laws[0].estimate || laws[0].interval);
  EXPECT_NEAR(*laws[0].theory, 2.372930290974588, 1e-9);
}

TEST(NtkFluctuation, StandsInPointTablesOnlyWhereItWasMeasured) {
  Sweep sweep = synthetic::relu_sweep({2}, {64}, {16});
  const auto has = [&](std::string_view name) {
    const auto columns = point_columns(sweep);
    return std::ranges::any_of(columns, [&](const PointColumn& column) { return column.name == name; });
  };
  EXPECT_FALSE(has("ntk_weight_ratio") || has("theory_ntk_weight_ratio") || has("largest_dead_share"));
  sweep.measures = {Quantity::activations, Quantity::ntk};
  EXPECT_TRUE(has("ntk_weight_ratio") && has("theory_ntk_weight_ratio") && has("largest_dead_share"));
  EXPECT_TRUE(has("ntk_bias_log_of_mean") && has("activations_fp16_overflow_layer"));
}

}  // namespace
}  // namespace varprop::analysis
