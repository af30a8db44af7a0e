#include "analysis/pooled_profile.hpp"

#include <cmath>
#include <limits>

#include "core/contracts.hpp"
#include "core/statistics/moments.hpp"

namespace varprop {

namespace {

constexpr double none_alive = std::numeric_limits<double>::quiet_NaN();
constexpr double largest_relative_error = 0.1;

/// ln of the mean over `count` batches of exp(x_b), NaN standing for exp(x_b) = 0.
class LogMeanOfExponentials {
 public:
  void add(double x) {
    if (std::isnan(x)) return;
    if (x > largest_) {
      sum_ = sum_ * std::exp(largest_ - x) + 1;
      largest_ = x;
    } else {
      sum_ += std::exp(x - largest_);
    }
  }
  double value(std::int32_t count) const { return sum_ > 0 ? largest_ + std::log(sum_ / count) : none_alive; }

 private:
  double largest_ = -std::numeric_limits<double>::infinity();
  double sum_ = 0;
};

}  // namespace

PooledProfile pool_batches(const PointResults& results, const QuantityResults& quantity,
                           std::int32_t replicas_per_batch) {
  const std::size_t layers = results.layers.size();
  const std::size_t rows = layers * static_cast<std::size_t>(results.batches_done);
  VARPROP_EXPECT(quantity.log_mean.size() == rows && quantity.log_variance.size() == rows &&
                 quantity.log_of_mean.size() == rows && quantity.extinct.size() == rows);
  PooledProfile pooled;
  for (std::size_t i = 0; i < layers; ++i) {
    Moments moments;
    LogMeanOfExponentials log_of_mean;
    std::int32_t extinct = 0;
    for (std::size_t at = i; at < rows; at += layers) {
      const auto dead = static_cast<std::int32_t>(quantity.extinct[at]);
      moments.merge({replicas_per_batch - dead, quantity.log_mean[at], quantity.log_variance[at]});
      log_of_mean.add(quantity.log_of_mean[at]);
      extinct += dead;
    }
    pooled.log_mean.push_back(moments.mean());
    pooled.log_variance.push_back(moments.variance());
    pooled.log_of_mean.push_back(log_of_mean.value(results.batches_done));
    pooled.extinct.push_back(extinct);
  }
  return pooled;
}

bool reliable_mean(double log_variance, double networks) {
  return std::sqrt(std::expm1(log_variance) / networks) < largest_relative_error;
}

}  // namespace varprop
