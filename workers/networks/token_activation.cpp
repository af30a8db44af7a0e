#include "workers/networks/token_activation.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "workers/kernels/panel_products.hpp"

namespace varprop::workers {

namespace {

double square(std::span<const double> x) {
  return inner_product(x, x);
}

}  // namespace

TokenActivation::TokenActivation(const Activation& activation, std::int64_t n, std::size_t T)
    : activation_(activation),
      plan_range_(activation),
      n_(n),
      z_(n, T),
      values_(n, T),
      slopes_(n, T),
      tokens_(n, T),
      own_(n, T > 1 ? 1 : 0),
      room_(T > 1 ? PairArrays::count * padded(n) : 0) {}

void TokenActivation::operator()(const Panel& z) {
  for (std::size_t t = 0; t < z.columns(); ++t) z_.scale_column_of(z, t, std::sqrt(static_cast<double>(n_)));
  first_token();
  for (std::size_t t = 1; t < z.columns(); ++t) token(t);
}

void TokenActivation::evaluate(std::size_t t, const Magnitude& s, std::span<const double> zeta) {
  SignalRange range = plan_range_(s);
  const auto pass = [&] { return ActivationPass{activation_, range.linear, range.scale, range.tail}; };
  activate(pass(), n_, zeta, tokens_.column(t), slopes_.column(t));
  if (plan_range_.lost_in_tail(s * s, square(slopes_.column(t)), square(tokens_.column(t)))) {
    range = plan_range_.direct(s);
    range = plan_range_.in_tail(range, find_tail_units(pass(), zeta));
    activate(pass(), n_, zeta, tokens_.column(t), slopes_.column(t));
  }
  tokens_.size(t) = range.tau;
  slopes_.size(t) = range.upsilon;
}

void TokenActivation::first_token() {
  evaluate(0, z_.size(0), z_.column(0));
  std::ranges::copy(tokens_.column(0), values_.column(0).begin());
  values_.size(0) = tokens_.size(0);
}

void TokenActivation::token(std::size_t t) {
  const PairSizes sizes{z_.size(0), z_.size(t)};
  if (sizes.s.zero() || !sizes.step().below_power(-1)) return token_by_itself(t);
  token_beside_first(t, sizes, plan_pair(plan_range_, sizes));
}

void TokenActivation::token_beside_first(std::size_t t, const PairSizes& sizes, const PairRange& range) {
  const PairArrays out{std::span(room_)};
  if (range.apart()) return token_by_itself(t);
  activate_pair({activation_, range}, n_, z_.column(0), z_.column(t), out);
  if (lost(sizes, out)) return token_by_itself(t);
  std::ranges::copy(out.difference, values_.column(t).begin());
  std::ranges::copy(out.second_alpha, tokens_.column(t).begin());
  std::ranges::copy(out.second_slope, slopes_.column(t).begin());
  values_.size(t) = range.unit;
  tokens_.size(t) = range.tau;
  slopes_.size(t) = range.upsilon_together;
}

bool TokenActivation::lost(const PairSizes& sizes, const PairArrays& at) const {
  const PairTailSums sums{square(at.slope), square(at.alpha), square(at.second_slope),
                          square(at.second_alpha)};
  return PairTails(plan_range_, sizes, sums, true).any();
}

void TokenActivation::token_by_itself(std::size_t t) {
  sum_.clear().add(z_, 0).add(z_, t).write(own_, 0);
  own_.scale_column(0, std::sqrt(static_cast<double>(n_)));
  evaluate(t, own_.size(0), own_.column(0));
  sum_.clear().add(tokens_, t).add(tokens_, 0, -1).write(values_, t);
}

void TokenMask::draw(const Stream& draws) {
  for (std::size_t t = 0; t < masks_.columns(); ++t) {
    draw_mask_column({draws, keep_}, t, masks_.rows(), masks_.column(t));
    masks_.size(t) = Magnitude::from(1);
  }
}

/// m_t x_t − m_0 x_0 = m_t (x_t − x_0) + (m_t − m_0) x_0.
void TokenMask::apply(Panel& X) {
  if (!drops()) return;
  const auto n = static_cast<std::size_t>(X.rows());
  for (std::size_t t = 1; t < X.columns(); ++t) {
    const std::array columns{masks_.data(t), masks_.data(0)};
    constexpr double difference[] = {1, -1};
    combine(columns, difference, n, room_.data(0));
    multiply_elements(room_.data(0), X.data(0), n, room_.data(0));
    multiply_elements(masks_.data(t), X.data(t), n, room_.data(1));
    sum_.clear().add(room_.data(0), 1, X.size(0)).add(room_.data(1), 1, X.size(t)).write(X, t);
  }
  multiply_elements(masks_.data(0), X.data(0), n, X.data(0));
}

void TokenMask::apply_to_tokens(Panel& X) const {
  if (drops()) multiply_columns(X, masks_);
}

void multiply_column(Panel& X, const Panel& Y, std::size_t t) {
  multiply_elements(X.data(t), Y.data(t), static_cast<std::size_t>(X.rows()), X.data(t));
  X.size(t) = X.size(t) * Y.size(t);
}

void multiply_columns(Panel& X, const Panel& Y) {
  for (std::size_t t = 0; t < X.columns(); ++t) multiply_column(X, Y, t);
}

}  // namespace varprop::workers
