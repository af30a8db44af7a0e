// The vector kernels against plain loops over the same draws, on every instruction set of this machine.
#include "workers/dense/matrix_pass.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/activations/scalar.hpp"
#include "core/random/normal_quantile.hpp"
#include "tests/simd_targets.hpp"

namespace varprop::test {
namespace {

const Stream stream(PointKey::derive(9, 8), 3, 2, Purpose::weight);

TEST(DrawNormals, NormalsAreThoseOfTheScalarQuantileBitByBit) {
  constexpr std::int64_t n = 100000;  // about 400 of them in the tail beyond the looked-up segments
  for (const std::int64_t target : vector_targets()) {
    const ForcedTarget forced(target);
    std::vector<double> z(padded(n));
    draw_normals(stream, n, z);
    for (std::size_t i = 0; i < n; ++i) ASSERT_EQ(z[i], normal_from_bits(stream.draw(i))) << "draw " << i;
    for (std::size_t i = n; i < z.size(); ++i) ASSERT_EQ(z[i], 0);
  }
}

/// Error in units in the last place of the exact value.
double ulps(double value, long double exact) {
  const double magnitude = std::fabs(static_cast<double>(exact));
  const double unit = std::nextafter(magnitude, HUGE_VAL) - magnitude;
  return static_cast<double>(std::fabs((value - exact) / unit));
}

/// What the vector functions promise. GELU, a product of four rounded factors, is allowed two units more.
double allowed_ulps(const Activation& activation) {
  return activation.text() == "gelu" ? 6 : 4;
}

class Activate : public ::testing::TestWithParam<std::string> {};

TEST_P(Activate, IsWithinAFewUnitsInTheLastPlaceOfLongDouble) {
  const Activation activation = Activation::parse(GetParam());
  constexpr std::int64_t n = 20000;
  std::vector<double> z(padded(n)), value(padded(n)), slope(padded(n));
  for (std::size_t i = 0; i < n; ++i) z[i] = 16.0 * (static_cast<double>(i) / n - 0.5) + 1e-9;
  z[0] = 0, z[1] = 1e-320, z[2] = -1e-200, z[3] = 25, z[4] = -25;
  activate({activation, std::nullopt, 1.0, n}, z, value, slope);
  for (std::size_t i = 0; i < n; ++i) {
    const auto exact = scalar::evaluate<long double>(activation, z[i]);
    ASSERT_LE(ulps(value[i], exact.value), allowed_ulps(activation)) << "value at " << z[i];
    if (activation.text() == "gelu" && z[i] < 0 &&
        z[i] > -1.5) {  // Φ + zΦ' cancels around the slope's zero at −0.75
      ASSERT_NEAR(slope[i], static_cast<double>(exact.slope), 4 * 0x1p-53) << "slope at " << z[i];
    } else {
      ASSERT_LE(ulps(slope[i], exact.slope), allowed_ulps(activation)) << "slope at " << z[i];
    }
  }
}

TEST_P(Activate, IsFiniteAtBothEndsOfTheRange) {
  const Activation activation = Activation::parse(GetParam());
  std::vector<double> z(padded(4)), value(padded(4)), slope(padded(4));
  z[0] = 1e30, z[1] = -1e30, z[2] = 700, z[3] = -700;
  activate({activation, std::nullopt, 1.0, 4}, z, value, slope);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_TRUE(std::isfinite(value[i])) << z[i];
    EXPECT_NEAR(slope[i],
                z[i] > 0 ? activation.facts().at_infinity.positive : activation.facts().at_infinity.negative,
                1e-100);
  }
}

INSTANTIATE_TEST_SUITE_P(All, Activate, ::testing::ValuesIn(activation_names()));

}  // namespace
}  // namespace varprop::test
