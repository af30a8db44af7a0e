#include "benchmarks/normals/anderson_darling.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace varprop::benchmarks {

namespace {

double ln_phi(double z) {
  return std::log(0.5 * std::erfc(-z / std::numbers::sqrt2));
}

}  // namespace

double anderson_darling(std::vector<double> z) {
  std::sort(z.begin(), z.end());
  const std::size_t N = z.size();
  long double sum = 0;
  for (std::size_t i = 1; i <= N; ++i) {
    sum += static_cast<long double>(2 * i - 1) * (ln_phi(z[i - 1]) + ln_phi(-z[N - i]));
  }
  const auto n = static_cast<long double>(N);
  return static_cast<double>(-n - sum / n);
}

double anderson_darling_distribution(double x) {
  if (x <= 0) return 0;
  if (x < 2) {
    const double series =
        2.00012 + (0.247105 - (0.0649821 - (0.0347962 - (0.011672 - 0.00168691 * x) * x) * x) * x) * x;
    return std::exp(-1.2337141 / x) / std::sqrt(x) * series;
  }
  return std::exp(
      -std::exp(1.0776 - (2.30695 - (0.43424 - (0.082433 - (0.008056 - 0.0003146 * x) * x) * x) * x) * x));
}

}  // namespace varprop::benchmarks
