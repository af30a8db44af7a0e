// Products with a matrix whose weights are drawn a group at a time. Included once per SIMD target (Highway's
// foreach_target).
#if defined(VARPROP_WORKERS_DENSE_DRAWN_PRODUCTS_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef VARPROP_WORKERS_DENSE_DRAWN_PRODUCTS_INL_HPP_
#undef VARPROP_WORKERS_DENSE_DRAWN_PRODUCTS_INL_HPP_
#else
#define VARPROP_WORKERS_DENSE_DRAWN_PRODUCTS_INL_HPP_
#endif

#include <algorithm>
#include <cstddef>
#include <span>

#include "core/simd/lanes-inl.hpp"
#include "workers/dense/matrix_pass.hpp"

#if VARPROP_VECTOR_TARGET
HWY_BEFORE_NAMESPACE();
namespace varprop::HWY_NAMESPACE {

/// The products of a law of independent weights. Rows says how many weights a group of 16 draws makes, and
/// makes them.
template <class Rows>
class DrawnProducts {
 public:
  /// Element i of a row adds to lane (i − first column of its block) mod 8; the blocks follow each other in
  /// order.
  static HWY_INLINE void multiply(const DrawnMatrix& matrix, std::span<const double> x,
                                  std::span<double> out) {
    const LaneTag d;
    const auto n = static_cast<std::size_t>(matrix.n);
    for (std::size_t i = 0; i < n && !stopped(matrix.stop); ++i) {
      LaneSums<1> sum;
      for_each_vector(matrix, i, [&](std::size_t column, std::size_t j, hn::Vec<LaneTag> weights) HWY_ATTR {
        sum.add(0, j, weights, hn::LoadU(d, x.data() + column));
      });
      out[i] = sum.total(0);
    }
  }

  static HWY_INLINE void multiply_transposed(const DrawnMatrix& matrix, std::span<const double> y,
                                             std::span<double> out) {
    const LaneTag d;
    const auto n = static_cast<std::size_t>(matrix.n);
    std::fill(out.begin(), out.end(), 0.0);
    for (std::size_t i = 0; i < n && !stopped(matrix.stop); ++i) {
      const auto factor = hn::Set(d, y[i]);
      for_each_vector(matrix, i, [&](std::size_t column, std::size_t, hn::Vec<LaneTag> weights) HWY_ATTR {
        double* const to = out.data() + column;
        hn::StoreU(hn::MulAdd(factor, weights, hn::LoadU(d, to)), d, to);
      });
    }
  }

 private:
  static constexpr std::size_t block_weights = 256;  ///< fit the level-1 cache

  /// Calls use(column, j, weights) for the vectors of row i: `weights` are those from `column` on, vector j
  /// of the eight lanes. What is no weight is zero. A row starts anywhere within a group of draws.
  template <class Use>
  static HWY_INLINE void for_each_vector(const DrawnMatrix& matrix, std::size_t i, Use&& use) {
    HWY_ALIGN double buffer[block_weights + 8];
    const auto n = static_cast<std::size_t>(matrix.n);
    const std::size_t offset = i * n % Rows::weights_per_group;
    std::fill(buffer + block_weights, buffer + block_weights + 8, 0.0);
    for (std::size_t column = 0; column < n;) {
      const std::size_t skip = column == 0 ? offset : 0;
      const std::size_t columns = HWY_MIN(block_weights - skip, n - column);
      const std::size_t groups = (skip + columns + Rows::weights_per_group - 1) / Rows::weights_per_group;
      Rows::fill(matrix.draws, (i * n + column) / Rows::weights_per_group, groups, buffer);
      use_block(buffer + skip, column, columns, use);
      column += columns;
    }
  }

  template <class Use>
  static HWY_INLINE void use_block(const double* row, std::size_t column, std::size_t columns, Use&& use) {
    const LaneTag d;
    const std::size_t whole = columns - columns % 8;
    for (std::size_t c = 0; c < whole; c += 8) {
      for (std::size_t j = 0; j < vectors_per_lanes; ++j) {
        const std::size_t at = c + j * hn::Lanes(d);
        use(column + at, j, hn::LoadU(d, row + at));
      }
    }
    for (std::size_t j = 0; j < vectors_per_lanes; ++j) {
      const std::size_t at = whole + j * hn::Lanes(d);
      if (at >= columns) break;
      const auto mask = hn::FirstN(d, HWY_MIN(columns - at, hn::Lanes(d)));
      use(column + at, j, hn::IfThenElseZero(mask, hn::LoadU(d, row + at)));
    }
  }
};

}  // namespace varprop::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif  // VARPROP_VECTOR_TARGET

#endif  // per target
