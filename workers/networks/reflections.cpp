#include "workers/networks/reflections.hpp"

#include <algorithm>
#include <cmath>

namespace varprop::workers {

void Reflections::triangulate(WrittenColumns X, std::size_t rows) {
  rows_ = rows;
  const std::size_t count = std::min(rows, X.size());
  weights_.assign(count, 0.0);
  signs_.assign(count, 1.0);
  vectors_.resize(count * rows);
  for (std::size_t j = 0; j < count; ++j) {
    double *const v = vectors_.data() + j * rows, *const x = X[j] + j;
    const double length = std::sqrt(inner_product(x, x, rows - j));
    if (length == 0) continue;
    std::copy_n(x, rows - j, v);
    signs_[j] = x[0] > 0 ? -1 : 1;
    v[0] -= signs_[j] * length;
    weights_[j] = 1 / (length * std::fabs(v[0]));
    x[0] = signs_[j] * length;
    std::fill_n(x + 1, rows - j - 1, 0.0);
    reflect(j, X, j + 1);
  }
}

void Reflections::apply(WrittenColumns Y) {
  for (std::size_t j = count(); j-- > 0;) reflect(j, Y, 0);
}

/// Columns first, first + 1, … of Y.
void Reflections::reflect(std::size_t j, WrittenColumns Y, std::size_t first) {
  if (weights_[j] == 0 || first == Y.size()) return;
  const double* const v = vectors_.data() + j * rows_;
  read_.clear();
  for (std::size_t t = first; t < Y.size(); ++t) read_.push_back(Y[t] + j);
  products_.resize(read_.size());
  inner_products(read_, v, rows_ - j, products_.data());
  for (std::size_t t = first; t < Y.size(); ++t) {
    const double factor = -weights_[j] * products_[t - first];
    add_combination({&v, 1}, &factor, rows_ - j, Y[t] + j);
  }
}

}  // namespace varprop::workers
