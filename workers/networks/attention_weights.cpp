#include "workers/networks/attention_weights.hpp"

#include <algorithm>
#include <cmath>

#include "core/math/exponential.hpp"
#include "workers/kernels/panel_products.hpp"

namespace varprop::workers {

namespace {

double product(const Panel& X, std::size_t c, const Panel& Y, std::size_t e, const HeadRows& rows) {
  return inner_product(X.data(c) + rows.offset, Y.data(e) + rows.offset, rows.d);
}

/// c·size as a double; beyond 2^±900 softmax knows no more.
double bounded(double c, const Magnitude& size) {
  constexpr double largest = 0x1p900;
  return std::clamp(c * (size.below_power(900) ? size.to_double() : largest), -largest, largest);
}

}  // namespace

Magnitude largest_size(const Panel& panel, std::size_t first) {
  Magnitude largest;
  for (std::size_t t = first; t < panel.columns(); ++t) largest = larger(largest, panel.size(t));
  return largest;
}

AttentionWeights::AttentionWeights(std::size_t T, AttentionMask mask)
    : T_(T), mask_(mask), weights_(T * T), differences_(T * T), units_(T), logits_(T), steps_(T), own_(T) {}

void AttentionWeights::operator()(const Panel& K, const Panel& Q, const HeadRows& rows,
                                  const Magnitude& tau) {
  for (std::size_t i = 1; i < T_; ++i)
    logits_[i] = bounded(product(K, i, Q, 0, rows), tau * K.size(i) * Q.size(0));
  weigh_first();
  const Magnitude largest_key = largest_size(K, 1);
  for (std::size_t j = 1; j < T_; ++j) {
    for (std::size_t i = 1; i < T_ && !largest_key.zero(); ++i)
      steps_[i] = (K.size(i) / largest_key).to_double() * product(K, i, Q, j, rows);
    weigh(j, tau * largest_key * Q.size(j));
  }
}

void AttentionWeights::weigh_first() {
  std::ranges::copy(logits_, own_.begin());
  softmax(0);
}

/// Query j from logits own_ relative to key 0's.
void AttentionWeights::softmax(std::size_t j) {
  double largest = 0;
  for (std::size_t i = 1; i < T_; ++i)
    if (sees(j, i)) largest = std::max(largest, own_[i]);
  double sum = 0;
  for (std::size_t i = 0; i < T_; ++i) {
    double& weight = weights_[i * T_ + j];
    weight = sees(j, i) ? exponential((i == 0 ? 0 : own_[i]) - largest) : 0;
    sum += weight;
  }
  for (std::size_t i = 0; i < T_; ++i) weights_[i * T_ + j] /= sum;
}

void AttentionWeights::weigh(std::size_t j, const Magnitude& unit) {
  double largest = 0;
  for (std::size_t i = 1; i < T_; ++i) largest = std::max(largest, std::fabs(steps_[i]));
  const bool near = bounded(largest, unit) < 0.5;
  units_[j] = near && mask_ == AttentionMask::none ? unit : Magnitude::from(1);
  if (near && mask_ == AttentionMask::none) return weigh_near(j, unit.to_double());
  weigh_far(j, bounded(1, unit));
}

void AttentionWeights::weigh_near(std::size_t j, double unit) {
  double mean = 0;
  for (std::size_t i = 1; i < T_; ++i) {
    const double whole = unit * steps_[i];
    own_[i] = std::fabs(whole) < 0x1p-1000 ? steps_[i] : exponential_minus_1(whole) / unit;
    mean += first(i) * own_[i];
  }
  for (std::size_t i = 0; i < T_; ++i) {
    const double difference = first(i) * ((i == 0 ? 0 : own_[i]) - mean) / (1 + unit * mean);
    differences_[i * T_ + j] = difference;
    weights_[i * T_ + j] = first(i) + unit * difference;
  }
}

void AttentionWeights::weigh_far(std::size_t j, double unit) {
  for (std::size_t i = 1; i < T_; ++i) own_[i] = logits_[i] + unit * steps_[i];
  softmax(j);
  for (std::size_t i = 0; i < T_; ++i) differences_[i * T_ + j] = weight(i, j) - first(i);
}

void LogitGradients::operator()(const AttentionWeights& A, const Panel& V, const Panel& D,
                                const HeadRows& rows) {
  const Magnitude values = largest_size(V, 1), outputs = largest_size(D, 0);
  unit_ = values * outputs;
  std::ranges::fill(gradients_, 0.0);
  if (unit_.zero()) return;
  for (std::size_t i = 1; i < T_; ++i) {
    const double of_value = (V.size(i) / values).to_double();
    double others = 0;
    for (std::size_t j = 0; j < T_; ++j) {
      const double of_output = (D.size(j) / outputs).to_double();
      const double g = of_value * of_output * product(V, i, D, j, rows);
      gradients_[i * T_ + j] = g;
      if (j > 0) others += g;
    }
    gradients_[i * T_] -= others;  // D_0 = Σ D_j − D_1 − …
  }
  for (std::size_t j = 0; j < T_; ++j) {
    double mean = 0;
    for (std::size_t i = 1; i < T_; ++i) mean += A.weight(i, j) * gradients_[i * T_ + j];
    for (std::size_t i = 1; i < T_; ++i)
      gradients_[i * T_ + j] = A.weight(i, j) * (gradients_[i * T_ + j] - mean);
  }
}

double LogitGradients::over_queries(std::size_t i) const {
  double sum = 0;
  for (std::size_t j = 0; j < T_; ++j) sum += gradients_[i * T_ + j];
  return sum;
}

}  // namespace varprop::workers
