#include "workers/networks/attention_weights.hpp"

#include <algorithm>
#include <cmath>

#include "workers/kernels/panel_products.hpp"

namespace varprop::workers {

namespace {

constexpr double largest_logit = 0x1p900;  ///< beyond it softmax knows no more

double bounded(double x) {
  return std::clamp(x, -largest_logit, largest_logit);
}

double bounded(const Magnitude& size) {
  return size.below_power(900) ? size.to_double() : largest_logit;
}

/// Rows offset … of columns first, first + 1, ….
void read_columns(const Panel& X, std::size_t first, const HeadRows& rows,
                  std::vector<const double*>& columns) {
  columns.clear();
  for (std::size_t t = first; t < X.columns(); ++t) columns.push_back(X.data(t) + rows.offset);
}

}  // namespace

double ratio(const Magnitude& a, const Magnitude& b) {
  return b.zero() ? 0 : (a / b).to_double();
}

Magnitude largest_size(const Panel& panel, std::size_t first) {
  Magnitude largest;
  for (std::size_t t = first; t < panel.columns(); ++t) largest = larger(largest, panel.size(t));
  return largest;
}

void LogitSizes::of(const Panel& K, const Panel& Q, const Magnitude& tau) {
  const std::size_t T = K.columns();
  const Magnitude largest = largest_size(K, 1);
  for (auto* values : {&keys, &first, &bounded}) values->resize(T);
  queries.resize(T);
  for (std::size_t t = 0; t < T; ++t) {
    keys[t] = ratio(K.size(t), t == 0 ? K.size(0) : largest);
    first[t] = workers::bounded(tau * K.size(t) * Q.size(0));
    queries[t] = tau * largest * Q.size(t);
    bounded[t] = workers::bounded(queries[t]);
  }
}

AttentionWeights::AttentionWeights(std::size_t T, AttentionMask mask)
    : T_(T),
      mask_(mask),
      weights_(T * T),
      differences_(T * T),
      units_(T),
      logits_(T),
      products_(T * (T - 1)),
      own_(T) {}

void AttentionWeights::operator()(const Panel& K, const Panel& Q, const HeadRows& rows,
                                  const LogitSizes& sizes) {
  read_columns(K, 1, rows, keys_);
  read_columns(Q, 0, rows, queries_);
  cross_products(queries_, keys_, rows.d, products_.data());
  for (std::size_t i = 1; i < T_; ++i) own_[i] = logits_[i] = bounded(products_[i - 1] * sizes.first[i]);
  softmax(0);
  for (std::size_t j = 1; j < T_; ++j) {
    double* const steps = products_.data() + j * (T_ - 1) - 1;
    for (std::size_t i = 1; i < T_; ++i) steps[i] *= sizes.keys[i];
    weigh(j, steps, sizes);
  }
}

/// Query j from logits own_ relative to key 0's, which become their distances from the largest.
void AttentionWeights::softmax(std::size_t j) {
  own_[0] = 0;
  double largest = 0;
  for (std::size_t i = 1; i < T_; ++i)
    if (sees(j, i)) largest = std::max(largest, own_[i]);
  double* const weights = weights_.data() + j * T_;
  for (std::size_t i = 0; i < T_; ++i) weights[i] = sees(j, i) ? own_[i] - largest : -largest_logit;
  exponentials(T_, weights);
  double sum = 0;
  for (std::size_t i = 0; i < T_; ++i) sum += weights[i];
  for (std::size_t i = 0; i < T_; ++i) weights[i] /= sum;
}

/// From e_ij in units of sizes.queries[j].
void AttentionWeights::weigh(std::size_t j, const double* steps, const LogitSizes& sizes) {
  double largest = 0;
  for (std::size_t i = 1; i < T_; ++i) largest = std::max(largest, std::fabs(steps[i]));
  const double unit = sizes.bounded[j];
  const bool near = largest * unit < 0.5 && mask_ == AttentionMask::none;
  units_[j] = near ? sizes.queries[j] : Magnitude::from(1);
  if (near) return weigh_near(j, steps, unit);
  for (std::size_t i = 1; i < T_; ++i) own_[i] = logits_[i] + bounded(unit * steps[i]);
  softmax(j);
  for (std::size_t i = 0; i < T_; ++i) differences_[j * T_ + i] = weight(i, j) - first(i);
}

void AttentionWeights::weigh_near(std::size_t j, const double* steps, double unit) {
  own_[0] = 0;
  for (std::size_t i = 1; i < T_; ++i) own_[i] = unit * steps[i];
  exponentials_minus_1(T_, own_.data());
  double mean = 0;
  for (std::size_t i = 1; i < T_; ++i) {
    own_[i] = std::fabs(own_[i]) < 0x1p-1000 ? steps[i] : own_[i] / unit;
    mean += first(i) * own_[i];
  }
  for (std::size_t i = 0; i < T_; ++i) {
    const double difference = first(i) * (own_[i] - mean) / (1 + unit * mean);
    differences_[j * T_ + i] = difference;
    weights_[j * T_ + i] = first(i) + unit * difference;
  }
}

void LogitGradients::of(const Panel& V, const Panel& D) {
  const Magnitude values = largest_size(V, 1), outputs = largest_size(D, 0);
  unit_ = values * outputs;
  products_.resize(T_ * (T_ - 1));
  of_values_.resize(T_);
  of_outputs_.resize(T_);
  for (std::size_t t = 0; t < T_; ++t) {
    of_values_[t] = t == 0 ? 0 : ratio(V.size(t), values);
    of_outputs_[t] = ratio(D.size(t), outputs);
  }
}

void LogitGradients::operator()(const AttentionWeights& A, const Panel& V, const Panel& D,
                                const HeadRows& rows) {
  std::ranges::fill(over_queries_, 0.0);
  std::ranges::fill(gradients_, 0.0);
  if (unit_.zero()) return;
  read_columns(V, 1, rows, values_);
  read_columns(D, 0, rows, outputs_);
  cross_products(outputs_, values_, rows.d, products_.data());
  for (std::size_t j = 0; j < T_; ++j) {
    double* const own = gradients_.data() + j * T_;
    for (std::size_t i = 1; i < T_; ++i)
      own[i] = of_outputs_[j] * of_values_[i] * products_[j * (T_ - 1) + i - 1];
    for (std::size_t i = 1; i < T_ && j > 0; ++i) gradients_[i] -= own[i];  // D_0 = Σ D_j − D_1 − …
  }
  for (std::size_t j = 0; j < T_; ++j) {
    double* const own = gradients_.data() + j * T_;
    double mean = 0;
    for (std::size_t i = 1; i < T_; ++i) mean += A.weight(i, j) * own[i];
    for (std::size_t i = 1; i < T_; ++i) {
      own[i] = A.weight(i, j) * (own[i] - mean);
      over_queries_[i] += own[i];
    }
  }
}

}  // namespace varprop::workers
