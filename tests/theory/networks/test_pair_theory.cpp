// What theory says of two inputs at a width: from where their distance follows its last law, and how fast.
//
// Seen red: with orthogonal weights taken for Gaussian ones; with the first order of two slopes alone; with
// linear orthogonal networks taken for others.
#include "theory/networks/pair_theory.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "theory/means/log_ratio.hpp"

namespace varprop::theory {
namespace {

PairTheory theory_of(const char* activation, Variances variances, double input_correlation, int depth,
                     std::int64_t width, WeightDistribution weights = WeightDistribution::gaussian) {
  const InfiniteWidthPredictor predict(Activation::parse(activation));
  const PointTheory point = point_theory(predict, map_theory(predict, variances), weights, width);
  return pair_theory(predict, pair_map(predict, variances, input_correlation, depth), variances, point,
                     weights, width);
}

TEST(PairTheory, OfTheOrderedPhaseIsTheGradientsRate) {
  const PairTheory pair = theory_of("tanh", {1, .05}, 0.5, 100, 512);
  EXPECT_EQ(pair.course, PairCourse::meet);
  EXPECT_NEAR(*pair.rate, std::log(0.759032), 2e-6);
  EXPECT_NEAR(*pair.rate_n, std::log(0.759032) - 1.38696 / 512, 5e-6);
  EXPECT_NEAR(*pair.xi_c, 3.627, 5e-4);
  ASSERT_TRUE(pair.law_from);
  EXPECT_GT(*pair.law_from, 5);
  EXPECT_LT(*pair.law_from, 30);
}

TEST(PairTheory, OfTheChaoticPhaseSettles) {
  const PairTheory pair = theory_of("tanh", {2, .05}, 0.9, 250, 512);
  EXPECT_EQ(pair.course, PairCourse::settle);
  EXPECT_NEAR(*pair.c_star, 0.744082, 1e-6);
  ASSERT_TRUE(pair.law_from && pair.signal_settled_from);
  EXPECT_LT(*pair.signal_settled_from, 10);
  EXPECT_GT(*pair.law_from, 100) << "some seven lengths of 25.2 layers";
  EXPECT_FALSE(theory_of("tanh", {2, .05}, 0.9, 60, 512).law_from) << "not within 60 layers";
}

/// E[ψ((K−1)/2) − ψ(K/2)], K ~ Bin(n, ½) given K ≥ 2, summed by hand.
TEST(PairTheory, OfReluIsTheLawOfTheAngle) {
  for (const auto& [width, rate] :
       {std::pair{16, -0.17364622475}, {64, -0.03337251966}, {256, -0.00793701400}})
    EXPECT_NEAR(*theory_of("relu", {2, 0}, 0.5, 10, width).rate_n, rate, 1e-10) << width;
  const PairTheory pair = theory_of("relu", {1.7, 0}, 1 - 1e-12, 50, 64);
  EXPECT_EQ(pair.law_from, 1) << "so small an angle follows it at once";
  EXPECT_NEAR(pair.log_distance_n[40] - pair.log_distance_n[0], 40 * *pair.rate_n, 1e-4);
  EXPECT_EQ(*pair.rate, 0) << "at infinite width small angles stay";
}

/// Slopes of two sizes: between a line's and ReLU's, which other formulas have; to first
/// order −M/n.
TEST(PairTheory, OfLeakyReluIsTheLawOfTheAngle) {
  const auto rate = [](const char* activation, std::int64_t width) {
    return *angle_log_ratio(Activation::parse(activation).facts(), width, WeightDistribution::gaussian);
  };
  EXPECT_NEAR(rate("leaky_relu(0.9999)", 16), rate("linear", 16), 1e-5);
  EXPECT_NEAR(rate("leaky_relu(1e-7)", 64), rate("relu", 64), 1e-5);
  const double M = 2 * (1 + std::pow(.2, 4)) / std::pow(1 + .04, 2);  // Eφ'⁴/D²
  for (const std::int64_t n : {64, 256, 4096}) EXPECT_NEAR(-n * rate("leaky_relu(0.2)", n), M, 8.0 / n) << n;
  EXPECT_NEAR(rate("leaky_relu(0.2)", 129), rate("leaky_relu(0.2)", 128), 2e-4);
  const PairTheory pair = theory_of("leaky_relu(0.2)", {2, 0}, 1 - 1e-9, 50, 64);
  EXPECT_EQ(pair.course, PairCourse::meet);
  EXPECT_EQ(pair.law_from, 1);
}

TEST(PairTheory, OfOrthogonalWeightsHasTheLinearNetworksShareLess) {
  const double linear = *theory_of("linear", {1, 0}, 1 - 1e-6, 10, 64).rate_n;
  EXPECT_NEAR(linear, -.01599898, 1e-8);
  const PairTheory relu = theory_of("relu", {2, 0}, .5, 10, 64, WeightDistribution::orthogonal);
  EXPECT_NEAR(*relu.rate_n, -0.03337251966 - linear, 1e-10);
  const PairTheory kept = theory_of("linear", {1, 0}, .3, 40, 64, WeightDistribution::orthogonal);
  EXPECT_EQ(kept.course, PairCourse::settle);
  EXPECT_DOUBLE_EQ(*kept.c_star, .3);
  EXPECT_EQ(kept.law_from, 1);
  EXPECT_EQ(theory_of("abs", {1, 0}, .3, 40, 64, WeightDistribution::orthogonal).rate_n.reason(),
            Reason(Reason::meet_by_a_power));
}

TEST(PairTheory, OfLinearNetworksIsToldOfNearInputs) {
  const PairTheory near = theory_of("linear", {1, 0}, 1 - 1e-4, 40, 64);
  EXPECT_EQ(near.course, PairCourse::meet);
  EXPECT_EQ(*near.c_star, 1);
  EXPECT_EQ(near.law_from, 1);
  EXPECT_NEAR(near.rate_neglected / -*near.rate_n, std::sqrt(2e-4) / M_PI, 1e-5);
  EXPECT_EQ(theory_of("linear", {1, 0}, .5, 40, 64).rate_n.reason().name(), Reason::angles_turn_either_way);
}

TEST(PairTheory, SaysWhereItKnowsNone) {
  EXPECT_EQ(theory_of("relu", {2, 0}, 0.5, 10, 64, WeightDistribution::uniform).rate_n.reason(),
            Reason(Reason::only_gaussian_and_orthogonal));
  const PairTheory pair = theory_of("tanh", {0.9, 0}, 0.5, 10, 64);
  EXPECT_EQ(pair.course, PairCourse::none);
  EXPECT_EQ(pair.c_star.reason(), Reason(Reason::correlation_depends_on_inputs));
}

}  // namespace
}  // namespace varprop::theory
