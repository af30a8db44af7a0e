#include "workers/dense/matrix_pass.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/simd/target.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "workers/dense/matrix_pass.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/activations/vector-inl.hpp"
#include "core/random/normals-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace varprop::HWY_NAMESPACE {
#if VARPROP_VECTOR_TARGET
namespace {

constexpr std::size_t block_groups = 16;
constexpr std::size_t block_draws = block_groups * draws_per_group;

/// Calls use(first column, columns, normals) for the draws of row i, a block that fits the level-1 cache at a
/// time. A row starts anywhere within a group of draws; `normals` points at its draw, with a whole vector
/// readable at its end.
template <class Use>
HWY_INLINE void for_each_block(const DrawnMatrix& matrix, std::size_t i, Use&& use) {
  HWY_ALIGN double buffer[block_draws + draws_per_group];
  const auto n = static_cast<std::size_t>(matrix.n);
  const std::size_t offset = i * n % draws_per_group;
  std::fill(buffer + block_draws, buffer + block_draws + draws_per_group, 0.0);
  for (std::size_t column = 0; column < n;) {
    const std::size_t skip = column == 0 ? offset : 0;
    const std::size_t columns = HWY_MIN(block_draws - skip, n - column);
    const std::size_t group = (i * n + column) / draws_per_group;
    fill_normals(matrix.weights, group, (skip + columns + draws_per_group - 1) / draws_per_group, buffer);
    use(column, columns, buffer + skip);
    column += columns;
  }
}

/// Element i of a row adds to lane (i − first column of its block) mod 8; the blocks follow each other in
/// order.
void multiply(const DrawnMatrix& matrix, std::span<const double> x, std::span<double> out) {
  const LaneTag d;
  const auto n = static_cast<std::size_t>(matrix.n);
  for (std::size_t i = 0; i < n && !stopped(matrix.stop); ++i) {
    LaneSums<1> sum;
    for_each_block(matrix, i, [&](std::size_t column, std::size_t columns, const double* row) HWY_ATTR {
      for (std::size_t c = 0; c < columns; c += 8) {
        for (std::size_t j = 0; j < vectors_per_lanes; ++j) {
          const std::size_t at = c + j * hn::Lanes(d);
          if (at >= columns) break;
          const auto mask = hn::FirstN(d, HWY_MIN(columns - at, hn::Lanes(d)));
          const auto weights = hn::IfThenElseZero(mask, hn::LoadU(d, row + at));
          sum.add(0, j, weights, hn::LoadU(d, x.data() + column + at));
        }
      }
    });
    out[i] = sum.total(0);
  }
}

void multiply_transposed(const DrawnMatrix& matrix, std::span<const double> y, std::span<double> out) {
  const LaneTag d;
  const auto n = static_cast<std::size_t>(matrix.n);
  std::fill(out.begin(), out.end(), 0.0);
  for (std::size_t i = 0; i < n && !stopped(matrix.stop); ++i) {
    const auto factor = hn::Set(d, y[i]);
    for_each_block(matrix, i, [&](std::size_t column, std::size_t columns, const double* row) HWY_ATTR {
      for (std::size_t c = 0; c < columns; c += hn::Lanes(d)) {
        double* const to = out.data() + column + c;
        const auto mask = hn::FirstN(d, HWY_MIN(columns - c, hn::Lanes(d)));
        hn::StoreU(hn::MulAdd(factor, hn::IfThenElseZero(mask, hn::LoadU(d, row + c)), hn::LoadU(d, to)), d,
                   to);
      }
    });
  }
}

void draw_normals(const Stream& stream, std::size_t n, std::span<double> out) {
  HWY_ALIGN double buffer[draws_per_group];
  std::fill(out.begin(), out.end(), 0.0);
  for (std::size_t first = 0; first < n; first += draws_per_group) {
    fill_normals(stream, first / draws_per_group, 1, buffer);
    std::copy_n(buffer, HWY_MIN(draws_per_group, n - first),
                out.begin() + static_cast<std::ptrdiff_t>(first));
  }
}

void activate(const ActivationPass& pass, std::span<const double> zeta, std::span<double> alpha,
              std::span<double> sigma) {
  const LaneTag d;
  const VectorArithmetic<LaneTag> m;
  const auto n = static_cast<std::size_t>(pass.n);
  visit(pass.activation, pass.linear, pass.tail, [&](const auto& phi) HWY_ATTR {
    for (std::size_t i = 0; i < zeta.size(); i += hn::Lanes(d)) {
      const auto mask = hn::FirstN(d, i < n ? HWY_MIN(n - i, hn::Lanes(d)) : 0);
      const auto a = phi(m, hn::Set(d, pass.scale) * hn::LoadU(d, zeta.data() + i));
      hn::StoreU(hn::IfThenElseZero(mask, a.value), d, alpha.data() + i);
      hn::StoreU(hn::IfThenElseZero(mask, a.slope), d, sigma.data() + i);
    }
    return 0;
  });
}

TailUnits find_tail_units(const ActivationPass& pass, std::span<const double> zeta) {
  const LaneTag d;
  const VectorArithmetic<LaneTag> m;
  return visit_with_tail(pass.activation, [&](const auto& phi) HWY_ATTR {
    SmallestDecays smallest;
    for (std::size_t i = 0; i < zeta.size(); i += hn::Lanes(d)) {
      const auto z = hn::Set(d, pass.scale) * hn::LoadU(d, zeta.data() + i);
      smallest.add(z, DecaysOf{phi}(m, z));
    }
    return smallest.units();
  });
}

double inner_product(std::span<const double> x, std::span<const double> y) {
  const LaneTag d;
  LaneSums<1> sum;
  for (std::size_t i = 0; i < x.size(); i += 8) {
    for (std::size_t j = 0; j < vectors_per_lanes; ++j) {
      const std::size_t at = i + j * hn::Lanes(d);
      sum.add(0, j, hn::LoadU(d, x.data() + at), hn::LoadU(d, y.data() + at));
    }
  }
  return sum.total(0);
}

}  // namespace
#else
void multiply(const DrawnMatrix&, std::span<const double>, std::span<double>) {
  refuse_target();
}
void multiply_transposed(const DrawnMatrix&, std::span<const double>, std::span<double>) {
  refuse_target();
}
void draw_normals(const Stream&, std::size_t, std::span<double>) {
  refuse_target();
}
void activate(const ActivationPass&, std::span<const double>, std::span<double>, std::span<double>) {
  refuse_target();
}
TailUnits find_tail_units(const ActivationPass&, std::span<const double>) {
  refuse_target();
}
double inner_product(std::span<const double>, std::span<const double>) {
  refuse_target();
}
#endif
}  // namespace varprop::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace varprop {

