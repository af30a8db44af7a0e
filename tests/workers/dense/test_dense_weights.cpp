// √n Q: orthogonal to rounding, uniform, the same bits on every instruction set.
//
// Seen to fail: orthogonality with a single Gram–Schmidt sweep and with rows left at length 1; the moments
// with rows whose first element is never negative.
#include "workers/dense/dense_weights.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "core/simd/forced_target.hpp"
#include "workers/kernels/drawn_matrix.hpp"

namespace varprop::test {
namespace {

using namespace workers;

Stream stream(std::uint32_t replica) {
  return {PointKey::derive(9, 8), replica, 2, Purpose::weight};
}

std::vector<double> unit(std::int64_t n, std::int64_t i) {
  std::vector<double> x(padded(n));
  x[static_cast<std::size_t>(i)] = 1;
  return x;
}

class OrthogonalMatrixOf : public ::testing::TestWithParam<std::int64_t> {};

/// Small matrices are tried until some had nearly parallel rows.
TEST_P(OrthogonalMatrixOf, TimesItsTransposeIsNTimesTheIdentity) {
  const std::int64_t n = GetParam();
  for (std::uint32_t replica = 0; replica < (n <= 8 ? 2000u : 1u); ++replica) {
    OrthogonalMatrix matrix(n);
    matrix.draw(stream(replica));
    std::vector<double> image(padded(n)), back(padded(n));
    for (std::int64_t i = 0; i < n; ++i) {
      matrix.multiply(unit(n, i), image);
      matrix.multiply_transposed(image, back);
      for (std::int64_t j = 0; j < n; ++j) {
        ASSERT_NEAR(back[static_cast<std::size_t>(j)] / static_cast<double>(n), i == j, 1e-15 * std::sqrt(n))
            << replica << " " << i << " " << j;
      }
    }
  }
}

TEST_P(OrthogonalMatrixOf, IsEqualBitsOnEveryInstructionSet) {
  if (vector_targets().size() < 2) GTEST_SKIP() << "this machine has one vector target only";
  const std::int64_t n = GetParam();
  std::vector<std::vector<double>> images;
  for (const std::int64_t target : vector_targets()) {
    const ForcedTarget forced(target);
    images.emplace_back(padded(n));
    OrthogonalMatrix matrix(n);
    matrix.draw(stream(0));
    matrix.multiply_transposed(unit(n, n - 1), images.back());
  }
  for (std::size_t j = 0; j < padded(n); ++j) {
    ASSERT_EQ(std::bit_cast<std::uint64_t>(images[0][j]), std::bit_cast<std::uint64_t>(images[1][j]));
  }
}

INSTANTIATE_TEST_SUITE_P(Widths, OrthogonalMatrixOf, ::testing::Values(1, 2, 3, 8, 33, 256));

/// E N_ij = 0, E N_ij² = 1, E N_ij⁴ = 3n/(n + 2) for every entry of √n Q; and E N_11 N_12 N_21 N_22 =
/// −n²/((n − 1) n (n + 2)). T = 40 000 matrices, 4.5 standard errors (7·10⁻⁶ false alarms for each of 13).
TEST(OrthogonalMatrix, HasHaarsMoments) {
  constexpr std::int64_t n = 3;
  constexpr int T = 40000;
  const auto check = [](double sum, double squares, double expected, const std::string& what) {
    const double mean = sum / T;
    EXPECT_NEAR(mean, expected, 4.5 * std::sqrt((squares / T - mean * mean) / T)) << what;
  };
  OrthogonalMatrix matrix(n);
  double sums[2][2][4] = {}, squares[2][2][4] = {}, mixed = 0, mixed_square = 0;
  for (std::uint32_t t = 0; t < T; ++t) {
    matrix.draw(stream(t));
    std::vector<double> columns[2] = {std::vector<double>(padded(n)), std::vector<double>(padded(n))};
    for (std::size_t j = 0; j < 2; ++j) matrix.multiply(unit(n, static_cast<std::int64_t>(j)), columns[j]);
    for (std::size_t i = 0; i < 2; ++i) {
      for (std::size_t j = 0; j < 2; ++j) {
        for (int power = 1; power <= 4; ++power) {
          sums[i][j][power - 1] += std::pow(columns[j][i], power);
          squares[i][j][power - 1] += std::pow(columns[j][i], 2 * power);
        }
      }
    }
    const double product = columns[0][0] * columns[0][1] * columns[1][0] * columns[1][1];
    mixed += product;
    mixed_square += product * product;
  }
  constexpr double expected[] = {0, 1, 0, 3.0 * n / (n + 2)};
  for (int i = 0; i < 2; ++i) {
    for (int j = 0; j < 2; ++j) {
      for (int power = 1; power <= 4; ++power) {
        check(sums[i][j][power - 1], squares[i][j][power - 1], expected[power - 1],
              "moment " + std::to_string(power));
      }
    }
  }
  check(mixed, mixed_square, -double(n) / ((n - 1) * (n + 2)), "mixed moment");
}

}  // namespace
}  // namespace varprop::test
