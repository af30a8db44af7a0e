// Panels: n × T arrays whose columns each have a size of their own beside them, so that neither depth nor
// likeness costs digits; and the two coordinates in which T tokens are kept.
//
// A signal X is its first token and what the others differ from it by: columns x_0, x_1 − x_0, …, x_{T−1} −
// x_0. Tokens that have become nearly equal keep all digits of what still tells them apart, and whatever is
// linear in X acts on each column by itself. A gradient D has the dual coordinates, columns Σ_t D_t, D_1, …,
// D_{T−1}, so that ⟨D, X⟩ is the sum of the columns' inner products and the transpose of a linear map of
// columns is the transposed map of columns; D_0 = Σ_t D_t − D_1 − … . A token that is smaller than the first
// by 10^−k is told with k digits less.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/math/magnitude.hpp"
#include "workers/kernels/drawn_matrix.hpp"

namespace varprop::workers {

/// Column t stands for size(t) times its elements, which are of a middling size. Shape of a column:
/// [padded(rows)], zero beyond rows; a zero column has size 0 or elements 0.
class Panel {
 public:
  Panel() = default;
  Panel(std::int64_t rows, std::size_t columns)
      : rows_(rows), stride_(padded(rows)), elements_(stride_ * columns), sizes_(columns) {}

  std::int64_t rows() const { return rows_; }
  std::size_t columns() const { return sizes_.size(); }
  std::span<double> column(std::size_t t) { return {elements_.data() + t * stride_, stride_}; }
  std::span<const double> column(std::size_t t) const { return {elements_.data() + t * stride_, stride_}; }
  double* data(std::size_t t) { return elements_.data() + t * stride_; }
  const double* data(std::size_t t) const { return elements_.data() + t * stride_; }
  Magnitude& size(std::size_t t) { return sizes_[t]; }
  const Magnitude& size(std::size_t t) const { return sizes_[t]; }

  /// Makes column t zero.
  void clear(std::size_t t);
  /// |column t|².
  Magnitude squared_norm(std::size_t t) const;
  /// Brings the elements of column t to that Euclidean norm; its size takes the rest. A zero column gets size
  /// 0.
  void scale_column(std::size_t t, double norm = 1);
  /// Column t of another panel, brought to that norm.
  void scale_column_of(const Panel& from, std::size_t t, double norm);
  /// All columns to norm 1.
  void normalize();
  /// Multiplies by a number or a magnitude.
  void multiply(const Magnitude& factor);

 private:
  std::int64_t rows_ = 0;
  std::size_t stride_ = 0;
  std::vector<double> elements_;
  std::vector<Magnitude> sizes_;
};

/// A number of either sign and any size.
struct SignedMagnitude {
  double factor = 0;  ///< of a middling size
  Magnitude size = Magnitude::from(1);

  Magnitude magnitude() const { return Magnitude::from(std::fabs(factor)) * size; }
  friend SignedMagnitude operator+(const SignedMagnitude& a, const SignedMagnitude& b) {
    const Magnitude unit = larger(a.size, b.size);
    return {a.factor * (a.size / unit).to_double() + b.factor * (b.size / unit).to_double(), unit};
  }
};

/// Sums of columns of different sizes, c_1 x_1 + c_2 x_2 + …, each in units of its largest term.
class Combination {
 public:
  Combination& clear();
  /// Adds factor·size·column.
  Combination& add(const double* column, double factor, const Magnitude& size);
  Combination& add(const Panel& panel, std::size_t t, double factor = 1) {
    return add(panel.data(t), factor, panel.size(t));
  }

  /// The largest factor·size.
  Magnitude unit() const;
  /// out[i], i < n, in these units; 0 where they are 0. `out` is none of the columns.
  void write(const Magnitude& unit, std::size_t n, double* out);
  /// Into column t of a panel, with its size.
  void write(Panel& out, std::size_t t);

 private:
  std::vector<const double*> columns_;
  std::vector<double> factors_;
  std::vector<Magnitude> sizes_;
};

/// out = a X + b Y, column by column, and normalized. `sum` is room.
void add_panels(double a, const Panel& X, double b, const Panel& Y, Combination& sum, Panel& out);

/// ⟨D, X⟩ of a gradient and a signal (of any two panels: the sum over columns).
SignedMagnitude inner_product(const Panel& D, const Panel& X);

/// |Σ_c D_c X_cᵀ|², the squared Frobenius norm of the gradient of a matrix that reads X and has the gradient
/// D behind it.
class OuterProduct {
 public:
  Magnitude squared_norm(const Panel& D, const Panel& X);

 private:
  void gram(const Panel& X, double* products);

  std::vector<double> grams_;
  std::vector<const double*> columns_;
};

/// Changes of coordinates, in place; of a single token there is none.
class TokenCoordinates {
 public:
  explicit TokenCoordinates(std::int64_t n, std::size_t T) : scratch_(n, T > 1 ? 1 : 0) {}

  /// First token and differences → tokens, and back to x_0, x_1 − x_0, ….
  void to_tokens(Panel& X);
  /// Σ_t D_t, D_1, … → D_0, D_1, …: what is left of D_0 by rounding is 0.
  void gradient_to_tokens(Panel& D);
  /// D_0, D_1, … → Σ_t D_t, D_1, ….
  void gradient_from_tokens(Panel& D);

 private:
  Panel scratch_;
  Combination sum_;
};

}  // namespace varprop::workers
