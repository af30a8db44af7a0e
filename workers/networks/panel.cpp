#include "workers/networks/panel.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "workers/kernels/panel_products.hpp"

namespace varprop::workers {

namespace {

std::size_t elements_of(const Panel& panel) {
  return static_cast<std::size_t>(panel.rows());
}

double square_of_column(const Panel& X, std::size_t t) {
  return inner_product(X.data(t), X.data(t), elements_of(X));
}

}  // namespace

void Panel::clear(std::size_t t) {
  std::ranges::fill(column(t), 0.0);
  size(t) = Magnitude();
}

Magnitude Panel::squared_norm(std::size_t t) const {
  return size(t) * size(t) * Magnitude::from(square_of_column(*this, t));
}

void Panel::scale_column(std::size_t t, double norm) {
  const double square = size(t).zero() ? 0 : square_of_column(*this, t);
  if (square == 0) return clear(t);
  if (std::fabs(square - norm * norm) <= 0x1p-50 * norm * norm) return;
  const double factor = norm / std::sqrt(square);
  scale(factor, data(t), static_cast<std::size_t>(rows_), data(t));
  size(t) = size(t) * Magnitude::from(std::sqrt(square) / norm);
}

void Panel::scale_column_of(const Panel& from, std::size_t t, double norm) {
  const double square = from.size(t).zero() ? 0 : square_of_column(from, t);
  if (square == 0) return clear(t);
  scale(norm / std::sqrt(square), from.data(t), static_cast<std::size_t>(rows_), data(t));
  size(t) = from.size(t) * Magnitude::from(std::sqrt(square) / norm);
}

void Panel::normalize() {
  for (std::size_t t = 0; t < columns(); ++t) scale_column(t);
}

void Panel::multiply(const Magnitude& factor) {
  for (Magnitude& size : sizes_) size = size * factor;
}

Combination& Combination::clear() {
  columns_.clear();
  factors_.clear();
  sizes_.clear();
  return *this;
}

Combination& Combination::add(const double* column, double factor, const Magnitude& size) {
  if (factor == 0 || size.zero()) return *this;
  columns_.push_back(column);
  factors_.push_back(factor);
  sizes_.push_back(size);
  return *this;
}

Magnitude Combination::unit() const {
  Magnitude largest;
  for (std::size_t i = 0; i < sizes_.size(); ++i)
    largest = larger(largest, Magnitude::from(std::fabs(factors_[i])) * sizes_[i]);
  return largest;
}

void Combination::write(const Magnitude& unit, std::size_t n, double* out) {
  if (unit.zero()) {
    std::fill_n(out, n, 0.0);
    return;
  }
  for (std::size_t i = 0; i < sizes_.size(); ++i)
    factors_[i] =
        std::copysign((Magnitude::from(std::fabs(factors_[i])) * sizes_[i] / unit).to_double(), factors_[i]);
  combine(columns_, factors_.data(), n, out);
}

void Combination::write(Panel& out, std::size_t t) {
  const Magnitude size = unit();
  write(size, elements_of(out), out.data(t));
  out.size(t) = size;
}

void add_panels(double a, const Panel& X, double b, const Panel& Y, Combination& sum, Panel& out) {
  for (std::size_t t = 0; t < out.columns(); ++t) {
    sum.clear().add(X, t, a).add(Y, t, b).write(out, t);
    out.scale_column(t);
  }
}

SignedMagnitude inner_product(const Panel& D, const Panel& X) {
  Magnitude unit;
  for (std::size_t t = 0; t < X.columns(); ++t) unit = larger(unit, D.size(t) * X.size(t));
  double sum = 0;
  if (unit.zero()) return {};
  for (std::size_t t = 0; t < X.columns(); ++t)
    sum += (D.size(t) * X.size(t) / unit).to_double() * inner_product(D.data(t), X.data(t), elements_of(D));
  return {sum, unit};
}

Magnitude OuterProduct::squared_norm(const Panel& D, const Panel& X) {
  const std::size_t T = X.columns();
  Magnitude unit;
  for (std::size_t c = 0; c < T; ++c) unit = larger(unit, D.size(c) * X.size(c));
  if (unit.zero()) return {};
  grams_.resize(2 * T * T);
  double *const of_gradient = grams_.data(), *const of_signal = grams_.data() + T * T;
  gram(D, of_gradient);
  gram(X, of_signal);
  double sum = 0;
  for (std::size_t c = 0; c < T; ++c) {
    const double own = (D.size(c) * X.size(c) / unit).to_double();
    for (std::size_t e = 0; e < T && own != 0; ++e) {
      const double other = (D.size(e) * X.size(e) / unit).to_double();
      sum += own * other * of_gradient[c * T + e] * of_signal[c * T + e];
    }
  }
  return unit * unit * Magnitude::from(std::max(0.0, sum));
}

void OuterProduct::gram(const Panel& X, double* products) {
  columns_.clear();
  for (std::size_t t = 0; t < X.columns(); ++t) columns_.push_back(X.data(t));
  gram_products(columns_, elements_of(X), products);
}

void TokenCoordinates::to_tokens(Panel& X) {
  for (std::size_t t = 1; t < X.columns(); ++t) {
    sum_.clear().add(X, 0).add(X, t).write(scratch_, 0);
    std::ranges::copy(scratch_.column(0), X.column(t).begin());
    X.size(t) = scratch_.size(0);
  }
}

void TokenCoordinates::gradient_to_tokens(Panel& D) {
  if (D.columns() == 1) return;
  constexpr double rounding = 1e-28;  // squared, of what cancelled
  sum_.clear().add(D, 0);
  for (std::size_t t = 1; t < D.columns(); ++t) sum_.add(D, t, -1);
  sum_.write(scratch_, 0);
  double largest = 0;
  const Magnitude& unit = scratch_.size(0);
  for (std::size_t t = 0; t < D.columns() && !unit.zero(); ++t)
    largest = std::max(largest, (D.squared_norm(t) / (unit * unit)).to_double());
  std::ranges::copy(scratch_.column(0), D.column(0).begin());
  D.size(0) = unit;
  if (square_of_column(D, 0) <= rounding * largest) D.clear(0);
}

void TokenCoordinates::gradient_from_tokens(Panel& D) {
  if (D.columns() == 1) return;
  sum_.clear();
  for (std::size_t t = 0; t < D.columns(); ++t) sum_.add(D, t);
  sum_.write(scratch_, 0);
  std::ranges::copy(scratch_.column(0), D.column(0).begin());
  D.size(0) = scratch_.size(0);
}

}  // namespace varprop::workers
