#include "theory/streams/attention_means.hpp"

#include <algorithm>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <map>
#include <mutex>
#include <numbers>
#include <vector>

#include "core/errors.hpp"

namespace varprop::theory {

namespace {

/// Points in the space of two vectors of T logits, half the sum and half the difference of the two queries',
/// in units of their standard deviations.
struct LogitPoints {
  std::size_t tokens;
  std::vector<double> weight;
  std::vector<double> sum, difference;  ///< a point after the other
};

/// Of two logits only the difference counts: a grid in those of both vectors.
LogitPoints grid_of_two_keys() {
  constexpr int reach = 32;
  constexpr double step = 0.25;
  LogitPoints points{.tokens = 2, .weight = {}, .sum = {}, .difference = {}};
  const auto density = [](double x) {
    return step * std::exp(-0.5 * x * x) / std::sqrt(2 * std::numbers::pi);
  };
  for (int i = -reach; i <= reach; ++i) {
    for (int k = -reach; k <= reach; ++k) {
      const double x = i * step, y = k * step, half = std::numbers::sqrt2 / 2;
      points.weight.push_back(density(x) * density(y));
      points.sum.insert(points.sum.end(), {half * x, -half * x});
      points.difference.insert(points.difference.end(), {half * y, -half * y});
    }
  }
  return points;
}

std::vector<double> square_roots_of_primes(std::size_t count) {
  std::vector<int> primes;
  for (int candidate = 2; primes.size() < count; ++candidate) {
    const bool prime =
        std::none_of(primes.begin(), primes.end(), [candidate](int p) { return candidate % p == 0; });
    if (prime) primes.push_back(candidate);
  }
  std::vector<double> roots;
  for (const int p : primes) roots.push_back(std::sqrt(p));
  return roots;
}

double normal_of(double uniform) {
  return std::numbers::sqrt2 * boost::math::erf_inv(2 * uniform - 1);
}

/// Takes the mean over the keys from every vector, which a softmax does not see, and gives the mean square of
/// what is left the value T − 1 that it has.
void match_moments(std::vector<double>& vectors, std::size_t tokens) {
  double square = 0;
  for (std::size_t at = 0; at < vectors.size(); at += tokens) {
    double mean = 0;
    for (std::size_t t = 0; t < tokens; ++t) mean += vectors[at + t] / static_cast<double>(tokens);
    for (std::size_t t = 0; t < tokens; ++t) square += std::pow(vectors[at + t] -= mean, 2);
  }
  const auto count = static_cast<double>(vectors.size() / tokens);
  const double factor = std::sqrt(static_cast<double>(tokens - 1) * count / square);
  for (double& x : vectors) x *= factor;
}

/// Richtmyer's sequence, {i √p} for the first primes p; each point with its negative.
LogitPoints sequence_of_many_keys(std::size_t tokens) {
  constexpr std::size_t count = 2048;
  LogitPoints points{
      .tokens = tokens, .weight = std::vector<double>(2 * count, 0.5 / count), .sum = {}, .difference = {}};
  const std::vector<double> roots = square_roots_of_primes(2 * tokens);
  const auto fill = [&](std::vector<double>& vectors, std::size_t first_root) {
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t t = 0; t < tokens; ++t) {
        const double x = (static_cast<double>(i) + 0.5) * roots[first_root + t];
        vectors.push_back(normal_of(x - std::floor(x)));
      }
    }
    for (std::size_t i = 0; i < count * tokens; ++i) vectors.push_back(-vectors[i]);
    match_moments(vectors, tokens);
  };
  fill(points.sum, 0);
  fill(points.difference, tokens);
  return points;
}

const LogitPoints& points_of(std::size_t tokens) {
  static std::mutex mutex;
  static std::map<std::size_t, LogitPoints> known;
  const std::lock_guard lock(mutex);
  const auto found = known.find(tokens);
  if (found != known.end()) return found->second;
  return known.emplace(tokens, tokens == 2 ? grid_of_two_keys() : sequence_of_many_keys(tokens))
      .first->second;
}

