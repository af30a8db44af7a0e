#include "workers/dense/dense_weights.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"

namespace varprop::workers {

namespace {

void scale_to_sphere(std::span<double> x, std::int64_t n) {
  const double factor = std::sqrt(static_cast<double>(n) / inner_product(x, x));
  for (double& value : x) value *= factor;
}

/// The distributions whose elements are one draw each.
double element(InputDistribution input, std::uint64_t bits) {
  if (input == InputDistribution::uniform) return uniform_input_element(bits);
  VARPROP_EXPECT(input == InputDistribution::rademacher);
  return bits & 1 ? -1.0 : 1.0;
}

}  // namespace

OrthogonalMatrix::OrthogonalMatrix(std::int64_t n)
    : n_(n), normals_(padded(n * n)), rows_(static_cast<std::size_t>(n) * padded(n)) {}

void OrthogonalMatrix::draw(const Stream& draws) {
  draw_normals(draws, n_ * n_, normals_);
  for (std::int64_t i = 0; i < n_; ++i) {
    const auto q = row(i);
    std::copy_n(normals_.begin() + i * n_, n_, q.begin());
    for (int time = 0; time < 2; ++time) {
      for (std::int64_t j = 0; j < i; ++j) add_multiple(-inner_product(row(j), q), row(j), q);
    }
    const double norm = std::sqrt(inner_product(q, q));
    for (double& x : q) x /= norm;
  }
  const double root_n = std::sqrt(static_cast<double>(n_));
  for (double& x : rows_) x *= root_n;
}

std::span<const double> OrthogonalMatrix::row(std::int64_t i) const {
  return {rows_.data() + static_cast<std::size_t>(i) * padded(n_), padded(n_)};
}

std::span<double> OrthogonalMatrix::row(std::int64_t i) {
  return {rows_.data() + static_cast<std::size_t>(i) * padded(n_), padded(n_)};
}

void OrthogonalMatrix::multiply(std::span<const double> x, std::span<double> out) const {
  for (std::int64_t i = 0; i < n_; ++i) out[static_cast<std::size_t>(i)] = inner_product(row(i), x);
}

void OrthogonalMatrix::multiply_transposed(std::span<const double> y, std::span<double> out) const {
  std::fill(out.begin(), out.end(), 0.0);
  for (std::int64_t i = 0; i < n_; ++i) add_multiple(y[static_cast<std::size_t>(i)], row(i), out);
}

DenseWeights::DenseWeights(const RandomNetwork& network) : network_(network) {
  if (network.weights == WeightDistribution::orthogonal) orthogonal_.emplace(network.n);
}

DrawnMatrix DenseWeights::matrix(std::uint32_t replica, std::int32_t l, const StopFlag& stop) const {
  return {network_.weights, network_.stream(replica, l, Purpose::weight), network_.width(l),
          network_.width(l - 1), &stop};
}

void DenseWeights::apply(std::uint32_t replica, std::int32_t l, std::span<const double> x,
                         std::span<double> out, const StopFlag& stop) {
  const DrawnMatrix drawn = matrix(replica, l, stop);
  if (orthogonal_) {
    orthogonal_->draw(drawn.draws);
    orthogonal_->multiply(x, out);
  } else {
    multiply(drawn, x, out);
  }
  throw_if_stopped(stop);
}

void DenseWeights::apply_transposed(std::uint32_t replica, std::int32_t l, std::span<const double> y,
                                    std::span<double> out, const StopFlag& stop) {
  const DrawnMatrix drawn = matrix(replica, l, stop);
  if (orthogonal_) {
    orthogonal_->draw(drawn.draws);
    orthogonal_->multiply_transposed(y, out);
  } else {
    multiply_transposed(drawn, y, out);
  }
  throw_if_stopped(stop);
}

void draw_input(const RandomNetwork& network, std::uint32_t replica, std::span<double> x) {
  draw_input(network.input, network.stream(replica, 0, Purpose::input), network.width(0), x);
}

void draw_input(InputDistribution input, const Stream& stream, std::int64_t n, std::span<double> x) {
  switch (input) {
    case InputDistribution::sphere:
      draw_normals(stream, n, x);
      return scale_to_sphere(x, n);
    case InputDistribution::gaussian:
      return draw_normals(stream, n, x);
    case InputDistribution::positive:
      draw_normals(stream, n, x);
      for (double& value : x) value = std::fabs(value);
      return;
    case InputDistribution::uniform:
    case InputDistribution::rademacher:
      std::fill(x.begin() + n, x.end(), 0.0);
      for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i) {
        x[i] = element(input, stream.draw(i));
      }
  }
}

}  // namespace varprop::workers
