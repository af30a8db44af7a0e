// Tests of single numbers against tails in closed form, and how they are written down.
//
// Seen red with: the observed count left out of its upper tail; the error of an rms too large by √2; a
// one-sided Gaussian tail; the error of a root not halved; one digit less.
// P(|z| < ε) for z = Σ w_j x_j against closed forms and published values.
//
// Seen red with: the density of |x| too large by 1 in 2000; the square of the mean left in the variance.
#include "driver/explain/measurement.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace varprop::driver {
namespace {

TEST(Measurement, OfAShareIsBinomial) {
  const Measurement eight = measured_share("heads", 8, 10, 0.5);
  EXPECT_DOUBLE_EQ(eight.measured, 0.8);
  EXPECT_DOUBLE_EQ(eight.standard_error, std::sqrt(0.025));
  EXPECT_NEAR(eight.p_value, 2 * 56 / 1024.0, 1e-14);  // 8, 9 or 10 heads: 45 + 10 + 1
  EXPECT_NEAR(measured_share("heads", 2, 10, 0.5).p_value, 2 * 56 / 1024.0, 1e-14);
  EXPECT_NEAR(measured_share("heads", 0, 10, 0.5).p_value, 2 / 1024.0, 1e-15);
  EXPECT_NEAR(measured_share("heads", 10, 10, 0.5).p_value, 2 / 1024.0, 1e-15);
  EXPECT_DOUBLE_EQ(measured_share("heads", 5, 10, 0.5).p_value, 1);
}

TEST(Measurement, OfAMeanSquareIsChiSquared) {
  const Measurement rms = measured_rms("rms", 20, 2, 3);  // P(χ²_2 > s) = exp(−s/2)
  EXPECT_DOUBLE_EQ(rms.measured, 3 * std::sqrt(10.0));
  EXPECT_DOUBLE_EQ(rms.exact, 3);
  EXPECT_DOUBLE_EQ(rms.standard_error, 1.5);
  EXPECT_NEAR(rms.p_value, 2 * std::exp(-10.0), 1e-17);
  EXPECT_NEAR(measured_rms("rms", 0.02, 2, 3).p_value, -2 * std::expm1(-0.01), 1e-15);
}

TEST(Measurement, OfAMeanIsGaussian) {
  const Measurement mean = measured_mean("mean", 1.3, 400, {1, 4});  // three standard errors of 0.1
  EXPECT_DOUBLE_EQ(mean.standard_error, 0.1);
  EXPECT_NEAR(mean.p_value, std::erfc(3 / std::sqrt(2.0)), 1e-12);
  EXPECT_NEAR(measured_mean("mean", 0.7, 400, {1, 4}).p_value, mean.p_value, 1e-12);
}

TEST(Measurement, OfARootAndOfAPowerKeepTheTestOfTheirMean) {
  const Measurement root = measured_root("root", 9.6, 400, {9, 36});
  EXPECT_DOUBLE_EQ(root.measured, std::sqrt(9.6));
  EXPECT_DOUBLE_EQ(root.exact, 3);
  EXPECT_DOUBLE_EQ(root.standard_error, 0.05);  // 0.3/(2·3)
  EXPECT_NEAR(root.p_value, std::erfc(2 / std::sqrt(2.0)), 1e-12);
  const Measurement factor = measured_typical("factor", -0.9, 400, {-1, 4});
  EXPECT_DOUBLE_EQ(factor.measured, std::exp(-0.9));
  EXPECT_DOUBLE_EQ(factor.standard_error, 0.1 * std::exp(-1.0));
  EXPECT_NEAR(factor.p_value, std::erfc(1 / std::sqrt(2.0)), 1e-12);
}

std::array<std::string, 3> texts(double measured, double error, double exact) {
  return measured_texts({"", measured, error, exact, 1, ExactTest::gaussian, 1});
}

TEST(NumberText, EndsWhereTheErrorEnds) {
  using Texts = std::array<std::string, 3>;
  EXPECT_EQ(texts(0.0646271, 0.000387, 0.0640187), (Texts{"0.06463", "0.00039", "0.06402"}));
  EXPECT_EQ(texts(72206.4, 1123.7, 71070.04), (Texts{"72206", "1124", "71070"}));
  EXPECT_EQ(texts(1.0726e-5, 1.637e-6, 1.1229e-5), (Texts{"1.07e-05", "1.6e-06", "1.12e-05"}));
  EXPECT_EQ(texts(0.0156, 0.00707, 0), (Texts{"0.0156", "0.0071", "0.0000"}));
}

TEST(ProductLanding, OfTwoAndFourProductsIsElementary) {
  // Σ of two products of normals has the density e^{−|z|}/2, of four (1 + |z|)e^{−|z|}/4.
  for (const double e : {0.001, 0.02, 0.5, 3.0}) {
    EXPECT_NEAR(product_landing(2, e).mean, -std::expm1(-e), 1e-9 * e) << e;
    EXPECT_NEAR(product_landing(4, e).mean, 1 - std::exp(-e) * (1 + e / 2), 1e-9 * e) << e;
  }
}

TEST(ProductLanding, MeetsThePublishedValues) {
  EXPECT_NEAR(product_landing(1, 0.02).mean, 0.06402, 5e-6);
  EXPECT_NEAR(product_landing(10, 0.02).mean, 0.00547, 5e-6);
  EXPECT_NEAR(product_landing(100, 0.02).mean, 0.001608, 5e-7);
  EXPECT_NEAR(product_landing(1000, 0.02).mean, 0.000505, 5e-7);
}

TEST(ProductLanding, VariesAsItsArgumentDoes) {
  // Where ε is small, erf(ε/(r√2)) = ε√(2/π)/r, and with R² = χ²_n: E 1/R² = 1/(n−2), E 1/R = Γ((n−1)/2)/(√2
  // Γ(n/2)).
  constexpr double epsilon = 1e-3, pi = 3.14159265358979323846;
  for (const std::int64_t n : {8, 100, 1000}) {
    const auto N = static_cast<double>(n);
    const double inverse = std::exp(std::lgamma((N - 1) / 2) - std::lgamma(N / 2)) / std::sqrt(2.0);
    const double expected = 2 / pi * epsilon * epsilon * (1 / (N - 2) - inverse * inverse);
    EXPECT_NEAR(product_landing(n, epsilon).variance, expected, 2e-5 * expected) << n;
  }
}

}  // namespace
}  // namespace varprop::driver
