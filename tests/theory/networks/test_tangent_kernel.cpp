// The tangent kernel of infinite width and its fluctuation at finite width.
//
// Seen red: σ_w² D left out of a layer; the bias left in what weights were given; a layer's activations taken
// for those of the layer above; (κ − 1)T₃ left out of D.
#include "theory/networks/tangent_kernel.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "theory/infinite_width/infinite_width.hpp"

namespace varprop::theory {
namespace {

/// From the input up, the other way round: T_l = n A_{l−1} + σ_w² D(q_{l−1}) T_{l−1}, the recursion of the
/// kernel (Jacot et al. 2018) in standard parametrization.
TEST(TangentKernel, IsTheRecursionFromBelow) {
  struct Case {
    const char* activation;
    Variances variances;
    double M;
  };
  for (const Case& c : {Case{"relu", {2, 0}, 1}, Case{"tanh", {1.7, 0.05}, 0.25}, Case{"erf", {3, 0.3}, 4},
                        Case{"gelu", {2.1, 0}, 1}, Case{"sigmoid", {5, 1}, 1}}) {
    constexpr int L = 9;
    constexpr std::int64_t n = 100;
    const MeanField mean_field(Activation::parse(c.activation));
    const double first_q = first_layer_variance(c.variances, c.M);
    double q = first_q, weight = n * c.M, bias = 1;
    for (int l = 2; l <= L; ++l) {
      const double factor = c.variances.weight * mean_field.D(q).value, A = mean_field.V(q).value;
      weight = n * A + factor * weight;
      bias = 1 + factor * bias;
      q = c.variances.weight * A + c.variances.bias;
    }
    const auto log_profile = log_variance_profile(mean_field, c.variances, std::log(first_q), L);
    const TangentKernel kernel = tangent_kernel(mean_field, c.variances, log_profile, n);
    EXPECT_NEAR(kernel.log_weight, std::log(weight), 1e-11) << c.activation;
    EXPECT_NEAR(kernel.log_bias, std::log(bias), 1e-11) << c.activation;
  }
}

TEST(TangentKernel, IsAnyDepthAndSize) {
  const MeanField relu(Activation::parse("relu"));
  const double log_chi = std::log(5.0);
  const auto log_profile = log_variance_profile(relu, {10, 0}, std::log(10.0), 200);
  const TangentKernel kernel = tangent_kernel(relu, {10, 0}, log_profile, 64);
  EXPECT_NEAR(kernel.log_weight, std::log(64.0 * 200) + 199 * log_chi, 1e-9);
  EXPECT_NEAR(kernel.log_bias, 199 * log_chi - std::log(1 - 1 / 5.0), 1e-9);
  EXPECT_NEAR(tangent_kernel(relu, {10, 0}, {std::log(10.0)}, 64).log_weight, std::log(64.0), 1e-14);
}

double ratio(const char* activation, std::int64_t n, int L,
             WeightDistribution weights = WeightDistribution::gaussian) {
  const auto log_ratio = log_tangent_kernel_ratio(Activation::parse(activation).facts(), 0, weights,
                                                  InputDistribution::sphere, n, L);
  return std::exp(*log_ratio);
}

/// One neuron, two layers, by hand: Θ = w₂²1(w₁ > 0) + (w₁)₊² with Var w = 2, E Θ² = 6 + 6 + 2·2, (E Θ)² = 4.
TEST(TangentKernelRatio, IsTheFormulaOfHaninAndNica) {
  EXPECT_NEAR(ratio("relu", 1, 2), 4, 1e-12);
  EXPECT_NEAR(ratio("relu", 16, 8), 4.451092332601547, 1e-12);
  EXPECT_NEAR(ratio("relu", 64, 16), 2.372930290974588, 1e-12);
  EXPECT_NEAR(ratio("relu", 640, 160), 2.6276, 1e-4);
  EXPECT_NEAR(ratio("linear", 16, 8), 1.756946659879759, 1e-12);
  EXPECT_NEAR(ratio("linear", 16, 8, WeightDistribution::orthogonal), 1, 1e-12);
  EXPECT_NEAR(ratio("relu", 16, 1), 1, 1e-14) << "one layer of a given input";
}

/// n → ∞ at b = L/n: e^{5b}[1/3 + (4/3)(6b − 1 + e^{−6b})/(6b)²], and of linear networks with 2 and 3b.
TEST(TangentKernelRatio, NearsItsLimitOfLargeWidth) {
  const auto limit = [](double rate, double c) {
    return std::exp(rate) * (1.0 / 3 + 4.0 / 3 * (c - 1 + std::exp(-c)) / (c * c));
  };
  EXPECT_NEAR(ratio("relu", 32000, 8000), limit(1.25, 1.5), 2e-3);
  EXPECT_NEAR(ratio("linear", 32000, 8000), limit(0.5, 0.75), 2e-4);
}

TEST(TangentKernelRatio, IsKnownOfHomogeneousNetworksWithoutBiases) {
  const auto reason = [](const char* activation, double bias, WeightDistribution weights) {
    return log_tangent_kernel_ratio(Activation::parse(activation).facts(), bias, weights,
                                    InputDistribution::sphere, 16, 8)
        .reason()
        .name();
  };
  EXPECT_EQ(reason("tanh", 0, WeightDistribution::gaussian), Reason::only_homogeneous_without_biases);
  EXPECT_EQ(reason("relu", 0.1, WeightDistribution::gaussian), Reason::only_homogeneous_without_biases);
  EXPECT_EQ(reason("relu", 0, WeightDistribution::uniform), Reason::only_gaussian_and_orthogonal);
}

}  // namespace
}  // namespace varprop::theory
