// Householder's reflections: what makes a panel triangular, and the way back.
#pragma once

#include <cstddef>
#include <vector>

#include "workers/kernels/panel_products.hpp"

namespace varprop::workers {

/// X = QR of columns, R an upper triangle and Q = H_0 H_1 …, H_j = 1 − w_j v_j v_jᵀ, v_j zero above row j
/// (Golub and Van Loan, Matrix Computations, 5.1 and 5.2: every column keeps its length to rounding).
class Reflections {
 public:
  /// X ← R = QᵀX. Shape: `rows` rows; as many reflections as there are columns, or rows where those are
  /// fewer.
  void triangulate(WrittenColumns X, std::size_t rows);
  /// Y ← QY, of as many rows.
  void apply(WrittenColumns Y);
  std::size_t count() const { return weights_.size(); }
  /// The sign of R_jj, which is opposite to that of the column it came from.
  double sign(std::size_t j) const { return signs_[j]; }

 private:
  void reflect(std::size_t j, WrittenColumns Y, std::size_t first);

  std::size_t rows_ = 0;
  std::vector<double> vectors_;  ///< [count][rows], each from its row j on
  std::vector<double> weights_, signs_, products_;
  std::vector<const double*> read_;
};

}  // namespace varprop::workers