namespace {
HWY_EXPORT(multiply);
HWY_EXPORT(multiply_transposed);
HWY_EXPORT(draw_normals);
HWY_EXPORT(activate);
HWY_EXPORT(find_tail_units);
HWY_EXPORT(inner_product);
}  // namespace

void multiply(const DrawnMatrix& matrix, std::span<const double> x, std::span<double> out) {
  HWY_DYNAMIC_DISPATCH(multiply)(matrix, x, out);
}

void multiply_transposed(const DrawnMatrix& matrix, std::span<const double> y, std::span<double> out) {
  HWY_DYNAMIC_DISPATCH(multiply_transposed)(matrix, y, out);
}

void draw_normals(const Stream& stream, std::int64_t n, std::span<double> out) {
  HWY_DYNAMIC_DISPATCH(draw_normals)(stream, static_cast<std::size_t>(n), out);
}

void activate(const ActivationPass& pass, std::span<const double> zeta, std::span<double> alpha,
              std::span<double> sigma) {
  HWY_DYNAMIC_DISPATCH(activate)(pass, zeta, alpha, sigma);
}

TailUnits find_tail_units(const ActivationPass& pass, std::span<const double> zeta) {
  return HWY_DYNAMIC_DISPATCH(find_tail_units)(pass, zeta);
}

double inner_product(std::span<const double> x, std::span<const double> y) {
  return HWY_DYNAMIC_DISPATCH(inner_product)(x, y);
}

}  // namespace varprop
#endif
