#include "theory/streams/token_attention.hpp"

#include <algorithm>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <cstdint>
#include <map>
#include <mutex>
#include <numbers>
#include <utility>

#include "core/errors.hpp"

namespace varprop::theory {

TokenMatrix& TokenMatrix::operator*=(double factor) {
  for (double& x : entries_) x *= factor;
  return *this;
}

void TokenMatrix::add(const TokenMatrix& other, double factor) {
  VARPROP_EXPECT(other.tokens_ == tokens_);
  for (std::size_t i = 0; i < entries_.size(); ++i) entries_[i] += factor * other.entries_[i];
}

TokenMatrix product(const TokenMatrix& a, const TokenMatrix& b) {
  TokenMatrix both(a.tokens());
  for (std::size_t i = 0; i < a.tokens(); ++i)
    for (std::size_t j = 0; j < a.tokens(); ++j) both(i, j) = a(i, j) * b(i, j);
  return both;
}

namespace {

/// Each with its negative; fewer where logits are small, and their part of everything is.
std::size_t pairs_of_points(double logit_variance) {
  return logit_variance < 0.2 ? 32 : 128;
}

/// T × T normals a point, the same in every run: a walk of SplitMix64 through the quantiles. Points of a
/// lattice would be no better where T² dimensions are more than points.
const std::vector<TokenMatrix>& normal_points(std::size_t tokens, std::size_t pairs) {
  static std::mutex mutex;
  static std::map<std::pair<std::size_t, std::size_t>, std::vector<TokenMatrix>> known;
  const std::lock_guard lock(mutex);
  const auto [place, is_new] = known.try_emplace({tokens, pairs});
  if (!is_new) return place->second;
  std::uint64_t state = tokens;
  const auto normal = [&state] {
    std::uint64_t x = state += 0x9e3779b97f4a7c15;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    const double uniform = (static_cast<double>((x ^ (x >> 31)) >> 11) + 0.5) * 0x1p-53;
    return std::numbers::sqrt2 * boost::math::erf_inv(2 * uniform - 1);
  };
  std::vector<TokenMatrix>& points = place->second;
  points.assign(pairs, TokenMatrix(tokens));
  for (std::size_t i = 0; i < tokens; ++i) {
    for (std::size_t j = 0; j < tokens; ++j) {
      double square = 0;
      for (TokenMatrix& point : points) square += std::pow(point(i, j) = normal(), 2);
      for (TokenMatrix& point : points) point(i, j) /= std::sqrt(square / static_cast<double>(pairs));
    }
  }
  return points;
}

/// The lower L with LLᵀ = C; tokens that lie in the span of those before them add nothing.
TokenMatrix root_of(const TokenMatrix& C) {
  constexpr double rounding = 1e-14;
  const std::size_t T = C.tokens();
  TokenMatrix L(T);
  for (std::size_t j = 0; j < T; ++j) {
    double left = C(j, j);
    for (std::size_t k = 0; k < j; ++k) left -= L(j, k) * L(j, k);
    if (left <= rounding * C(j, j)) continue;
    L(j, j) = std::sqrt(left);
    for (std::size_t i = j + 1; i < T; ++i) {
      double x = C(i, j);
      for (std::size_t k = 0; k < j; ++k) x -= L(i, k) * L(j, k);
      L(i, j) = x / L(j, j);
    }
  }
  return L;
}

TokenMatrix times(const TokenMatrix& a, const TokenMatrix& b) {
  const std::size_t T = a.tokens();
  TokenMatrix c(T);
  for (std::size_t i = 0; i < T; ++i)
    for (std::size_t k = 0; k < T; ++k) {
      const double x = a(i, k);
      if (x == 0) continue;
      for (std::size_t j = 0; j < T; ++j) c(i, j) += x * b(k, j);
    }
  return c;
}

TokenMatrix transposed(const TokenMatrix& a) {
  TokenMatrix b(a.tokens());
  for (std::size_t i = 0; i < a.tokens(); ++i)
    for (std::size_t j = 0; j < a.tokens(); ++j) b(j, i) = a(i, j);
  return b;
}

/// a bᵀ, and aᵀ b.
TokenMatrix times_transposed(const TokenMatrix& a, const TokenMatrix& b) {
  return times(a, transposed(b));
}
TokenMatrix transposed_times(const TokenMatrix& a, const TokenMatrix& b) {
  return times(transposed(a), b);
}

/// A of every point, and the mean over them of what is made of each.
class SoftmaxPoints {
 public:
  SoftmaxPoints(const TokenMatrix& C, double logit_variance, AttentionMask mask)
      : root_(root_of(C)),
        pairs_(pairs_of_points(logit_variance)),
        deviation_(std::sqrt(logit_variance)),
        mask_(mask),
        A_(C.tokens()) {}