/// Adds a point's values for two queries whose logits are s and s + `apart`, both queries in turn.
class SoftmaxPair {
 public:
  explicit SoftmaxPair(std::size_t tokens) : s_(tokens), apart_(tokens), A_(tokens), B_(tokens) {}

  void set(const double* sum, const double* difference, double of_sum, double of_difference) {
    for (std::size_t t = 0; t < s_.size(); ++t) {
      s_[t] = of_sum * sum[t] - of_difference * difference[t];
      apart_[t] = 2 * of_difference * difference[t];
    }
    const double largest = *std::max_element(s_.begin(), s_.end());
    double whole = 0;
    for (std::size_t t = 0; t < s_.size(); ++t) whole += A_[t] = std::exp(s_[t] - largest);
    for (double& a : A_) a /= whole;
    far_ = std::any_of(apart_.begin(), apart_.end(), [](double x) { return std::abs(x) > 1; });
    far_ ? set_far() : set_near();
  }

  void add_to(AttentionMeans& means, double weight) const {
    double squares = 0, squares_of_B = 0, product = 0, apart = 0;
    for (std::size_t t = 0; t < A_.size(); ++t) {
      squares += A_[t] * A_[t];
      squares_of_B += B_[t] * B_[t];
      product += A_[t] * B_[t];
      apart += std::pow(A_[t] - B_[t], 2);
    }
    if (!far_) apart = near_difference_;
    means.square += weight * 0.5 * (squares + squares_of_B);
    means.product += weight * product;
    means.difference += weight * 0.5 * apart;
    for (std::size_t t = 0; t < A_.size(); ++t) {
      const double a = A_[t], b = B_[t];
      means.logit_square +=
          weight * 0.5 * (a * a * (1 - 2 * a + squares) + b * b * (1 - 2 * b + squares_of_B));
      means.logit_product += weight * a * b * (1 - a - b + product);
    }
  }

 private:
  void set_far() {
    double largest = s_[0] + apart_[0], whole = 0;
    for (std::size_t t = 1; t < s_.size(); ++t) largest = std::max(largest, s_[t] + apart_[t]);
    for (std::size_t t = 0; t < s_.size(); ++t) whole += B_[t] = std::exp(s_[t] + apart_[t] - largest);
    for (double& b : B_) b /= whole;
  }

  /// B − A = A (exp(x − ln Σ A e^x) − 1) without a difference of numbers that are nearly one.
  void set_near() {
    double sum = 0;
    for (std::size_t t = 0; t < s_.size(); ++t) sum += A_[t] * std::expm1(apart_[t]);
    const double log_whole = std::log1p(sum);
    near_difference_ = 0;
    for (std::size_t t = 0; t < s_.size(); ++t) {
      const double change = A_[t] * std::expm1(apart_[t] - log_whole);
      B_[t] = A_[t] + change;
      near_difference_ += change * change;
    }
  }

  std::vector<double> s_, apart_, A_, B_;
  bool far_ = true;
  double near_difference_ = 0;
};

}  // namespace

AttentionMeans attention_means(std::int32_t tokens, double logit_variance, double distance) {
  VARPROP_EXPECT(tokens >= 2 && logit_variance >= 0 && distance >= 0 && distance <= 2);
  const LogitPoints& points = points_of(static_cast<std::size_t>(tokens));
  const double deviation = std::sqrt(logit_variance);
  const double of_sum = deviation * std::sqrt(1 - 0.5 * distance);
  const double of_difference = deviation * std::sqrt(0.5 * distance);
  SoftmaxPair pair(points.tokens);
  AttentionMeans means{};
  for (std::size_t i = 0; i < points.weight.size(); ++i) {
    const std::size_t at = i * points.tokens;
    pair.set(&points.sum[at], &points.difference[at], of_sum, of_difference);
    pair.add_to(means, points.weight[i]);
  }
  return means;
}

}  // namespace varprop::theory
