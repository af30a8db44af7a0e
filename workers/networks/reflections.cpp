#include "workers/networks/reflections.hpp"

#include <algorithm>
#include <cmath>

namespace varprop::workers {

namespace {

/// Below this length squares are lost to doubles, and so is a column's direction.
constexpr double least_length = 0x1p-510;

/// The power of 2 that brings a column of such a length to about 1; 0 for others.
int power_of(double length, const double* x, std::size_t rows) {
  if (length >= least_length) return 0;
  int power = 0;
  std::frexp(*std::max_element(x, x + rows, [](double a, double b) { return std::fabs(a) < std::fabs(b); }),
             &power);
  return power;
}

void multiply_by_power(int power, std::size_t rows, double* x) {
  for (std::size_t i = 0; i < rows; ++i) x[i] = std::ldexp(x[i], power);
}

}  // namespace

void Reflections::triangulate(WrittenColumns X, std::size_t rows) {
  rows_ = rows;
  const std::size_t count = std::min(rows, X.size());
  weights_.assign(count, 0.0);
  signs_.assign(count, 1.0);
  vectors_.resize(count * rows);
  for (std::size_t j = 0; j < count; ++j) {
    double *const v = vectors_.data() + j * rows, *const x = X[j] + j;
    double length = std::sqrt(inner_product(x, x, rows - j));
    const int power = power_of(length, x, rows - j);
    std::copy_n(x, rows - j, v);
    if (power != 0) {
      multiply_by_power(-power, rows - j, v);
      length = std::sqrt(inner_product(v, v, rows - j));
    }
    if (length == 0) continue;
    signs_[j] = x[0] > 0 ? -1 : 1;
    v[0] -= signs_[j] * length;
    weights_[j] = 1 / (length * std::fabs(v[0]));
    x[0] = signs_[j] * (power == 0 ? length : std::ldexp(length, power));
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
