// Activations of arrays against the scalar definitions: every value to its place, zero where no neuron is.
//
// Seen to fail with the mask of the last vector left out, and with the scale left out.
#include "workers/kernels/activate.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/network/activations/scalar.hpp"

namespace varprop::test {
namespace {

using namespace workers;

class Activate : public ::testing::TestWithParam<std::string> {};

TEST_P(Activate, IsTheScalarDefinitionAndZeroBeyondTheWidth) {
  const Activation activation = Activation::parse(GetParam());
  constexpr std::int64_t n = 1001;
  constexpr std::size_t size = 1024;
  std::vector<double> zeta(size), value(size, 7.0), slope(size, 7.0);
  for (std::size_t i = 0; i < zeta.size(); ++i) zeta[i] = 8.0 * (static_cast<double>(i) / n - 0.5) + 1e-9;
  activate({activation, std::nullopt, 1.5}, n, zeta, value, slope);
  for (std::size_t i = 0; i < n; ++i) {
    const auto exact = scalar::evaluate<double>(activation, 1.5 * zeta[i]);
    ASSERT_NEAR(value[i], exact.value, 4e-15) << zeta[i];
    ASSERT_NEAR(slope[i], exact.slope, 4e-15) << zeta[i];
  }
  for (std::size_t i = n; i < zeta.size(); ++i) ASSERT_TRUE(value[i] == 0 && slope[i] == 0);
}

TEST_P(Activate, IsFiniteAtBothEndsOfTheRange) {
  const Activation activation = Activation::parse(GetParam());
  std::vector<double> z(8), value(8), slope(8);
  z[0] = 1e30, z[1] = -1e30, z[2] = 700, z[3] = -700;
  activate({activation, std::nullopt, 1.0}, 4, z, value, slope);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_TRUE(std::isfinite(value[i])) << z[i];
    if (activation.facts().oscillates() || activation.facts().power != 0) continue;
    EXPECT_NEAR(slope[i],
                z[i] > 0 ? activation.facts().at_infinity.positive : activation.facts().at_infinity.negative,
                1e-5);  // arctan's and softsign's at 700
  }
}

INSTANTIATE_TEST_SUITE_P(All, Activate, ::testing::ValuesIn(activation_names()));

}  // namespace
}  // namespace varprop::test
