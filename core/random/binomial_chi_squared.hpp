// Samples in constant time, the same on every machine: χ² of any number of degrees of freedom, how many of n
// coins, fair or not, show heads, and (in time of its size) a random subset.
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/errors.hpp"
#include "core/math/magnitude.hpp"
#include "core/random/normal_quantile.hpp"
#include "core/random/stream.hpp"

namespace varprop {

/// A sample of χ²_k, k from 0 (where it is 0) to 2⁴⁰: draws 2¹⁶·slot … of the stream.
///
/// k = 1: the square of a normal. k = 2: −2 ln U. k ≥ 3: rejection from a cubed normal (Marsaglia and Tsang,
/// "A simple method for generating gamma variables", ACM TOMS 26 (2000)) with a = k/2, d = a − 1/3, c =
/// 1/√(9d): v = (1 + cX)³ is accepted where ln U < X²/2 + d(1 − v + ln v), and 2dv is χ²_k. Exact but for
/// rounding: v is accepted 96 times of 100 at k = 3 and nearly always at large k.
class ChiSquared {
 public:
  explicit ChiSquared(std::int64_t k) : k_(k), d_(0.5 * static_cast<double>(k) - 1.0 / 3) {
    VARPROP_EXPECT(k >= 0);
    if (k > 2) c_ = 1 / std::sqrt(9 * d_);
  }

  double operator()(const Stream& stream, std::uint64_t slot) const {
    const std::uint64_t first = slot << 16;
    if (k_ == 0) return 0;
    if (k_ == 1) return squared(normal_from_bits(stream.draw(first)));
    if (k_ == 2) return -2 * ln(uniform_from_bits(stream.draw(first)));
    for (std::uint64_t attempt = 0;; attempt += 2) {
      const double x = normal_from_bits(stream.draw(first + attempt));
      const auto sample = from(x, uniform_from_bits(stream.draw(first + attempt + 1)));
      if (sample) return *sample;
    }
  }

  std::int64_t k() const { return k_; }
  /// k ≥ 3: from a normal and a uniform number, nothing where these are rejected.
  std::optional<double> from(double x, double u) const {
    const double v = cubed(1 + c_ * x);
    if (v > 0 && accepted(x, v, u)) return 2 * d_ * v;
    return std::nullopt;
  }

 private:
  static double squared(double x) { return x * x; }
  static double cubed(double x) { return x * x * x; }
  static double ln(double x) { return Magnitude::from(x).ln(); }

  bool accepted(double x, double v, double u) const {
    const double x2 = x * x;
    if (u < 1 - 0.0331 * x2 * x2) return true;  // the paper's squeeze: inside the exact region
    return ln(u) < 0.5 * x2 + d_ * (1 - v + ln(v));
  }

  std::int64_t k_;
  double d_;
  double c_ = 0;
};

/// A sample of Binomial(n, ½), n from 0 to 2⁴⁰: draws 0, 1, … of the stream, at most 2¹⁶.
///
/// Up to n = 512 random bits are counted. Beyond, transformed rejection (Hörmann, "The generation of binomial
/// random variates", J. Stat. Comput. Simul. 46 (1993), algorithm BTRS at p = ½): k from a table mountain
/// over the law, accepted by the ratio of probabilities to the middle's,
///     ln P(k)/P(m) = −(n/2)[h(δ_k) − h(δ_m)] + …,   h(δ) = (1+δ)ln(1+δ) + (1−δ)ln(1−δ),   δ_k = (2k − n)/n,
/// by a series in δ and Stirling's corrections: no cancellation at any n.
std::int64_t binomial_half(const Stream& stream, std::int64_t n);

/// ln P(k) up to a constant of n, k from 0 to n: what acceptance is decided by.
double log_binomial_half_weight(double k, double n);

/// A sample of Binomial(n, p), n from 0 to 2⁴⁰, p in (0, 1): draws first, first + 1, … of the stream, at most
/// 2¹⁶.
///
/// With p ≤ ½ (else n − k is drawn): where np < 10 by inversion, P(0) = exp(n ln(1 − p)) and its successors
/// taken off a uniform number one by one; else transformed rejection (BTRS), accepted by
///     ln P(k) = −½ ln(k(n−k)) − δ(k) − δ(n−k) − n·D(k/n ‖ p) + …,
/// δ Stirling's corrections and D without cancellation, as in Loader, "Fast and accurate computation of
/// binomial probabilities" (2000).
std::int64_t binomial(const Stream& stream, std::int64_t n, double p, std::uint64_t first = 0);

/// Its ln P(k) up to a constant of n and p.
double log_binomial_weight(double k, double n, double p);

/// `count` distinct numbers of 0 … total − 1, ascending; every subset of that size is as likely as any other.
/// A function of its arguments alone. count is from 0 to total. O(count) time; count times 8 bytes and at
/// most as much again while it works.
std::vector<std::int64_t> choose(std::int64_t count, std::int64_t total, std::uint64_t seed);

}  // namespace varprop
