#include "workers/dense/orthogonal_matrix.hpp"

#include <algorithm>
#include <cmath>

#include "workers/dense/matrix_pass.hpp"

namespace varprop {

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

}  // namespace varprop
