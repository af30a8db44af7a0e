#include "workers/networks/token_likeness.hpp"

#include <algorithm>

#include "workers/kernels/panel_products.hpp"

namespace varprop::workers {

TokenLikeness::TokenLikeness(std::int64_t n, std::size_t T)
    : n_(static_cast<std::size_t>(n)),
      tokens_(n, T),
      room_(n, 1),
      direction_(Norm::pre_rms, n, T),
      coordinates_(n, T) {}

Magnitude TokenLikeness::squared_norm(const Panel& X) {
  if (X.columns() == 1) return X.squared_norm(0);
  tokens_ = X;
  coordinates_.to_tokens(tokens_);
  return squared_norm_of_tokens();
}

Magnitude TokenLikeness::squared_norm_of_gradient(const Panel& D) {
  if (D.columns() == 1) return D.squared_norm(0);
  tokens_ = D;
  coordinates_.gradient_to_tokens(tokens_);
  return squared_norm_of_tokens();
}

Magnitude TokenLikeness::squared_norm_of_tokens() const {
  Magnitude sum;
  for (std::size_t t = 0; t < tokens_.columns(); ++t) sum = sum + tokens_.squared_norm(t);
  return sum;
}

std::optional<Cosine> TokenLikeness::of_gradient(const Panel& D) {
  if (D.columns() == 1) return std::nullopt;
  tokens_ = D;
  coordinates_.gradient_to_tokens(tokens_);
  for (std::size_t t = 1; t < D.columns(); ++t) {
    sum_.clear().add(tokens_, t).add(tokens_, 0, -1).write(room_, 0);
    std::ranges::copy(room_.column(0), tokens_.column(t).begin());
    tokens_.size(t) = room_.size(0);
  }
  return of_tokens();
}

std::optional<Cosine> TokenLikeness::operator()(const Panel& X) {
  if (X.columns() == 1) return std::nullopt;
  tokens_ = X;
  return of_tokens();
}

/// Of the first token and differences in tokens_, which become √n x̂_0 and √n(x̂_t − x̂_0).
std::optional<Cosine> TokenLikeness::of_tokens() {
  tokens_.normalize();
  direction_.apply(tokens_);
  if (direction_.any_zero()) return std::nullopt;
  const std::size_t T = tokens_.columns();
  const auto pairs = static_cast<double>(T * (T - 1) / 2);
  double cosines = 0, logarithms = 0;
  bool equal = false;
  for (std::size_t t = 1; t < T; ++t) {
    for (std::size_t s = 0; s < t; ++s) {
      const Magnitude distance = squared_distance(s, t) / Magnitude::from(2 * static_cast<double>(n_));
      cosines += 1 - distance.to_double();
      equal = equal || distance.zero();
      logarithms += distance.zero() ? 0 : distance.ln();
    }
  }
  return Cosine{cosines / pairs, equal ? Magnitude() : Magnitude::exp(logarithms / pairs)};
}

/// From the inner products of both differences; where those cancel, from the vector.
Magnitude TokenLikeness::squared_distance(std::size_t s, std::size_t t) {
  constexpr double safe = 1e-4, rounding = 1e-28;
  if (s == 0) return tokens_.squared_norm(t);
  const Magnitude unit = larger(tokens_.size(s), tokens_.size(t));
  if (unit.zero()) return {};
  const double a = (tokens_.size(s) / unit).to_double(), b = (tokens_.size(t) / unit).to_double();
  const double both = inner_product(tokens_.data(s), tokens_.data(t), n_);
  const double whole = a * a + b * b, square = whole - 2 * a * b * both;
  if (square > safe * whole) return unit * unit * Magnitude::from(square);
  sum_.clear().add(tokens_, s).add(tokens_, t, -1).write(room_, 0);
  const Magnitude exact = room_.squared_norm(0);
  return (exact / (unit * unit)).to_double() > rounding * whole ? exact : Magnitude();
}

}  // namespace varprop::workers
