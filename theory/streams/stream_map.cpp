#include "theory/streams/stream_map.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "theory/infinite_width/correlation.hpp"
#include "theory/infinite_width/layer_map.hpp"
#include "theory/streams/attention_means.hpp"

namespace varprop::theory {

namespace {

constexpr double log_nothing = -std::numeric_limits<double>::infinity();

/// ln(e^a + e^b).
double log_of_both(double a, double b) {
  const double larger = std::max(a, b);
  return std::isinf(larger) ? larger : larger + std::log1p(std::exp(std::min(a, b) - larger));
}

/// e^(part − whole), 0 of nothing.
double share_of(double part, double whole) {
  return std::isinf(part) && part < 0 ? 0 : std::exp(part - whole);
}

double log_two() {
  return std::log(2.0);
}

}  // namespace

StreamMap::StreamMap(const MeanField& mean_field, const StreamNetwork& network, bool pairs)
    : mean_field_(mean_field),
      network_(network),
      pairs_(pairs || network.tokens > 1),
      log_skip_(2 * std::log(network.skip)),
      log_scale_(2 * std::log(network.branch_scale)),
      log_bias_(has_biases(network.block) ? network.bias_variance.ln() : log_nothing) {
  if (has_attention(network.block))
    branches_.push_back(network.tokens == 1 ? &StreamMap::attention_of_one : &StreamMap::attention);
  if (network.block == Block::residual) branches_.push_back(&StreamMap::residual);
  if (has_mlp(network.block)) branches_.push_back(&StreamMap::mlp);
  if (has_glu(network.block)) branches_.push_back(&StreamMap::glu);
}

/// σ² = n_in Var W_ij.
double StreamMap::fan_in_variance(MatrixRole role) const {
  const bool narrows = role == MatrixRole::out && (has_mlp(network_.block) || has_glu(network_.block));
  return network_.variance[role].ln() + std::log(static_cast<double>(narrows ? network_.m : network_.n));
}

StreamMap::Averages StreamMap::averages(double log_s, double log_distance) const {
  const StreamState asked{log_s, log_distance};
  if (last_ && last_->first.log_q == log_s && last_->first.log_distance == log_distance) return last_->second;
  const PlainLayer phi(mean_field_, {1, 0});
  Averages averages{log_nothing, log_nothing, log_nothing, 1};
  if (mean_field_.facts().homogeneous() && std::isfinite(log_s)) {  // V = qD, without a quadrature
    averages.log_D = std::log(mean_square(mean_field_.facts().at_zero));
    averages.log_V = log_s + averages.log_D;
  } else {
    averages.log_V = phi.next({log_s}, 1).log_q;
    averages.log_D = phi.log_gradient_factor({log_s}, 1);
  }
  if (pairs_ && std::isfinite(log_distance) && std::isfinite(log_s)) {
    const int power = mean_field_.facts().power;  // of such φ, K̄/V and K/D do not depend on s
    const double end = 290 * std::log(10.0), log_seen = power != 0 ? 0 : std::clamp(log_s, -end, end);
    const double seen = std::exp(log_seen);
    const PairMeans means = pair_means(mean_field_, seen, angle_of_distance(std::exp(log_distance)));
    const double log_V = phi.next({log_seen}, 1).log_q;
    averages.log_share = std::min(log_two(), log_seen + log_distance + std::log(means.K_bar.value) - log_V);
    averages.slopes = means.K.value / mean_field_.D(seen).value;
  }
  last_ = {asked, averages};
  return averages;
}

StreamState StreamMap::read(const StreamState& state) const {
  return {before_activation(network_.norm) ? 0.0 : state.log_q, state.log_distance};
}

StepOfStream StreamMap::step(Branch branch, const StreamState& state) const {
  StepOfStream step{.branch = (this->*branch)(read(state)),
                    .log_skipped = log_skip_ + state.log_q,
                    .log_added = 0,
                    .log_sum = 0,
                    .next = {}};
  if (before_activation(network_.norm)) step.branch.gain.log -= state.log_q;
  step.log_added = log_scale_ + step.branch.log_v;
  step.log_sum = log_of_both(step.log_skipped, step.log_added);
  step.next.log_q = norm_behind() ? 0.0 : step.log_sum;
  step.next.log_distance =
      std::min(log_two(), log_of_both(step.log_skipped - step.log_sum + state.log_distance,
                                      step.log_added - step.log_sum + step.branch.log_distance));
  return step;
}

std::vector<StepOfStream> StreamMap::up(const StreamState& state) const {
  std::vector<StepOfStream> steps;
  StreamState at = state;
  for (const Branch branch : branches_) {
    steps.push_back(step(branch, at));
    at = steps.back().next;
  }
  return steps;
}

double StreamMap::kappa(const StreamState& state) const {
  if (!has_activation(network_.block)) return 1;
  const double log_q = read(state).log_q;
  const bool gated = has_glu(network_.block);
  const double log_in =
      network_.block == Block::residual ? 0 : fan_in_variance(gated ? MatrixRole::gate : MatrixRole::in);
  const double log_s =
      log_of_both(log_in + log_q, gated || network_.block == Block::residual ? log_nothing : log_bias_);
  const Averages phi = averages(log_s, log_nothing);
  return (gated ? 1 : 0) + std::exp(log_in + log_q + phi.log_D - phi.log_V);
}

/// F = Wφ(u) + b.
BranchStep StreamMap::residual(const StreamState& u) const {
  const Averages phi = averages(u.log_q, u.log_distance);
  const double log_out = fan_in_variance(MatrixRole::out), log_n = std::log(static_cast<double>(network_.n));
  BranchStep step{
      .log_v = log_of_both(log_out + phi.log_V, log_bias_), .log_distance = 0, .gain = {log_out + phi.log_D}};
  step.log_distance = log_out + phi.log_V + phi.log_share - step.log_v;
  step.kept = phi.slopes;
  step.weights[MatrixRole::out] = {log_n + phi.log_V};
  step.log_a = phi.log_V;
  return step;
}

/// F = W₂(φ(W₁u + b₁) m/p) + b₂; masks are independent.
BranchStep StreamMap::mlp(const StreamState& u) const {
  const double p = network_.keep, others = network_.tokens - 1;
  const double log_in = fan_in_variance(MatrixRole::in), log_out = fan_in_variance(MatrixRole::out);
  const double log_s = log_of_both(log_in + u.log_q, log_bias_);
  const Averages phi = averages(log_s, std::min(log_two(), log_in + u.log_q + u.log_distance - log_s));
  const double log_V = phi.log_V - std::log(p), log_D = phi.log_D - std::log(p);
  BranchStep step{.log_v = log_of_both(log_out + log_V, log_bias_),
                  .log_distance = 0,
                  .gain = {log_in + log_out + log_D}};
  const double log_share = p == 1 ? phi.log_share : std::log(1 - p * phi.values());
  step.log_distance = log_out + log_V + log_share - step.log_v;
  step.kept = p * phi.slopes;
  const double cosine_of_u = 1 - std::exp(u.log_distance);
  const double log_n = std::log(static_cast<double>(network_.n)),
               log_m = std::log(static_cast<double>(network_.m));
  step.weights[MatrixRole::in] = {log_n + u.log_q + log_out + log_D, 1, others * step.kept * cosine_of_u};
  step.weights[MatrixRole::out] = {log_m + log_V, 1, others * p * phi.values()};
  step.log_a = phi.log_V;
  return step;
}

/// F = W₃ h, h = φ(W₁u) ⊙ W₂u m/p: E h² = V(s)t/p with s and t the variances of gate and value. A gradient
/// takes σ₃²(σ₂²V + σ₁²tD)/p.
BranchStep StreamMap::glu(const StreamState& u) const {
  const double p = network_.keep, others = network_.tokens - 1;
  const double log_gate = fan_in_variance(MatrixRole::gate), log_value = fan_in_variance(MatrixRole::in),
               log_out = fan_in_variance(MatrixRole::out);
  const double log_t = log_value + u.log_q;
  const Averages phi = averages(log_gate + u.log_q, u.log_distance);
  const double log_h = phi.log_V + log_t - std::log(p);
  const double by_value = log_out + log_value + phi.log_V - std::log(p),
               by_gate = log_out + log_gate + log_t + phi.log_D - std::log(p);
  BranchStep step{.log_v = log_out + log_h, .log_distance = 0, .gain = {log_of_both(by_value, by_gate)}};
  const double share = std::exp(phi.log_share), distance = std::exp(u.log_distance);
  const double of_h = share + distance - share * distance;  // 1 − C c/V
  step.log_distance = std::log(p == 1 ? of_h : 1 - p * (1 - of_h));
  step.kept = p * (share_of(by_value, step.gain.log) * phi.values() +
                   share_of(by_gate, step.gain.log) * phi.slopes * (1 - distance));
  const double log_n = std::log(static_cast<double>(network_.n)),
               log_m = std::log(static_cast<double>(network_.m));
  step.weights[MatrixRole::gate] = {log_n + u.log_q + by_gate - log_gate, 1,
                                    others * p * phi.slopes * std::pow(1 - distance, 2)};
  step.weights[MatrixRole::in] = {log_n + u.log_q + by_value - log_value, 1,
                                  others * p * phi.values() * (1 - distance)};
  step.weights[MatrixRole::out] = {log_m + log_h, 1, others * p * (1 - of_h)};
  step.log_a = phi.log_V;
  return step;
}

/// One token: F = W_O W_V u.
BranchStep StreamMap::attention_of_one(const StreamState& u) const {
  const double log_value = fan_in_variance(MatrixRole::value),
               log_out = fan_in_variance(MatrixRole::attention_out),
               log_n = std::log(static_cast<double>(network_.n));
  BranchStep step{
      .log_v = log_value + log_out + u.log_q, .log_distance = u.log_distance, .gain = {log_value + log_out}};
  step.weights[MatrixRole::value] = {log_n + u.log_q + log_out};
  step.weights[MatrixRole::attention_out] = {log_n + u.log_q + log_value};
  return step;
}

/// T tokens of Gram matrix (q − r)I + r 11ᵀ, r = cq. Logits have the variance σ_a² per query and key, of
/// which τ² = σ_a² q(q − r) tells keys apart. To the paths through V (σ_vo² = σ_v²σ_o², dA = dOᵀV) come those
/// through Q and K: with dS = A∘(dA − rowsum(A∘dA)), whose rows sum to 0,
///
///     E dS_ia dS_i'a = σ_vo² D_i·D_i' (q − r) A_ia A_i'a (1 − A_ia − A_i'a + A_i·A_i')
///     |dQ_i|² = σ_k²(q − r) Σ_a E dS_ia²,   Σ_a |dK_a|² = σ_q² Σ_ii' G_ii' Σ_a E dS_ia dS_i'a,   Σ_a dK_a =
///     0
BranchStep StreamMap::attention(const StreamState& u) const {
  const double T = network_.tokens, others = T - 1;
  const double log_value = fan_in_variance(MatrixRole::value),
               log_out = fan_in_variance(MatrixRole::attention_out),
               log_query = fan_in_variance(MatrixRole::query), log_key = fan_in_variance(MatrixRole::key);
  const auto d_h = static_cast<double>(network_.n / network_.heads);
  const double log_a = log_query + log_key - (network_.scale == AttentionScale::linear ? std::log(d_h) : 0);
  const double distance = std::min(2.0, std::exp(u.log_distance)), c = 1 - distance;
  constexpr double largest_logit = 1e6;  // there attention is one key's
  const double log_tau = std::min(std::log(largest_logit), log_a + 2 * u.log_q + u.log_distance);
  const double tau = std::exp(log_tau);  // τ²
  const AttentionMeans A = attention_means(network_.tokens, tau, distance);
  const double own = c + distance * A.square, pair = c + distance * A.product;  // of O, over q
  BranchStep step{.log_v = log_value + log_out + u.log_q + std::log(own),
                  .log_distance = u.log_distance + std::log(A.difference / own),
                  .gain = {log_value + log_out, A.square + tau * (1 + distance) * A.logit_square,
                           others * (A.product + tau * c * A.logit_product)}};
  step.shared = (1 - A.square - tau * A.logit_square) / others;
  step.kept = 1 - A.product + tau * (distance - c) * A.logit_product;
  const double log_n_q = std::log(static_cast<double>(network_.n)) + u.log_q;
  const double log_logits = log_n_q + log_value + log_out + log_tau + u.log_distance;
  step.weights[MatrixRole::query] = {log_logits - log_query, A.logit_square, others * c * A.logit_product};
  step.weights[MatrixRole::key] = step.weights[MatrixRole::query];
  step.weights[MatrixRole::key].log = log_logits - log_key;
  step.weights[MatrixRole::value] = {log_n_q + log_out, A.square + c * (1 - A.square),
                                     others * (A.product + c * (1 - A.product))};
  step.weights[MatrixRole::attention_out] = {log_n_q + log_value, own, others * pair};
  return step;
}

namespace {

double share_added(const StepOfStream& step) {
  return share_of(step.log_added, step.log_sum);
}

/// E(D·F)²/(|D|²v): D has the share `along` of its entries' in the direction of x' = αx + βF, of which F is
/// the share s, and is isotropic across. Other columns' share of x' matters behind a norm, where D has none
/// of it.
double share_in_branch(const StreamMap& map, const StepOfStream& step, std::int32_t tokens,
                       const StreamGradient& gradient) {
  const double s = share_added(step), own = s * gradient.along + (1 - s);
  const double of_F = 1 - std::exp(step.branch.log_distance), of_sum = 1 - std::exp(step.next.log_distance);
  const double pair = map.norm_behind() ? of_F * (1 - 2 * s) + s * of_sum : of_F * own;
  return own + (tokens - 1) * gradient.gamma * pair;
}

/// The same share in the direction of x.
double along_input(const StepOfStream& step, double along) {
  const double s = share_added(step);
  return (1 - s) * along + s;
}

/// Through one branch and its skip.
void pass_down_step(const StreamMap& map, const StepOfStream& step, std::int32_t tokens,
                    StreamGradient& gradient, LayerGradients& told) {
  const BranchStep& branch = step.branch;
  if (map.norm_behind()) gradient.log_g -= step.log_sum, gradient.along = 0;
  const double log_g = gradient.log_g, gamma = gradient.gamma;
  for (std::size_t role = 0; role < matrix_roles; ++role) {
    const PairForm& form = branch.weights.values[role];
    if (!std::isinf(form.log)) told.log_weights.values[role] = map.log_scale() + log_g + form.at(gamma);
  }
  told.log_branch_gradient =
      log_of_both(told.log_branch_gradient,
                  log_g + branch.log_v + std::log(share_in_branch(map, step, tokens, gradient)));
  const double log_own = map.log_scale() + branch.gain.at(gamma);
  const double log_factor = log_of_both(map.log_skip(), log_own);
  gradient.gamma =
      share_of(map.log_skip(), log_factor) * gamma +
      share_of(map.log_scale() + branch.gain.log, log_factor) * (branch.shared + branch.kept * gamma);
  gradient.log_g += log_factor;
  if (map.norm_before())
    gradient.along = share_of(map.log_skip(), log_factor) * along_input(step, gradient.along);
}

}  // namespace

LayerGradients pass_down(const StreamMap& map, const std::vector<StepOfStream>& steps, std::int32_t tokens,
                         StreamGradient& gradient) {
  LayerGradients told{.log_weights = {}, .log_branch_gradient = log_nothing};
  told.log_weights.values.fill(log_nothing);
  for (auto step = steps.rbegin(); step != steps.rend(); ++step)
    pass_down_step(map, *step, tokens, gradient, told);
  return told;
}

}  // namespace varprop::theory
