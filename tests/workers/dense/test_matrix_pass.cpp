// The vector kernels against plain loops over the same draws, on every instruction set of this machine.
#include "workers/dense/matrix_pass.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

#include "core/activations/scalar.hpp"
#include "core/random/normal_quantile.hpp"
#include "tests/simd_targets.hpp"

namespace varprop::test {
namespace {

const Stream stream(PointKey::derive(9, 8), 3, 2, Purpose::weight);

std::vector<double> ramp(std::int64_t n) {
  std::vector<double> x(padded(n));
  for (std::int64_t i = 0; i < n; ++i)
    x[static_cast<std::size_t>(i)] = std::cos(0.7 * static_cast<double>(i));
  return x;
}

/// Leaves NaN all over the stack below: a kernel that uses a buffer beyond what it filled gives itself away.
[[gnu::noinline]] void poison_stack() {
  volatile double poison[8192];
  for (auto& x : poison) x = std::nan("");
}

class MatrixPass : public ::testing::TestWithParam<std::int64_t> {};

TEST_P(MatrixPass, NormalsAreThoseOfTheScalarQuantileBitByBit) {
  constexpr std::int64_t n = 100000;  // about 400 of them in the tail beyond the looked-up segments
  for (const std::int64_t target : vector_targets()) {
    const ForcedTarget forced(target);
    std::vector<double> z(padded(n));
    draw_normals(stream, n, z);
    for (std::size_t i = 0; i < n; ++i) ASSERT_EQ(z[i], normal_from_bits(stream.draw(i))) << "draw " << i;
    for (std::size_t i = n; i < z.size(); ++i) ASSERT_EQ(z[i], 0);
  }
}

TEST_P(MatrixPass, ProductsEqualPlainLoops) {
  const std::int64_t n = GetParam();
  const auto x = ramp(n);
  for (const std::int64_t target : vector_targets()) {
    const ForcedTarget forced(target);
    std::vector<double> product(padded(n)), transposed(padded(n));
    poison_stack();
    multiply({stream, n}, x, product);
    poison_stack();
    multiply_transposed({stream, n}, x, transposed);
    for (std::int64_t i = 0; i < n; ++i) {
      double row = 0, column = 0;
      for (std::int64_t j = 0; j < n; ++j) {
        row += normal_from_bits(stream.draw(static_cast<std::uint64_t>(i * n + j))) *
               x[static_cast<std::size_t>(j)];
        column += normal_from_bits(stream.draw(static_cast<std::uint64_t>(j * n + i))) *
                  x[static_cast<std::size_t>(j)];
      }
      ASSERT_NEAR(product[static_cast<std::size_t>(i)], row, 1e-12 * static_cast<double>(n));
      ASSERT_NEAR(transposed[static_cast<std::size_t>(i)], column, 1e-12 * static_cast<double>(n));
    }
    for (std::size_t i = static_cast<std::size_t>(n); i < product.size(); ++i) ASSERT_EQ(transposed[i], 0);
  }
}

INSTANTIATE_TEST_SUITE_P(OffLaneWidths, MatrixPass, ::testing::Values(1, 2, 7, 8, 17, 300));

class Activate : public ::testing::TestWithParam<std::string> {};

TEST_P(Activate, IsTheScalarDefinitionAndZeroBeyondTheWidth) {
  const Activation activation = Activation::parse(GetParam());
  constexpr std::int64_t n = 1000;
  std::vector<double> zeta(padded(n)), value(padded(n)), slope(padded(n));
  for (std::size_t i = 0; i < zeta.size(); ++i) zeta[i] = 8.0 * (static_cast<double>(i) / n - 0.5) + 1e-9;
  activate({activation, std::nullopt, 1.5, n}, zeta, value, slope);
  for (std::size_t i = 0; i < n; ++i) {
    const auto exact = scalar::evaluate<double>(activation, 1.5 * zeta[i]);
    ASSERT_NEAR(value[i], exact.value, 4e-15) << zeta[i];
    ASSERT_NEAR(slope[i], exact.slope, 4e-15) << zeta[i];
  }
  for (std::size_t i = n; i < zeta.size(); ++i) ASSERT_TRUE(value[i] == 0 && slope[i] == 0);
}

TEST_P(Activate, IsFiniteAtBothEndsOfTheRange) {
  const Activation activation = Activation::parse(GetParam());
  std::vector<double> z(padded(4)), value(padded(4)), slope(padded(4));
  z[0] = 1e30, z[1] = -1e30, z[2] = 700, z[3] = -700;
  activate({activation, std::nullopt, 1.0, 4}, z, value, slope);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_TRUE(std::isfinite(value[i])) << z[i];
    if (activation.facts().oscillates) continue;
    EXPECT_NEAR(slope[i],
                z[i] > 0 ? activation.facts().at_infinity.positive : activation.facts().at_infinity.negative,
                1e-5);  // arctan's and softsign's at 700
  }
}

INSTANTIATE_TEST_SUITE_P(All, Activate, ::testing::ValuesIn(activation_names()));

}  // namespace
}  // namespace varprop::test
