// The standard normals: moments, tails and shape.
//
// N = 2²⁴ draws. Each comparison is at 4.5 standard errors (7·10⁻⁶ false alarms), the Kolmogorov–Smirnov test
// at α = 10⁻⁶; the seed is fixed. Seen to fail with the sign bit stuck, and with t not centred. (One
// coefficient off is a matter of tests/core/random and tests/workers/dense, to the bit.)
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/random/stream.hpp"
#include "workers/kernels/drawn_matrix.hpp"

namespace varprop::test {
namespace {

using namespace workers;

constexpr std::int64_t N = 1 << 24;

const std::vector<double>& normals() {
  static const std::vector<double> all = [] {
    std::vector<double> z(padded(N));
    draw_normals(Stream(PointKey::derive(1, 1), 0, 1, Purpose::preactivation), N, z);
    z.resize(N);
    return z;
  }();
  return all;
}

TEST(Normals, MomentsToTheEighthAreThoseOfTheNormalLaw) {
  constexpr double factorials[] = {1, 0, 1, 0, 3, 0, 15, 0, 105, 0, 945, 0, 10395, 0, 135135, 0, 2027025};
  double sums[9] = {};
  for (const double z : normals()) {
    double power = 1;
    for (int m = 1; m <= 8; ++m) sums[m] += power *= z;
  }
  for (int m = 1; m <= 8; ++m) {
    const double variance = factorials[2 * m] - factorials[m] * factorials[m];
    EXPECT_NEAR(sums[m] / N, factorials[m], 4.5 * std::sqrt(variance / N)) << "moment " << m;
  }
}

TEST(Normals, TailCountsAreRight) {
  for (const double limit : {2.0, 2.88, 3.0, 4.0, 5.0}) {
    const double expected = static_cast<double>(N) * std::erfc(limit / std::sqrt(2.0)) / 2;
    const auto above = std::count_if(normals().begin(), normals().end(), [&](double z) { return z > limit; });
    const auto below =
        std::count_if(normals().begin(), normals().end(), [&](double z) { return z < -limit; });
    EXPECT_NEAR(static_cast<double>(above), expected, 4.5 * std::sqrt(expected) + 4) << "above " << limit;
    EXPECT_NEAR(static_cast<double>(below), expected, 4.5 * std::sqrt(expected) + 4) << "below " << -limit;
  }
}

TEST(Normals, DistributionFunctionIsTheNormalOne) {
  std::vector<double> z(normals().begin(), normals().begin() + (1 << 20));
  std::sort(z.begin(), z.end());
  const double n = static_cast<double>(z.size());
  double distance = 0;
  for (std::size_t i = 0; i < z.size(); ++i) {
    const double exact = std::erfc(-z[i] / std::sqrt(2.0)) / 2;
    const double low = static_cast<double>(i) / n;
    distance = std::max({distance, std::fabs(exact - low), std::fabs(exact - low - 1 / n)});
  }
  EXPECT_LT(distance, std::sqrt(-std::log(1e-6 / 2) / (2 * n)));
}

TEST(Normals, NeighboursAreUncorrelatedInValueAndInSquare) {
  const auto& z = normals();
  for (const std::size_t lag : {1, 2, 4, 8, 16, 256}) {
    double product = 0, squares = 0;
    for (std::size_t i = lag; i < z.size(); ++i) {
      product += z[i] * z[i - lag];
      squares += (z[i] * z[i] - 1) * (z[i - lag] * z[i - lag] - 1);
    }
    EXPECT_NEAR(product / N, 0, 4.5 / std::sqrt(N)) << "lag " << lag;
    EXPECT_NEAR(squares / N, 0, 4.5 * 2 / std::sqrt(N)) << "lag " << lag;
  }
}

}  // namespace
}  // namespace varprop::test
