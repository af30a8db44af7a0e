// P(|z| < ε) for z = Σ w_j x_j against closed forms and published values.
//
// Seen red with: the density of |x| too large by 1 in 2000; the square of the mean left in the variance.
#include "driver/explain/draws/product_landing.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace varprop {
namespace {

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
}  // namespace varprop
