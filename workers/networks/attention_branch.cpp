#include "workers/networks/attention_branch.hpp"

#include <algorithm>
#include <cmath>

#include "workers/kernels/panel_products.hpp"

namespace varprop::workers {

namespace {

std::array<Panel, 3> three_panels(std::int64_t rows, std::size_t columns) {
  return {Panel(rows, columns), Panel(rows, columns), Panel(rows, columns)};
}

std::array<Magnitude, 3> query_key_and_value(const StreamNetwork& network) {
  return {network.variance[MatrixRole::query], network.variance[MatrixRole::key],
          network.variance[MatrixRole::value]};
}

Magnitude logit_scale(AttentionScale scale, std::int64_t d) {
  const Magnitude inverse = Magnitude::from(1 / static_cast<double>(d));
  return scale == AttentionScale::linear ? inverse : inverse.square_root();
}

/// |x_t| over a unit.
void relative_sizes(const Panel& X, const Magnitude& unit, std::vector<double>& sizes) {
  sizes.resize(X.columns());
  for (std::size_t t = 0; t < X.columns(); ++t) sizes[t] = ratio(X.size(t), unit);
}

}  // namespace

AttentionBranch::AttentionBranch(const StreamNetwork& network, const MatrixSource& source,
                                 const LayerSpaces& spaces, std::uint32_t p)
    : T_(static_cast<std::size_t>(network.tokens)),
      d_(static_cast<std::size_t>(spaces.head)),
      tau_(logit_scale(network.scale, network.n / network.heads)),
      in_(source, p, spaces.projections, spaces.read, T_, query_key_and_value(network)),
      out_(source, p + 1, spaces.written, spaces.heads, network.variance[MatrixRole::attention_out]),
      in_panels_(three_panels(spaces.heads.rows(), T_)),
      gradients_(three_panels(spaces.heads.rows(), T_)),
      A_(static_cast<std::size_t>(network.heads), AttentionWeights(T_, network.mask)),
      dS_(T_),
      O_(spaces.heads.rows(), T_),
      dO_(spaces.heads.rows(), T_) {}

void AttentionBranch::begin(const LayerOfNetwork& at) {
  in_.begin(at);
  out_.begin(at);
}

void AttentionBranch::forward(const Panel& U, Panel& Y, LayerMeasures&) {
  in_.times(U, in_panels_);
  sizes_.of(in_panels_[key], in_panels_[query], tau_);
  for (std::size_t h = 0; h < A_.size(); ++h) A_[h](in_panels_[key], in_panels_[query], rows(h), sizes_);
  attend();
  O_.normalize();
  out_.times(O_, Y);
}

/// o_0 = v_0 + Σ A_i0 (v_i − v_0) and o_j − o_0 = Σ (A_ij − A_i0)(v_i − v_0), i from 1; every column in units
/// that all heads share.
void AttentionBranch::attend() {
  const Panel& V = in_panels_[value];
  const Magnitude differences = largest_size(V, 1), all = largest_size(V, 0);
  relative_sizes(V, differences, of_values_);
  for (std::size_t j = 0; j < T_; ++j) {
    Magnitude unit;
    for (const AttentionWeights& A : A_) unit = larger(unit, A.unit(j));
    O_.size(j) = j == 0 ? all : unit * differences;
  }
  for (std::size_t h = 0; h < A_.size(); ++h) {
    const AttentionWeights& A = A_[h];
    factors_.assign(T_ * T_, 0.0);
    for (std::size_t i = 0; i < T_; ++i) factors_[i * T_] = (i == 0 ? 1 : A.first(i)) * ratio(V.size(i), all);
    for (std::size_t j = 1; j < T_; ++j) {
      const double unit = ratio(A.unit(j) * differences, O_.size(j));
      for (std::size_t i = 1; i < T_; ++i) factors_[i * T_ + j] = unit * (A.difference(i, j) * of_values_[i]);
    }
    combine(V, 0, O_, 0, rows(h));
  }
}

/// Columns of `out` from those of X, of one head, by factors_. Shape: factors_ [columns of X][of out].
void AttentionBranch::combine(const Panel& X, std::size_t first, Panel& out, std::size_t first_out,
                              const HeadRows& rows) {
  read_.clear();
  written_.clear();
  for (std::size_t t = first; t < X.columns(); ++t) read_.push_back(X.data(t) + rows.offset);
  for (std::size_t t = first_out; t < out.columns(); ++t) written_.push_back(out.data(t) + rows.offset);
  multiply_columns_by(read_, factors_.data(), rows.d, written_);
}

void AttentionBranch::backward(const Panel& U, Panel& D, Panel& dU, LayerMeasures& measures) {
  measures.weight_gradient[MatrixRole::attention_out] = outer_.squared_norm(D, O_);
  out_.transposed_times(D, dO_);
  begin_way_back();
  for (std::size_t h = 0; h < A_.size(); ++h) step_back_through(h);
  measures.weight_gradient[MatrixRole::query] = outer_.squared_norm(gradients_[query], U);
  measures.weight_gradient[MatrixRole::key] = outer_.squared_norm(gradients_[key], U);
  measures.weight_gradient[MatrixRole::value] = outer_.squared_norm(gradients_[value], U);
  in_.transposed_times(gradients_, dU);
}

/// With dS = ∂ℓ/∂S, Σ_i dS_ij = 0:
///     dq_j = τ Σ_i dS_ij (k_i − k_0),   dk_i = τ [(Σ_j dS_ij) q_0 + Σ_j dS_ij (q_j − q_0)],   Σ_i dk_i = 0,
///     dv_i = A_i0 Σ_j D_j + Σ_j (A_ij − A_i0) D_j,   Σ_i dv_i = Σ_j D_j:
/// sizes of these columns, and of what they are sums of.
void AttentionBranch::begin_way_back() {
  const auto& [Q, K, V] = in_panels_;
  auto& [dQ, dK, dV] = gradients_;
  dS_.of(V, dO_);
  const Magnitude of_queries = largest_size(Q, 0), of_outputs = largest_size(dO_, 0);
  relative_sizes(Q, of_queries, of_queries_);
  relative_sizes(dO_, of_outputs, of_outputs_);
  for (std::size_t t = 0; t < T_; ++t) {
    dQ.size(t) = tau_ * dS_.unit() * largest_size(K, 1);
    dK.size(t) = t == 0 ? Magnitude() : tau_ * dS_.unit() * of_queries;
    dV.size(t) = t == 0 ? dO_.size(0) : of_outputs;
  }
}

void AttentionBranch::step_back_through(std::size_t h) {
  const auto& [Q, K, V] = in_panels_;
  auto& [dQ, dK, dV] = gradients_;
  const AttentionWeights& A = A_[h];
  const std::size_t others = T_ - 1;
  dS_(A, V, dO_, rows(h));
  factors_.resize(T_ * T_);
  for (std::size_t i = 1; i < T_; ++i) {
    double* const of_key = factors_.data() + (i - 1) * T_;
    of_key[0] = sizes_.keys[i] * dS_.over_queries(i);
    for (std::size_t j = 1; j < T_; ++j) of_key[j] = sizes_.keys[i] * dS_(i, j);
  }
  combine(K, 1, dQ, 0, rows(h));
  for (std::size_t j = 0; j < T_; ++j)
    for (std::size_t i = 1; i < T_; ++i)
      factors_[j * others + i - 1] = of_queries_[j] * (j == 0 ? dS_.over_queries(i) : dS_(i, j));
  combine(Q, 0, dK, 1, rows(h));
  for (std::size_t j = 0; j < T_; ++j) {
    const double unit = of_outputs_[j] * (j == 0 ? 1 : A.unit(j).to_double());
    for (std::size_t i = 1; i < T_; ++i)
      factors_[j * others + i - 1] = unit * (j == 0 ? A.first(i) : A.difference(i, j));
  }
  combine(dO_, 0, dV, 1, rows(h));
  std::copy_n(dO_.data(0) + rows(h).offset, d_, dV.data(0) + rows(h).offset);
}

}  // namespace varprop::workers
