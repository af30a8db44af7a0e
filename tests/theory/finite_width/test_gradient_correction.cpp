// The gradient's drift and spread at width n, to first order in 1/n, against published values.
//
// Seen red with: orthogonal κ₁ without its 1; the slopes at 0 and at ∞ exchanged; errors of moments, q*, χ or
// χ_q left out; tangents left out of φ at large q instead of asymptotes; N as a difference of E φ⁴ and V².
#include "theory/finite_width/gradient_correction.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace varprop::theory {
namespace {

ValueOrReason<GradientCorrection> correction(const std::string& activation, double weight, double bias,
                                             WeightDistribution weights = WeightDistribution::gaussian) {
  const InfiniteWidthPredictor predict(Activation::parse(activation));
  const Variances variances{weight, bias};
  return gradient_correction(predict.mean_field(), variances, predict(variances, weight + bias), weights);
}

TEST(GradientCorrection, MeetsThePublishedRows) {
  struct Row {
    std::string activation;
    double weight, bias, kappa_1, fluctuation;
  };
  for (const Row& row : std::vector<Row>{{"tanh", 1.0, .05, -1.38696, 2.69457},
                                         {"tanh", 1.5, .05, -1.55507, 3.60759},
                                         {"tanh", 1.760955, .05, -1.67835, 3.99368},
                                         {"erf", 1.375839, .05, -1.70164, 3.96932}}) {
    const auto result = correction(row.activation, row.weight, row.bias);
    ASSERT_TRUE(result) << result.why();
    EXPECT_NEAR(result->kappa_1, row.kappa_1, 1e-5) << row.activation << row.weight;
    EXPECT_NEAR(result->fluctuation, row.fluctuation, 1e-5) << row.activation << row.weight;
  }
  EXPECT_NEAR(correction("gelu", 1.5, .1)->kappa_1, -1.186, 6e-4);
  EXPECT_NEAR(correction("gelu", 1.5, .1)->fluctuation, 5.41, 6e-3);
}

TEST(GradientCorrection, OfHomogeneousActivations) {
  EXPECT_DOUBLE_EQ(correction("relu", 1.7, 0)->kappa_1, -2.5);
  EXPECT_DOUBLE_EQ(correction("relu", 1.7, 0)->fluctuation, 5);
  EXPECT_DOUBLE_EQ(correction("linear", 1, 0)->kappa_1, -1);
  EXPECT_DOUBLE_EQ(correction("linear", 1, 0)->fluctuation, 2);
}

/// Where the signal dies out or grows freely φ is two straight lines; dying out is the limit of small biases.
TEST(GradientCorrection, OfFreeSignalsIsThatOfTheSlopesTheyFeel) {
  EXPECT_DOUBLE_EQ(correction("tanh", 0.9, 0)->kappa_1, -1);
  EXPECT_DOUBLE_EQ(correction("tanh", 0.9, 0)->fluctuation, 2);
  EXPECT_NEAR(correction("tanh", 0.9, 1e-12)->kappa_1, -1, 1e-9);
  EXPECT_NEAR(correction("tanh", 0.9, 1e-12)->fluctuation, 2, 1e-9);
  EXPECT_DOUBLE_EQ(correction("gelu", 3, 0)->kappa_1, -2.5);
}

TEST(GradientCorrection, OfOrthogonalWeightsIsKnownWhereNothingHoldsTheSignal) {
  EXPECT_DOUBLE_EQ(correction("relu", 2, 0, WeightDistribution::orthogonal)->kappa_1, -1.5);
  EXPECT_DOUBLE_EQ(correction("relu", 2, 0, WeightDistribution::orthogonal)->fluctuation, 3);
  EXPECT_DOUBLE_EQ(correction("linear", 0.9, 0.1, WeightDistribution::orthogonal)->kappa_1, 0);
  EXPECT_EQ(correction("tanh", 1.5, .05, WeightDistribution::orthogonal).why(),
            "not known for orthogonal weights at a fixed point q* > 0");
}

/// tanh is a step to a large signal: E tanh'^k = ∫ sech^2k dx / √(2πq), and M is all that is left.
TEST(GradientCorrection, KeepsItsDigitsWhereTheActivationSaturates) {
  constexpr double pi = 3.14159265358979323846;
  for (const double q : {1e12, 1e30, 1e60, 1e120}) {
    const double M = (32.0 / 35) / (16.0 / 9) * std::sqrt(2 * pi * q);
    const auto result = correction("tanh", q, 0);
    ASSERT_TRUE(result) << result.why();
    EXPECT_NEAR(result->kappa_1 / M, -1.5, 1e-5) << q;
    EXPECT_NEAR(result->fluctuation / M, 3, 1e-5) << q;
  }
}

TEST(GradientCorrection, SaysWhyThereIsNone) {
  EXPECT_EQ(correction("tanh", 1, 0).why(), "q* = 0: there is no expansion in 1/n about it");
  EXPECT_EQ(correction("relu", 2, 0.1).why(), "q grows without bound");
  EXPECT_EQ(correction("tanh", 1.5, .05, WeightDistribution::uniform).why(),
            "known for gaussian and orthogonal weights only");
}

GradientCorrection correction_error(const std::string& activation, double weight, double bias,
                                    const Uncertainty& uncertainty) {
  const InfiniteWidthPredictor predict(Activation::parse(activation));
  const Variances variances{weight, bias};
  return gradient_correction_error(predict.mean_field(), variances, predict(variances, weight + bias),
                                   WeightDistribution::gaussian, uncertainty);
}

TEST(GradientCorrection, ErrorIsThatOfQuadratureAndGrowsWithThatOfTheFixedPoint) {
  const auto exact = correction_error("tanh", 1.5, .05, {});
  EXPECT_LT(exact.kappa_1, 1e-6);
  EXPECT_GT(exact.kappa_1, 1e-16);
  const Uncertainty shifted{.q_star = 1e-3};
  const auto moved = correction_error("tanh", 1.5, .05, shifted);
  EXPECT_GT(moved.kappa_1, 1e-5);
  EXPECT_LT(moved.kappa_1, 1e-1);
  EXPECT_GT(correction_error("tanh", 1.5, .05, {.chi = 1e-3}).kappa_1, exact.kappa_1 + 1e-6);
  EXPECT_GT(correction_error("tanh", 1.5, .05, {.chi_q = 1e-3}).fluctuation, exact.fluctuation + 1e-6);
}

TEST(GradientCorrection, ErrorIsZeroWhereItIsExactOrMissing) {
  for (const char* activation : {"relu", "tanh"}) {
    const auto error = correction_error(activation, 1, 0, {.q_star = 1, .chi = 1, .chi_q = 1});
    EXPECT_EQ(error.kappa_1, 0) << activation;
    EXPECT_EQ(error.fluctuation, 0) << activation;
  }
}

}  // namespace
}  // namespace varprop::theory