  template <class See>
  void for_each(const See& see) {
    for (const TokenMatrix& point : normal_points(A_.tokens(), pairs_)) {
      const TokenMatrix logits = times_transposed(times(root_, point), root_);
      for (const double sign : {deviation_, -deviation_}) {
        set(logits, sign);
        see(A_);
      }
    }
  }
  /// Of one.
  double weight() const { return 0.5 / static_cast<double>(pairs_); }

 private:
  void set(const TokenMatrix& logits, double factor) {
    const std::size_t T = A_.tokens();
    for (std::size_t i = 0; i < T; ++i) {
      const std::size_t seen = mask_ == AttentionMask::causal ? i + 1 : T;
      double largest = -HUGE_VAL, whole = 0;
      for (std::size_t j = 0; j < seen; ++j) largest = std::max(largest, factor * logits(i, j));
      for (std::size_t j = 0; j < T; ++j)
        whole += A_(i, j) = j < seen ? std::exp(factor * logits(i, j) - largest) : 0;
      for (std::size_t j = 0; j < seen; ++j) A_(i, j) /= whole;
    }
  }

  TokenMatrix root_;
  std::size_t pairs_;
  double deviation_;
  AttentionMask mask_;
  TokenMatrix A_;
};

}  // namespace

TokenMatrix attention_values(const TokenMatrix& C, double logit_variance, AttentionMask mask) {
  TokenMatrix values(C.tokens());
  SoftmaxPoints points(C, logit_variance, mask);
  points.for_each(
      [&](const TokenMatrix& A) { values.add(times_transposed(times(A, C), A), points.weight()); });
  return values;
}

// With w = AC and c = ACAᵀ the covariance of dS_ij and dS_i'j' given A is
//
//     Γ_ii' A_ij A_i'j' (C_jj' − w_i'j − w_ij' + c_ii')
//
// whose four terms are sums over j, j' (times C_jj') or over i, i' (times C_ii'): products of T × T matrices.
AttentionReturn attention_gradients(const TokenMatrix& C, const TokenMatrix& gamma, double logit_variance,
                                    AttentionMask mask) {
  const std::size_t T = C.tokens();
  AttentionReturn back{TokenMatrix(T), TokenMatrix(T), TokenMatrix(T)};
  const TokenMatrix squares = product(C, C), P = product(C, gamma);
  SoftmaxPoints points(C, logit_variance, mask);
  points.for_each([&](const TokenMatrix& A) {
    const double weight = points.weight();
    back.by_value.add(transposed_times(A, times(gamma, A)), weight);
    const TokenMatrix w = times(A, C), c = times_transposed(w, A);
    const TokenMatrix mean_of_squares = times_transposed(A, product(w, w));
    TokenMatrix of_query = times_transposed(times(A, squares), A);
    of_query.add(mean_of_squares, -1), of_query.add(transposed(mean_of_squares), -1);
    of_query.add(product(c, c), 1);
    back.by_query.add(product(gamma, of_query), weight);
    const TokenMatrix PA = times(P, A), mixed = transposed_times(product(w, PA), A);
    TokenMatrix of_key = product(C, transposed_times(A, PA));
    of_key.add(mixed, -1), of_key.add(transposed(mixed), -1);
    of_key.add(transposed_times(A, times(product(P, c), A)), 1);
    back.by_key.add(of_key, weight);
  });
  return back;
}

}  // namespace varprop::theory
