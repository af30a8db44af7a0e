// Shares of saturated and dead neurons from the variance of their pre-activations.
//
// Seen red: √q taken for q; dead neurons of hard_tanh counted from 0 on; the slopes of sin taken for
// saturation; tails that doubles round to 0 taken for death; dead ones looked for on bounded sides alone.
#include "theory/means/neuron_shares.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace varprop::theory {
namespace {

double normal_beyond(double x) {
  return 0.5 * std::erfc(x / std::sqrt(2.0));
}

NeuronShares shares_of(const char* activation) {
  return NeuronShares(Activation::parse(activation));
}

TEST(NeuronShares, AreThoseOfTheNormalBeyondTheBorder) {
  const double tanh_border = std::atanh(std::sqrt(0.99)), exp_border = -std::log(0.01);
  for (const double q : {0.1, 1.0, 30.0}) {
    const double log_q = std::log(q), root = std::sqrt(q);
    EXPECT_NEAR(shares_of("tanh").saturated(log_q), 2 * normal_beyond(tanh_border / root), 1e-12);
    EXPECT_NEAR(shares_of("elu(1)").saturated(log_q), normal_beyond(exp_border / root), 1e-12);
    EXPECT_NEAR(shares_of("softsign").saturated(log_q), 2 * normal_beyond(9 / root), 1e-12);
    EXPECT_NEAR(shares_of("hard_tanh").dead(log_q), 2 * normal_beyond(1 / root), 1e-12);
    EXPECT_NEAR(shares_of("hard_tanh").saturated(log_q), 2 * normal_beyond(1 / root), 1e-12);
    EXPECT_EQ(shares_of("relu").dead(log_q), 0.5);
    EXPECT_EQ(shares_of("relu").saturated(log_q), 0.5);
  }
}

TEST(NeuronShares, CountADeadMiddle) {
  for (const double q : {0.04, 1.0, 30.0}) {
    const double within = 1 - 2 * normal_beyond(0.5 / std::sqrt(q));
    EXPECT_NEAR(shares_of("softshrink(0.5)").dead(std::log(q)), within, 1e-12);
    EXPECT_NEAR(shares_of("softshrink(0.5)").saturated(std::log(q)), within, 1e-12);
    EXPECT_NEAR(shares_of("relu6").dead(std::log(q)), 0.5 + normal_beyond(6 / std::sqrt(q)), 1e-12);
    EXPECT_EQ(shares_of("relu2").dead(std::log(q)), 0.5);
    EXPECT_EQ(shares_of("relu2").saturated(std::log(q)), 0.5);
  }
}

/// φ' of gelu passes through 0 at −0.752 on its bounded side, where it is small for a while, too.
TEST(NeuronShares, CountEveryRangeOfSmallSlopes) {
  const Phi gelu(Activation::parse("gelu"));
  double share = 0;
  constexpr double step = 1e-4;
  for (double z = -9 + step / 2; z < 0; z += step)
    if (std::abs(gelu.slope(z)) < 0.01) share += step * std::exp(-z * z / 2) / std::sqrt(2 * std::acos(-1.0));
  EXPECT_NEAR(shares_of("gelu").saturated(0), share, 1e-4);
  EXPECT_GT(share, 0.01);
}

TEST(NeuronShares, AreNoneWherePhiHasNoBoundedSide) {
  for (const char* activation : {"linear", "leaky_relu(0.2)", "abs", "sin"}) {
    EXPECT_EQ(shares_of(activation).saturated(2), 0) << activation;
    EXPECT_EQ(shares_of(activation).dead(2), 0) << activation;
  }
}

TEST(NeuronShares, OfATailAreSaturatedAndNeverDead) {
  for (const char* activation :
       {"tanh", "erf", "sigmoid", "gelu", "silu", "elu(1)", "selu", "softplus", "arctan", "softsign"}) {
    EXPECT_GT(shares_of(activation).saturated(20), 0.4) << activation;
    EXPECT_EQ(shares_of(activation).dead(20), 0) << activation;
  }
}

TEST(NeuronShares, HoldForSignalsOfAnySize) {
  const NeuronShares tanh = shares_of("tanh");
  EXPECT_EQ(tanh.saturated(-5000), 0);
  EXPECT_NEAR(tanh.saturated(5000), 1, 1e-12);
  EXPECT_EQ(shares_of("relu").dead(-5000), 0.5);
  EXPECT_EQ(shares_of("relu").dead(5000), 0.5);
}

}  // namespace
}  // namespace varprop::theory
