#include "workers/networks/attention_branch.hpp"

#include <algorithm>
#include <cmath>

namespace varprop::workers {

namespace {

std::array<Panel, 3> three_panels(std::int64_t rows, std::size_t columns) {
  return {Panel(rows, columns), Panel(rows, columns), Panel(rows, columns)};
}

std::array<Magnitude, 3> query_key_and_value(const StreamNetwork& network) {
  return {network.variance[MatrixRole::query], network.variance[MatrixRole::key],
          network.variance[MatrixRole::value]};
}

Magnitude logit_scale(AttentionScale scale, std::size_t d) {
  const Magnitude inverse = Magnitude::from(1 / static_cast<double>(d));
  return scale == AttentionScale::linear ? inverse : inverse.square_root();
}

}  // namespace

AttentionBranch::AttentionBranch(const StreamNetwork& network, const MatrixSource& source, std::uint32_t p)
    : T_(static_cast<std::size_t>(network.tokens)),
      d_(static_cast<std::size_t>(network.n / network.heads)),
      tau_(logit_scale(network.scale, d_)),
      in_(source, p, network.n, network.n, T_, query_key_and_value(network)),
      out_(source, p + 1, network.n, network.n, network.variance[MatrixRole::attention_out]),
      in_panels_(three_panels(network.n, T_)),
      gradients_(three_panels(network.n, T_)),
      A_(static_cast<std::size_t>(network.heads), AttentionWeights(T_, network.mask)),
      dS_(T_),
      O_(network.n, T_),
      dO_(network.n, T_) {}

void AttentionBranch::begin(const LayerOfNetwork& at) {
  in_.begin(at);
  out_.begin(at);
}

void AttentionBranch::forward(const Panel& U, Panel& Y, LayerMeasures&) {
  in_.times(U, in_panels_);
  for (std::size_t h = 0; h < A_.size(); ++h) A_[h](in_panels_[key], in_panels_[query], rows(h), tau_);
  attend();
  O_.normalize();
  out_.times(O_, Y);
}

/// o_0 = v_0 + Σ A_i0 (v_i − v_0) and o_j − o_0 = Σ (A_ij − A_i0)(v_i − v_0), i from 1; every column in units
/// that all heads share.
void AttentionBranch::attend() {
  const Panel& V = in_panels_[value];
  for (std::size_t j = 0; j < T_; ++j) {
    Magnitude unit = j == 0 ? Magnitude::from(1) : Magnitude();
    for (const AttentionWeights& A : A_) unit = j == 0 ? unit : larger(unit, A.unit(j));
    O_.size(j) = unit * largest_size(V, j == 0 ? 0 : 1);
    for (std::size_t h = 0; h < A_.size(); ++h) {
      const std::size_t offset = rows(h).offset;
      sum_.clear();
      if (j == 0) sum_.add(V.data(0) + offset, 1, V.size(0));
      for (std::size_t i = 1; i < T_; ++i) {
        if (j == 0) sum_.add(V.data(i) + offset, A_[h].first(i), V.size(i));
        if (j > 0) sum_.add(V.data(i) + offset, A_[h].difference(i, j), A_[h].unit(j) * V.size(i));
      }
      sum_.write(O_.size(j), d_, O_.data(j) + offset);
    }
  }
}

void AttentionBranch::backward(const Panel& U, Panel& D, Panel& dU, LayerMeasures& measures) {
  measures.weight_gradient[MatrixRole::attention_out] = outer_.squared_norm(D, O_);
  out_.transposed_times(D, dO_);
  for (std::size_t h = 0; h < A_.size(); ++h) step_back_through(h, dO_);
  measures.weight_gradient[MatrixRole::query] = outer_.squared_norm(gradients_[query], U);
  measures.weight_gradient[MatrixRole::key] = outer_.squared_norm(gradients_[key], U);
  measures.weight_gradient[MatrixRole::value] = outer_.squared_norm(gradients_[value], U);
  in_.transposed_times(gradients_, dU);
}

/// With dS = ∂ℓ/∂S, Σ_i dS_ij = 0:
///     dq_j = τ Σ_i dS_ij (k_i − k_0),   dk_i = τ [(Σ_j dS_ij) q_0 + Σ_j dS_ij (q_j − q_0)],   Σ_i dk_i = 0,
///     dv_i = A_i0 Σ_j D_j + Σ_j (A_ij − A_i0) D_j,   Σ_i dv_i = Σ_j D_j.
void AttentionBranch::step_back_through(std::size_t h, const Panel& D) {
  const auto& [Q, K, V] = in_panels_;
  auto& [dQ, dK, dV] = gradients_;
  const auto [offset, d] = rows(h);
  const AttentionWeights& A = A_[h];
  dS_(A, V, D, rows(h));
  const Magnitude of_keys = largest_size(K, 1), of_queries = largest_size(Q, 0);
  const Magnitude of_outputs = largest_size(D, 0);
  for (std::size_t t = 0; t < T_; ++t) {
    dQ.size(t) = tau_ * dS_.unit() * of_keys;
    dK.size(t) = t == 0 ? Magnitude() : tau_ * dS_.unit() * of_queries;
    dV.size(t) = t == 0 ? D.size(0) : of_outputs;
    sum_.clear();
    for (std::size_t i = 1; i < T_; ++i)
      sum_.add(K.data(i) + offset, t == 0 ? dS_.over_queries(i) : dS_(i, t), K.size(i));
    sum_.write(of_keys, d, dQ.data(t) + offset);
    if (t == 0) {
      std::copy_n(D.data(0) + offset, d, dV.data(0) + offset);
      continue;
    }
    sum_.clear().add(Q.data(0) + offset, dS_.over_queries(t), Q.size(0));
    for (std::size_t j = 1; j < T_; ++j) sum_.add(Q.data(j) + offset, dS_(t, j), Q.size(j));
    sum_.write(of_queries, d, dK.data(t) + offset);
    sum_.clear().add(D.data(0) + offset, A.first(t), D.size(0));
    for (std::size_t j = 1; j < T_; ++j)
      sum_.add(D.data(j) + offset, A.difference(t, j), A.unit(j) * D.size(j));
    sum_.write(of_outputs, d, dV.data(t) + offset);
  }
}

}  // namespace varprop::workers
