#include "core/random/binomial_chi_squared.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <random>
#include <unordered_set>

#include "core/errors.hpp"
#include "core/math/magnitude.hpp"

namespace varprop {

namespace {

constexpr std::int64_t most_counted_bits = 512;

std::int64_t count_bits(const Stream& stream, std::int64_t n) {
  std::int64_t heads = 0;
  for (std::int64_t first = 0; first < n; first += 64) {
    std::uint64_t bits = stream.draw(static_cast<std::uint64_t>(first / 64));
    if (n - first < 64) bits &= (std::uint64_t{1} << (n - first)) - 1;
    heads += std::popcount(bits);
  }
  return heads;
}

double ln(double x) {
  return Magnitude::from(x).ln();
}

/// h(δ) = (1+δ)ln(1+δ) + (1−δ)ln(1−δ) = Σ δ^{2j}/(j(2j−1)), |δ| ≤ 1; beyond |δ| = ¼, which has probability
/// below 10⁻⁷ at n > 512, by logarithms.
double entropy_deficit(double delta) {
  if (std::fabs(delta) >= 1) return 1.386294361119890618834464242917;  // 2 ln 2
  if (std::fabs(delta) > 0.25) return (1 + delta) * ln(1 + delta) + (1 - delta) * ln(1 - delta);
  const double square = delta * delta;
  double sum = 0;
  for (int j = 14; j >= 1; --j) sum = std::fma(sum, square, 1.0 / (j * (2 * j - 1)));
  return sum * square;
}

/// ln k! − (k + ½) ln k + k − ½ ln 2π: Stirling's correction; for k = 0, where k ln k is 0, of ln 0! = 0 with
/// ½ ln k left out as well.
double stirling_correction(double k) {
  constexpr double half_ln_2_pi = 0.918938533204672741780329736406;
  if (k == 0) return -half_ln_2_pi;
  if (k < 16) {
    double factorial = 1;
    for (double j = 2; j <= k; ++j) factorial *= j;
    return ln(factorial) - (k + 0.5) * ln(k) + k - half_ln_2_pi;
  }
  const double y = 1 / (k * k);
  return (1.0 / 12 - y * (1.0 / 360 - y * (1.0 / 1260 - y / 1680))) / k;
}

/// ½ ln k, the part of Stirling's formula that k ln k − k leaves; 0 for k = 0.
double half_ln(double k) {
  return k == 0 ? 0 : 0.5 * ln(k);
}

/// ln(1 − p) = −2 artanh s, s = p/(2 − p), for p ≤ ½: s² ≤ 1/9.
double log_of_rest(double p) {
  const double s = p / (2 - p), s2 = s * s;
  double sum = 0;
  for (int k = 35; k >= 1; k -= 2) sum = std::fma(sum, s2, 1.0 / k);
  return -2 * s * sum;
}

std::int64_t invert(const Stream& stream, std::int64_t n, double p, std::uint64_t first) {
  const double count = static_cast<double>(n), odds = p / (1 - p);
  double rest = uniform_from_bits(stream.draw(first));
  double probability = Magnitude::exp(count * log_of_rest(p)).to_double();
  std::int64_t k = 0;
  while (rest > probability && k < n && k < 200) {
    rest -= probability;
    probability *= odds * ((count - static_cast<double>(k)) / static_cast<double>(k + 1));
    ++k;
  }
  return k;
}

/// x ln(x/m) − x + m for x ≥ 0, m > 0: with v = (x − m)/(x + m), x near m,
///     (x − m)v + 2x Σ v^{2j+1}/(2j+1), j ≥ 1.
double deviance(double x, double m) {
  if (x == 0) return m;
  const double v = (x - m) / (x + m);
  if (std::fabs(v) > 0.25) return x * ln(x / m) - x + m;
  const double v2 = v * v;
  double sum = 0;
  for (int k = 27; k >= 3; k -= 2) sum = std::fma(sum, v2, 1.0 / k);
  return (x - m) * v + 2 * x * v * v2 * sum;
}

/// BTRS, np ≥ 10, p ≤ ½. `log_weight(k)`: ln P(k) but for a constant.
template <class LogWeight>
std::int64_t reject(const Stream& stream, std::int64_t count, double p, std::uint64_t first,
                    LogWeight log_weight) {
  const auto n = static_cast<double>(count);
  const double spread = std::sqrt(n * p * (1 - p));
  const double b = 1.15 + 2.53 * spread;
  const double a = -0.0873 + 0.0248 * b + 0.01 * p;
  const double centre = n * p + 0.5;
  const double surely = 0.92 - 4.2 / b;
  const double alpha = (2.83 + 5.1 / b) * spread;
  const double middle = std::floor((n + 1) * p);
  for (std::uint64_t attempt = first;; attempt += 2) {
    const double u = uniform_from_bits(stream.draw(attempt)) - 0.5;
    const double v = uniform_from_bits(stream.draw(attempt + 1));
    const double us = 0.5 - std::fabs(u);
    const double k = std::floor((2 * a / us + b) * u + centre);
    if (us >= 0.07 && v <= surely) return static_cast<std::int64_t>(k);
    if (k < 0 || k > n) continue;
    const double density = v * alpha / (a / (us * us) + b);
    if (ln(density) <= log_weight(k) - log_weight(middle)) return static_cast<std::int64_t>(k);
  }
}

/// Uniform on 0 … bound − 1. The standard's own distributions differ between libraries; its engines do not.
std::int64_t below(std::int64_t bound, std::mt19937_64& bits) {
  const auto n = static_cast<std::uint64_t>(bound);
  const std::uint64_t accepted = std::mt19937_64::max() - std::mt19937_64::max() % n;
  std::uint64_t draw = bits();
  while (draw >= accepted) draw = bits();
  return static_cast<std::int64_t>(draw % n);
}

/// Floyd's algorithm: of 0 … j a number is drawn for every j of the last `count`; where it was drawn before,
/// j itself is taken, which cannot have been. take(i) says whether i is new.
template <class Take>
void floyd(std::int64_t count, std::int64_t total, std::uint64_t seed, Take&& take) {
  std::mt19937_64 bits(seed);
  for (std::int64_t j = total - count; j < total; ++j) {
    if (!take(below(j + 1, bits))) take(j);
  }
}

std::vector<std::int64_t> choose_many(std::int64_t count, std::int64_t total, std::uint64_t seed) {
  std::vector<bool> taken(static_cast<std::size_t>(total));
  floyd(count, total, seed, [&taken](std::int64_t i) {
    const bool is_new = !taken[static_cast<std::size_t>(i)];
    taken[static_cast<std::size_t>(i)] = true;
    return is_new;
  });
  std::vector<std::int64_t> chosen;
  chosen.reserve(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < total; ++i) {
    if (taken[static_cast<std::size_t>(i)]) chosen.push_back(i);
  }
  return chosen;
}

}  // namespace

double log_binomial_half_weight(double k, double n) {
  const double rest = n - k;
  return -0.5 * n * entropy_deficit((2 * k - n) / n) - half_ln(k) - half_ln(rest) - stirling_correction(k) -
         stirling_correction(rest);
}

std::int64_t binomial_half(const Stream& stream, std::int64_t n) {
  VARPROP_EXPECT(n >= 0);
  if (n <= most_counted_bits) return count_bits(stream, n);
  const auto all = static_cast<double>(n);
  return reject(stream, n, 0.5, 0, [all](double k) { return log_binomial_half_weight(k, all); });
}

double log_binomial_weight(double k, double n, double p) {
  const double rest = n - k;
  return -deviance(k, n * p) - deviance(rest, n * (1 - p)) - half_ln(k) - half_ln(rest) -
         stirling_correction(k) - stirling_correction(rest);
}

std::int64_t binomial(const Stream& stream, std::int64_t n, double p, std::uint64_t first) {
  VARPROP_EXPECT(n >= 0 && p > 0 && p < 1);
  if (p > 0.5) return n - binomial(stream, n, 1 - p, first);
  constexpr double least_mean = 10;  // of BTRS
  const auto all = static_cast<double>(n);
  if (all * p < least_mean) return invert(stream, n, p, first);
  return reject(stream, n, p, first, [all, p](double k) { return log_binomial_weight(k, all, p); });
}

std::vector<std::int64_t> choose(std::int64_t count, std::int64_t total, std::uint64_t seed) {
  VARPROP_EXPECT(0 <= count && count <= total);
  constexpr std::int64_t bits_a_number = 64;
  if (count >= total / bits_a_number) return choose_many(count, total, seed);
  std::unordered_set<std::int64_t> taken;
  floyd(count, total, seed, [&taken](std::int64_t i) { return taken.insert(i).second; });
  std::vector<std::int64_t> chosen(taken.begin(), taken.end());
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

}  // namespace varprop
