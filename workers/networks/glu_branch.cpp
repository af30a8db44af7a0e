#include "workers/networks/glu_branch.hpp"

#include "workers/kernels/panel_products.hpp"

namespace varprop::workers {

namespace {

std::array<Panel, 2> two_panels(std::int64_t rows, std::size_t columns) {
  return {Panel(rows, columns), Panel(rows, columns)};
}

std::array<Magnitude, 2> gate_and_value(const StreamNetwork& network) {
  return {network.variance[MatrixRole::gate], network.variance[MatrixRole::in]};
}

/// Column t of `out` becomes the product of two columns.
void multiply_into(const Panel& x, std::size_t of_x, const Panel& y, std::size_t of_y, Panel& out,
                   std::size_t t) {
  multiply_elements(x.data(of_x), y.data(of_y), static_cast<std::size_t>(x.rows()), out.data(t));
  out.size(t) = x.size(of_x) * y.size(of_y);
}

}  // namespace

GluBranch::GluBranch(const StreamNetwork& network, const MatrixSource& source, const LayerSpaces& spaces,
                     std::uint32_t p)
    : mask_key_(source.key(p)),
      in_(source, p, Space(2 * network.m), spaces.read, static_cast<std::size_t>(network.tokens),
          gate_and_value(network)),
      out_(source, p + 1, spaces.written, Space(network.m), network.variance[MatrixRole::out]),
      phi_(network.activation, network.m, static_cast<std::size_t>(network.tokens)),
      mask_(network.keep, network.m, static_cast<std::size_t>(network.tokens)),
      z_(two_panels(network.m, static_cast<std::size_t>(network.tokens))),
      values_(network.m, static_cast<std::size_t>(network.tokens)),
      h_(network.m, static_cast<std::size_t>(network.tokens)),
      products_(two_panels(network.m, network.tokens > 1 ? 1 : 0)),
      guard_(network.skip == 0, static_cast<std::size_t>(network.tokens)),
      guard_at_value_(guard_),
      coordinates_(network.m, static_cast<std::size_t>(network.tokens)) {}

void GluBranch::begin(const LayerOfNetwork& at) {
  in_.begin(at);
  out_.begin(at);
  mask_.draw(at.stream(mask_key_, Purpose::mask));
}

void GluBranch::forward(const Panel& U, Panel& Y, LayerMeasures& measures) {
  in_.times(U, z_);
  phi_(z_[0]);
  measures.activations = mean_square(phi_.tokens());
  open_gates();
  mask_.apply(h_);
  h_.normalize();
  out_.times(h_, Y);
  values_ = z_[1];
  coordinates_.to_tokens(values_);
}

/// h_t − h_0 = φ(z_t)(w_t − w_0) + (φ(z_t) − φ(z_0)) w_0, z the gates and w the values.
void GluBranch::open_gates() {
  const Panel& w = z_[1];
  multiply_into(phi_.values(), 0, w, 0, h_, 0);
  for (std::size_t t = 1; t < h_.columns(); ++t) {
    multiply_into(phi_.tokens(), t, w, t, products_[0], 0);
    multiply_into(phi_.values(), t, w, 0, products_[1], 0);
    sum_.clear().add(products_[0], 0).add(products_[1], 0).write(h_, t);
  }
}

void GluBranch::backward(const Panel& U, Panel& D, Panel& dU, LayerMeasures& measures) {
  measures.weight_gradient[MatrixRole::out] = outer_.squared_norm(D, h_);
  Panel &at_gate = z_[0], &at_value = z_[1];
  out_.transposed_times(D, at_gate);
  coordinates_.gradient_to_tokens(at_gate);
  guard_.before(at_gate);
  mask_.apply_to_tokens(at_gate);
  at_value = at_gate;
  guard_at_value_ = guard_;
  const auto pass = [](Panel& gradient, const Panel& factor, RoundingGuard& guard) {
    multiply_columns(gradient, factor);
    guard.passed(factor);
  };
  pass(at_value, phi_.tokens(), guard_at_value_);
  pass(at_gate, values_, guard_);
  pass(at_gate, phi_.slopes(), guard_);
  guard_at_value_.drop(at_value);
  guard_.drop(at_gate);
  for (Panel& gradient : z_) coordinates_.gradient_from_tokens(gradient);
  measures.weight_gradient[MatrixRole::gate] = outer_.squared_norm(at_gate, U);
  measures.weight_gradient[MatrixRole::in] = outer_.squared_norm(at_value, U);
  in_.transposed_times(z_, dU);
}

}  // namespace varprop::workers
