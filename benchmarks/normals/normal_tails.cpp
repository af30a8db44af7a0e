// normal_tails [DRAWS [SEED [THREADS]]]: are the project's normals normal, as far as very many of them can
// tell?
//
// Prints observed and expected tail counts and moments with z-scores and two-sided p-values, and an
// Anderson–Darling test. Exit 1 if any p-value is below 10⁻⁵ (a false alarm of a true generator in about one
// seed of 7000).
#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/poisson.hpp>
#include <cmath>
#include <span>
#include <thread>
#include <vector>

#include "benchmarks/arguments.hpp"
#include "benchmarks/normals/anderson_darling.hpp"
#include "benchmarks/normals/normal_blocks.hpp"
#include "benchmarks/normals/normal_counts.hpp"
#include "core/simd/target.hpp"

namespace varprop::benchmarks {
namespace {

constexpr double lowest_p = 1e-5;
constexpr std::size_t sorted_draws = 10'000'000;

struct Options {
  double draws = 1e8;
  std::uint64_t seed = 1;
  unsigned threads = std::max(1u, std::thread::hardware_concurrency());
};

/// Prints comparisons, one a line, and remembers the smallest p-value.
class Comparisons {
 public:
  Comparisons() { fmt::print("| what | observed | expected | z | p |\n|---|---|---|---|---|\n"); }

  /// A Poisson count; p doubles the smaller tail.
  void count(const std::string& what, std::uint64_t observed, double expected) {
    const boost::math::poisson law(expected);
    const auto x = static_cast<double>(observed);
    const double at_least = observed == 0 ? 1 : cdf(complement(law, x - 1));
    const double p = std::min(1.0, 2 * std::min(cdf(law, x), at_least));
    print(what, fmt::format("{}", observed), fmt::format("{:.6g}", expected),
          (x - expected) / std::sqrt(expected), p);
  }

  void mean(const std::string& what, double observed, double expected, double standard_error) {
    const double z = (observed - expected) / standard_error;
    print(what, fmt::format("{:.7g} ± {:.1g}", observed, standard_error), fmt::format("{}", expected), z,
          std::erfc(std::fabs(z) / std::sqrt(2.0)));
  }

  void distribution(const std::string& what, double statistic, double p) {
    note(p);
    fmt::print("| {} | {:.4f} | | | {:.3g} |\n", what, statistic, p);
  }

  double smallest_p() const { return smallest_p_; }

 private:
  void note(double p) { smallest_p_ = std::min(smallest_p_, p); }
  void print(const std::string& what, const std::string& observed, const std::string& expected, double z,
             double p) {
    note(p);
    fmt::print("| {} | {} | {} | {:+.2f} | {:.3g} |\n", what, observed, expected, z, p);
  }

  double smallest_p_ = 1;
};

void compare_tails(const NormalCounts& counts, Comparisons& compare) {
  const auto N = static_cast<double>(counts.draws);
  for (std::size_t i = 0; i < tail_limits.size(); ++i) {
    const double expected = N * std::erfc(tail_limits[i] / std::sqrt(2.0)) / 2;
    compare.count(fmt::format("z > {}", tail_limits[i]), counts.above[i], expected);
    compare.count(fmt::format("z < −{}", tail_limits[i]), counts.below[i], expected);
  }
}

/// E z^m = (m − 1)!! for even m.
double normal_moment(std::size_t m) {
  if (m % 2 == 1) return 0;
  double product = 1;
  for (std::size_t odd = 1; odd < m; odd += 2) product *= static_cast<double>(odd);
  return product;
}

void compare_moments(const NormalCounts& counts, Comparisons& compare) {
  const auto N = static_cast<double>(counts.draws);
  for (std::size_t m = 1; m <= highest_moment; ++m) {
    const double expected = normal_moment(m);
    const double variance = normal_moment(2 * m) - expected * expected;
    compare.mean(fmt::format("mean of z^{}", m), static_cast<double>(counts.power_sums[m - 1]) / N, expected,
                 std::sqrt(variance / N));
  }
}

void compare_shape(std::uint64_t seed, Comparisons& compare) {
  const Stream stream(PointKey::derive(seed, 1), 0, 1, Purpose::preactivation);
  static_assert(sorted_draws % group == 0);
  std::vector<double> z(sorted_draws);
  alignas(64) double block[group];
  for (std::size_t first = 0; first < z.size(); first += group) {
    fill_normals(stream, first / group, block);
    std::copy_n(block, group, z.begin() + static_cast<std::ptrdiff_t>(first));
  }
  const double statistic = anderson_darling(std::move(z));
  compare.distribution(fmt::format("Anderson–Darling A², {:.0e} draws", static_cast<double>(sorted_draws)),
                       statistic, 1 - anderson_darling_distribution(statistic));
}

int run(const Options& options) {
  require_simd_target();
  const auto draws = static_cast<std::uint64_t>(options.draws);
  const NormalCounts counts = count_normals(draws, options.seed, options.threads);
  fmt::print("{:.6g} draws, seed {}, {}\n\n", static_cast<double>(counts.draws), options.seed, simd_target());
  Comparisons compare;
  compare_tails(counts, compare);
  compare_moments(counts, compare);
  compare_shape(options.seed, compare);
  return compare.smallest_p() < lowest_p ? 1 : 0;
}

}  // namespace
}  // namespace varprop::benchmarks

int main(int argc, char** argv) {
  using varprop::benchmarks::number_argument;
  varprop::benchmarks::Options options;
  options.draws = number_argument(argc, argv, 1, options.draws, 1, 1e16);  // 1e10: half a minute on two cores
  options.seed = static_cast<std::uint64_t>(number_argument(argc, argv, 2, 1, 0, 1e15));
  options.threads = static_cast<unsigned>(number_argument(argc, argv, 3, options.threads, 1, 1e4));
  return varprop::benchmarks::run(options);
}
