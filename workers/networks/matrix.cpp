#include "workers/networks/matrix.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "workers/kernels/panel_products.hpp"

namespace varprop::workers {

RedrawnMatrix::RedrawnMatrix(WeightDistribution law, const PointKey& key, std::int64_t rows,
                             std::int64_t columns)
    : Matrix(rows, columns),
      law_(law),
      key_(key),
      matrix_{law, Stream(key, 0, 0, Purpose::weight), rows, columns, nullptr} {
  VARPROP_EXPECT(law != WeightDistribution::orthogonal);
}

void RedrawnMatrix::begin(std::uint32_t replica, std::int32_t l, const StopFlag& stop) {
  matrix_ = {law_, Stream(key_, replica, static_cast<std::uint32_t>(l), Purpose::weight), n_out(), n_in(),
             &stop};
}

void RedrawnMatrix::times(const Panel& X, Panel& Y) {
  for (std::size_t t = 0; t < X.columns(); ++t) {
    workers::multiply(matrix_, X.column(t), Y.column(t));
    Y.size(t) = X.size(t);
  }
  throw_if_stopped(*matrix_.stop);
}

void RedrawnMatrix::transposed_times(const Panel& Y, Panel& X) {
  for (std::size_t t = 0; t < Y.columns(); ++t) {
    workers::multiply_transposed(matrix_, Y.column(t), X.column(t));
    X.size(t) = Y.size(t);
  }
  throw_if_stopped(*matrix_.stop);
}

DeferredMatrix::DeferredMatrix(const PointKey& key, std::int64_t rows, std::int64_t columns)
    : Matrix(rows, columns), key_(key) {}

void DeferredMatrix::Side::forget() {
  known = 0;
  direction.clear();
  image.clear();
}

void DeferredMatrix::Side::make_room(std::int64_t n, std::int64_t n_image) {
  if (directions.size() > known) return;
  directions.emplace_back(padded(n));
  images.emplace_back(padded(n_image));
}

void DeferredMatrix::Side::keep() {
  direction.push_back(directions[known].data());
  image.push_back(images[known].data());
  ++known;
}

void DeferredMatrix::begin(std::uint32_t replica, std::int32_t l, const StopFlag& stop) {
  replica_ = replica;
  l_ = static_cast<std::uint32_t>(l);
  stop_ = &stop;
  right_.forget();
  left_.forget();
}

void DeferredMatrix::times(const Panel& X, Panel& Y) {
  const Stream draws(key_, replica_, l_, Purpose::preactivation);
  for (std::size_t t = 0; t < X.columns(); ++t) {
    touch(right_, left_, draws, X.column(t), n_in(), n_out(), Y.column(t));
    Y.size(t) = X.size(t);
  }
}

void DeferredMatrix::transposed_times(const Panel& Y, Panel& X) {
  const Stream draws(key_, replica_, l_, Purpose::transpose);
  for (std::size_t t = 0; t < Y.columns(); ++t) {
    touch(left_, right_, draws, Y.column(t), n_out(), n_in(), X.column(t));
    X.size(t) = Y.size(t);
  }
}

void DeferredMatrix::touch(Side& from, const Side& to, const Stream& draws, std::span<const double> x,
                           std::int64_t n, std::int64_t n_image, std::span<double> out) {
  throw_if_stopped(*stop_);
  constexpr double no_direction = 1e-13;
  const auto count = static_cast<std::size_t>(n);
  from.make_room(n, n_image);
  std::vector<double>& rest = from.directions[from.known];
  std::ranges::copy(x, rest.begin());
  const double* const at_rest = rest.data();
  coefficients_.assign(from.known + 1, 0.0);
  corrections_.resize(std::max(from.known, to.known) + 1);
  for (int time = 0; time < 2 && from.known > 0; ++time) {
    inner_products(from.direction, rest.data(), count, corrections_.data());
    for (std::size_t j = 0; j < from.known; ++j) {
      coefficients_[j] += corrections_[j];
      corrections_[j] = -corrections_[j];
    }
    add_combination(from.direction, corrections_.data(), count, rest.data());
  }
  double left = 0, whole = 0;
  inner_products({&at_rest, 1}, rest.data(), count, &left);
  whole = left;
  for (std::size_t j = 0; j < from.known; ++j) whole += coefficients_[j] * coefficients_[j];
  const double rho = std::sqrt(left);
  if (from.known < count && rho > no_direction * std::sqrt(whole)) {
    workers::scale(1 / rho, rest.data(), count, rest.data());
    coefficients_[from.known] = rho;
    decide(from, to, draws, n, n_image);
  }
  combine(from.image, coefficients_.data(), static_cast<std::size_t>(n_image), out.data());
  std::fill(out.begin() + n_image, out.end(), 0.0);
}

/// The image of the direction that stands behind those that are known.
void DeferredMatrix::decide(Side& from, const Side& to, const Stream& draws, std::int64_t n,
                            std::int64_t n_image) {
  const std::span<const double> r = from.directions[from.known];
  std::vector<double>& image = from.images[from.known];
  draw_normal_column(draws, from.known, n_image, image);
  if (to.known > 0) {
    inner_products(to.image, r.data(), static_cast<std::size_t>(n), corrections_.data());
    fresh_.resize(to.known);
    inner_products(to.direction, image.data(), static_cast<std::size_t>(n_image), fresh_.data());
    for (std::size_t j = 0; j < to.known; ++j) corrections_[j] -= fresh_[j];
    add_combination(to.direction, corrections_.data(), static_cast<std::size_t>(n_image), image.data());
  }
  from.keep();
}

}  // namespace varprop::workers
