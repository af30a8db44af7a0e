#include "workers/networks/layer.hpp"

#include <algorithm>
#include <cmath>

#include "workers/networks/attention_branch.hpp"
#include "workers/networks/glu_branch.hpp"
#include "workers/networks/mlp_branch.hpp"
#include "workers/networks/residual_branch.hpp"

namespace varprop::workers {

namespace {

std::optional<TokenNorm> norm_of(const StreamNetwork& network, const StreamAxes& axes) {
  if (network.norm == Norm::none) return std::nullopt;
  return TokenNorm(network.norm, axes, static_cast<std::size_t>(network.tokens));
}

std::optional<StreamFold> fold_of(const LayerSpaces& spaces) {
  if (!spaces.stream.folded) return std::nullopt;
  return StreamFold(spaces);
}

}  // namespace

StreamStep::StreamStep(const StreamNetwork& network, const MatrixSource& source, std::uint32_t p,
                       std::unique_ptr<Branch> branch)
    : alpha_(network.skip),
      beta_(network.branch_scale),
      before_(before_activation(network.norm)),
      norm_(norm_of(network, source.spaces(network).stream)),
      fold_(fold_of(source.spaces(network))),
      key_(source.key(p)),
      rotation_(key_, 0, 0, Purpose::rotation),
      branch_(std::move(branch)) {
  for (Panel* panel : {&U_, &Y_, &dY_, &dU_, &sum_})
    *panel = Panel(source.spaces(network).stream.rows, static_cast<std::size_t>(network.tokens));
}

void StreamStep::begin(const LayerOfNetwork& at) {
  rotation_ = at.stream(key_, Purpose::rotation);
  branch_->begin(at);
}

void StreamStep::forward(const Panel& X, Panel& out, LayerMeasures& measures) {
  if (norm_first()) {
    U_ = X;
    norm_->apply(U_);
  }
  branch_->forward(U(X), Y_, measures);
  add_panels(alpha_, X, beta_, Y_, terms_, out);
  if (norm_last()) norm_->apply(out);
  if (fold_) fold_->fold(out);
}

SignedMagnitude StreamStep::backward(const Panel& X, Panel& D, LayerMeasures& measures) {
  if (fold_) fold_->unfold(D, rotation_);
  if (norm_last()) norm_->apply_transposed_jacobian(D);
  const SignedMagnitude of_beta = inner_product(D, Y_);
  dY_ = D;
  dY_.multiply(Magnitude::from(beta_));
  if (fold_) fold_->fold_gradient(D);
  branch_->backward(U(X), dY_, dU_, measures);
  if (norm_first()) norm_->apply_transposed_jacobian(dU_);
  add_panels(alpha_, D, 1, dU_, terms_, sum_);
  std::swap(D, sum_);
  if (fold_) fold_->fold_gradient(D);
  return of_beta;
}

StreamLayer::StreamLayer(const StreamNetwork& network, const MatrixSource& source)
    : between_(source.spaces(network).stream.rows, static_cast<std::size_t>(network.tokens)) {
  std::uint32_t p = 0;
  const auto add = [&]<class BranchType>() {
    steps_.emplace_back(network, source, p, std::make_unique<BranchType>(network, source, p));
    p += 2;
  };
  if (has_attention(network.block)) add.template operator()<AttentionBranch>();
  if (network.block == Block::residual) add.template operator()<ResidualBranch>();
  if (has_mlp(network.block)) add.template operator()<MlpBranch>();
  if (has_glu(network.block)) add.template operator()<GluBranch>();
}

void StreamLayer::begin(const LayerOfNetwork& at) {
  for (StreamStep& step : steps_) step.begin(at);
}

void StreamLayer::forward(const Panel& X, Panel& out, LayerMeasures& measures) {
  if (steps_.size() == 1) return steps_[0].forward(X, out, measures);
  steps_[0].forward(X, between_, measures);
  steps_[1].forward(between_, out, measures);
}

void StreamLayer::backward(const Panel& X, Panel& D, LayerMeasures& measures) {
  SignedMagnitude of_beta = steps_.back().backward(steps_.size() == 1 ? X : between_, D, measures);
  if (steps_.size() == 2) of_beta = of_beta + steps_[0].backward(X, D, measures);
  measures.branch_gradient = of_beta.magnitude() * of_beta.magnitude();
}

PlainLayer::PlainLayer(const StreamNetwork& network, const MatrixSource& source)
    : before_(before_activation(network.norm)),
      norm_(norm_of(network, {.n = network.n, .rows = network.n})),
      mask_key_(source.key(0)),
      mask_(network.keep, network.n, 1),
      guard_(network.norm != Norm::none, 1),
      phi_(network.activation, network.n, 1),
      matrix_(source, 0, Space(network.n), Space(network.n), network.variance[MatrixRole::out],
              Space(network.n), network.bias_variance) {
  for (Panel* panel : {&U_, &a_, &gradient_}) *panel = Panel(network.n, 1);
}

/// Dropout of a^{l−1} has that layer's number.
void PlainLayer::begin(const LayerOfNetwork& at) {
  first_ = at.l == 1;
  matrix_.begin(at);
  if (!first_) mask_.draw({mask_key_, at.replica, static_cast<std::uint32_t>(at.l - 1), Purpose::mask});
}

void PlainLayer::activate(const Panel& X) {
  if (norm_ && before_) {
    U_ = X;
    norm_->apply(U_);
  }
  phi_(norm_ && before_ ? U_ : X);
  phi_.take_values(a_);
  a_.normalize();
  if (norm_ && !before_) norm_->apply(a_);
}

void PlainLayer::forward(const Panel& X, Panel& out, LayerMeasures& measures) {
  a_ = X;
  if (!first_) {
    activate(X);
    measures.activations = mean_square(a_);
    mask_.apply(a_);
    a_.normalize();
  }
  matrix_.times(a_, out);
  out.normalize();
}

Magnitude PlainLayer::last_activations(const Panel& z) {
  activate(z);
  return mean_square(a_);
}

void PlainLayer::backward(const Panel&, Panel& D, LayerMeasures& measures) {
  measures.weight_gradient[MatrixRole::out] = outer_.squared_norm(D, a_);
  measures.bias_gradient = D.squared_norm(0);
  matrix_.transposed_times(D, gradient_);
  std::swap(D, gradient_);
  if (first_) return;
  guard_.before(D);
  mask_.apply_to_tokens(D);
  if (norm_ && !before_) {
    norm_->apply_transposed_jacobian(D);
    guard_.passed(0, norm_->slope(0));
  }
  multiply_columns(D, phi_.slopes());
  guard_.passed(phi_.slopes());
  guard_.drop(D);
  if (norm_ && before_) norm_->apply_transposed_jacobian(D);
}

}  // namespace varprop::workers
