#include "workers/networks/token_source.hpp"

#include <algorithm>
#include <cmath>

#include "workers/dense/dense_weights.hpp"
#include "workers/kernels/panel_products.hpp"

namespace varprop::workers {

TokenSource::TokenSource(const StreamNetwork& network, const PointKey& key, const LayerSpaces& spaces)
    : input_(network.input),
      root_mean_square_(std::sqrt(network.input_mean_square)),
      radius_(root_mean_square_ * std::sqrt(static_cast<double>(network.n))),
      correlation_(network.input_correlation),
      key_(key),
      normals_(spaces.tokens),
      E_(spaces.stream.rows, network.tokens > 1 ? static_cast<std::size_t>(network.tokens) : 0) {}

void TokenSource::draw(std::uint32_t replica, Panel& X) {
  const Stream draws(key_, replica, 0, Purpose::input);
  if (X.columns() == 1) {
    draw_input(input_, draws, X.rows(), X.column(0));
    X.size(0) = Magnitude::from(root_mean_square_);
    return X.normalize();
  }
  columns_.clear();
  for (std::size_t t = 0; t < X.columns(); ++t) columns_.push_back(E_.data(t));
  normals_.draw(draws, 0, columns_);
  for (std::size_t t = 0; t < X.columns(); ++t) E_.size(t) = Magnitude::from(1);
  orthonormalize();
  std::ranges::copy(E_.column(0), X.column(0).begin());
  X.size(0) = Magnitude::from(radius_);
  correlate(X);
  X.normalize();
}

/// Gram–Schmidt, each column twice.
void TokenSource::orthonormalize() {
  const auto n = static_cast<std::size_t>(E_.rows());
  for (std::size_t t = 0; t < E_.columns(); ++t) {
    for (int time = 0; time < 2; ++time) {
      for (std::size_t s = 0; s < t; ++s) {
        const double* const direction = E_.data(s);
        const double along = -inner_product(direction, E_.data(t), n);
        add_combination({&direction, 1}, &along, n, E_.data(t));
      }
      E_.scale_column(t);
      E_.size(t) = Magnitude::from(1);
    }
  }
}

/// x_t − x_0 = √(nM) (−ε² e_0 + ε f_t) with ε² = 1 − c, where f_t·f_s = c + δ_ts is met by f_t = e_t + γ Σ_s
/// e_s, γ = (√(1 + c(T − 1)) − 1)/(T − 1): 1 − c keeps its digits.
void TokenSource::correlate(Panel& X) {
  const double c = correlation_, others = static_cast<double>(X.columns()) - 1;
  const double epsilon = std::sqrt(1 - c);
  const double gamma = (std::sqrt(std::max(0.0, 1 + c * others)) - 1) / others;
  const Magnitude unit = Magnitude::from(radius_);
  for (std::size_t t = 1; t < X.columns(); ++t) {
    sum_.clear().add(E_.data(0), -epsilon * epsilon, unit);
    for (std::size_t s = 1; s < X.columns(); ++s)
      sum_.add(E_.data(s), epsilon * (gamma + (s == t ? 1 : 0)), unit);
    sum_.write(X, t);
  }
}

}  // namespace varprop::workers
