// Products with a matrix whose weights are drawn a group at a time: normal (whole or cut at two standard
// deviations), uniform, or random signs. Included once per SIMD target (Highway's foreach_target).
#if defined(VARPROP_WORKERS_KERNELS_DRAWN_PRODUCTS_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef VARPROP_WORKERS_KERNELS_DRAWN_PRODUCTS_INL_HPP_
#undef VARPROP_WORKERS_KERNELS_DRAWN_PRODUCTS_INL_HPP_
#else
#define VARPROP_WORKERS_KERNELS_DRAWN_PRODUCTS_INL_HPP_
#endif

#include <algorithm>
#include <cstddef>
#include <span>

#include "core/random/draws-inl.hpp"
#include "core/random/normal_quantile.hpp"
#include "core/random/normals-inl.hpp"
#include "core/random/stream.hpp"
#include "core/simd/lanes-inl.hpp"
#include "workers/kernels/drawn_matrix.hpp"

#if VARPROP_VECTOR_TARGET
HWY_BEFORE_NAMESPACE();
namespace varprop::workers::HWY_NAMESPACE {

using namespace varprop::HWY_NAMESPACE;

/// TruncatedNormal for fill_by_quantile: k ≥ 2⁶³ P(|Z| > 2), far from the tail beyond 2.88.
struct CutAtTwo {
  static constexpr bool has_tail = false;
  template <class D>
  HWY_INLINE hn::Vec<D> k(D d, hn::Vec<D> number) const {
    return hn::MulAdd(number, hn::Set(d, 1 - TruncatedNormal::p), hn::Set(d, TruncatedNormal::p_times_2_63));
  }
  template <class D>
  HWY_INLINE hn::Vec<D> scaled(D d, hn::Vec<D> z) const {
    return z * hn::Set(d, TruncatedNormal::one_over_deviation);
  }
};

/// One draw a weight: weight e of the matrix, row by row, is draw e.
template <class Law>
struct NormalRows {
  static constexpr std::size_t weights_per_group = draws_per_group;

  static HWY_INLINE void fill(const Stream& stream, std::uint64_t first_group, std::size_t groups,
                              double* HWY_RESTRICT out) {
    fill_by_quantile(Law{}, stream, first_group, groups, out);
  }
};

/// Half a draw a weight: the low half of draw d is weight 2d of the matrix, row by row, the high half 2d + 1.
struct UniformRows {
  static constexpr std::size_t weights_per_group = 2 * draws_per_group;

  static HWY_INLINE void fill(const Stream& stream, std::uint64_t first_group, std::size_t groups,
                              double* HWY_RESTRICT out) {
    constexpr std::size_t groups_at_once = 8;
    HWY_ALIGN std::uint64_t bits[groups_at_once * draws_per_group];
    for (std::size_t done = 0; done < groups; done += groups_at_once) {
      const std::size_t now = HWY_MIN(groups_at_once, groups - done);
      fill_draws(stream, first_group + done, now, bits);
      convert(bits, now * weights_per_group, out + done * weights_per_group);
    }
  }

 private:
  /// (k + ½) unit with one rounding: unit/2 is exact.
  static HWY_INLINE void convert(const std::uint64_t* HWY_RESTRICT bits, std::size_t count,
                                 double* HWY_RESTRICT out) {
    const hn::CappedTag<double, 8> d;
    const hn::Rebind<std::int32_t, decltype(d)> d32;
    const auto unit = hn::Set(d, CentredUniform::unit);
    const auto half_unit = hn::Set(d, CentredUniform::unit / 2);
    for (std::size_t i = 0; i < count; i += hn::Lanes(d)) {
      const auto k = hn::LoadU(d32, reinterpret_cast<const std::int32_t*>(bits) + i);
      hn::StoreU(hn::MulAdd(hn::PromoteTo(d, k), unit, half_unit), d, out + i);
    }
  }
};

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
    const auto rows = static_cast<std::size_t>(matrix.rows);
    for (std::size_t i = 0; i < rows && !stopped(matrix.stop); ++i) {
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
    const auto rows = static_cast<std::size_t>(matrix.rows);
    std::fill(out.begin(), out.end(), 0.0);
    for (std::size_t i = 0; i < rows && !stopped(matrix.stop); ++i) {
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
    const auto n = static_cast<std::size_t>(matrix.columns);
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

/// Rademacher weights: one bit a weight, 1 for −1. The weights of row i in columns 64 c to 64 c + 63 are the
/// bits of draw i·⌈n/64⌉ + c, n the columns, from the lowest on.
///
/// Four rows at a time, which share the loads of the vector; no multiplications.
class SignProducts {
 public:
  /// Column c of a row adds to lane c mod 8, in order.
  static HWY_INLINE void multiply(const DrawnMatrix& matrix, std::span<const double> x,
                                  std::span<double> out) {
    const auto count = static_cast<std::size_t>(matrix.rows);
    for (std::size_t i = 0; i < count && !stopped(matrix.stop); i += rows_at_once) {
      Sums sums;
      for_each_block(matrix, i, [&](std::size_t column, std::size_t columns, const Rows& rows) HWY_ATTR {
        add_block(rows, columns, x.data() + column, sums);
      });
      for (std::size_t r = 0; r < HWY_MIN(rows_at_once, count - i); ++r) out[i + r] = sums.total(r);
    }
  }

  /// Rows add in their order.
  static HWY_INLINE void multiply_transposed(const DrawnMatrix& matrix, std::span<const double> y,
                                             std::span<double> out) {
    const auto count = static_cast<std::size_t>(matrix.rows);
    std::fill(out.begin(), out.end(), 0.0);
    for (std::size_t i = 0; i < count && !stopped(matrix.stop); i += rows_at_once) {
      double factors[rows_at_once] = {};
      std::copy_n(y.data() + i, HWY_MIN(rows_at_once, count - i), factors);
      for_each_block(matrix, i, [&](std::size_t column, std::size_t columns, const Rows& rows) HWY_ATTR {
        add_rows(rows, columns, factors, out.data() + column);
      });
    }
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(matrix.columns), out.end(), 0.0);
  }

 private:
  static constexpr std::size_t rows_at_once = 4;
  static constexpr std::size_t block_draws = 64;  ///< of one row
  using Sums = LaneSums<rows_at_once>;

  /// The bits of a block of every row, a byte for eight columns.
  struct Rows {
    const std::uint8_t* signs[rows_at_once];
  };

  /// Calls use(first column, columns, rows) for the blocks of rows i to i + 3.
  template <class Use>
  static HWY_INLINE void for_each_block(const DrawnMatrix& matrix, std::size_t i, Use&& use) {
    HWY_ALIGN std::uint64_t bits[rows_at_once * (block_draws + draws_per_group)];
    const auto n = static_cast<std::size_t>(matrix.columns);
    const std::size_t row_draws = (n + 63) / 64;
    for (std::size_t first = 0; first < row_draws; first += block_draws) {
      const Rows rows = draw(matrix.draws, i, row_draws, first, bits);
      use(64 * first, HWY_MIN(64 * block_draws, n - 64 * first), rows);
    }
  }

  /// Draws `first` to first + 63 of the rows, or all of them where a row is no longer than that: these follow
  /// each other and are drawn at once.
  static HWY_INLINE Rows draw(const Stream& stream, std::size_t i, std::size_t row_draws, std::size_t first,
                              std::uint64_t* HWY_RESTRICT bits) {
    const bool whole_rows = row_draws <= block_draws;
    if (whole_rows) fill_from(stream, i * row_draws, rows_at_once * row_draws, bits);
    Rows rows;
    for (std::size_t r = 0; r < rows_at_once; ++r) {
      std::uint64_t* const own = bits + r * (block_draws + draws_per_group);
      const std::size_t start = (i + r) * row_draws + first;
      if (!whole_rows) fill_from(stream, start, HWY_MIN(block_draws, row_draws - first), own);
      const std::uint64_t* const draws =
          whole_rows ? bits + i * row_draws % draws_per_group + r * row_draws : own + start % draws_per_group;
      rows.signs[r] = reinterpret_cast<const std::uint8_t*>(draws);
    }
    return rows;
  }

  /// The groups that `count` draws from `start` on lie in.
  static HWY_INLINE void fill_from(const Stream& stream, std::uint64_t start, std::size_t count,
                                   std::uint64_t* HWY_RESTRICT bits) {
    const std::size_t skip = start % draws_per_group;
    fill_draws(stream, start / draws_per_group, (skip + count + draws_per_group - 1) / draws_per_group, bits);
  }

  /// The lanes of vector j of eight columns whose bit is set.
  static HWY_INLINE hn::Mask<LaneTag> negative(const std::uint8_t* signs, std::size_t j) {
    const auto lanes = static_cast<std::uint8_t>(*signs >> (j * hn::MaxLanes(LaneTag())));
    return hn::LoadMaskBits(LaneTag(), &lanes);
  }

  static HWY_INLINE void add_block(const Rows& rows, std::size_t columns, const double* x, Sums& sums) {
    const LaneTag d;
    for (std::size_t c = 0; c < columns; c += 8) {
      for (std::size_t j = 0; j < vectors_per_lanes; ++j) {
        const auto plus = hn::LoadU(d, x + c + j * hn::Lanes(d));
        const auto minus = hn::Neg(plus);
        for (std::size_t r = 0; r < rows_at_once; ++r) {
          sums.add(r, j, hn::IfThenElse(negative(rows.signs[r] + c / 8, j), minus, plus));
        }
      }
    }
  }

  static HWY_INLINE void add_rows(const Rows& rows, std::size_t columns,
                                  const double (&factors)[rows_at_once], double* out) {
    const LaneTag d;
    hn::Vec<LaneTag> plus[rows_at_once], minus[rows_at_once];
    for (std::size_t r = 0; r < rows_at_once; ++r) {
      plus[r] = hn::Set(d, factors[r]);
      minus[r] = hn::Neg(plus[r]);
    }
    for (std::size_t c = 0; c < columns; c += 8) {
      for (std::size_t j = 0; j < vectors_per_lanes; ++j) {
        double* const to = out + c + j * hn::Lanes(d);
        auto sum = hn::LoadU(d, to);
        for (std::size_t r = 0; r < rows_at_once; ++r) {
          sum = sum + hn::IfThenElse(negative(rows.signs[r] + c / 8, j), minus[r], plus[r]);
        }
        hn::StoreU(sum, d, to);
      }
    }
  }
};

}  // namespace varprop::workers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif  // VARPROP_VECTOR_TARGET

#endif  // per target
