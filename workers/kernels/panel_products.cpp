#include "workers/kernels/panel_products.hpp"

#include <algorithm>
#include <type_traits>
#include <vector>

#include "core/simd/target.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "workers/kernels/panel_products.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/math/vector_math-inl.hpp"
#include "core/random/normals-inl.hpp"
#include "core/simd/lanes-inl.hpp"
#include "workers/kernels/mask-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace varprop::workers::HWY_NAMESPACE {
#if VARPROP_VECTOR_TARGET
using namespace varprop::HWY_NAMESPACE;

namespace {

using Vec = hn::Vec<LaneTag>;

/// Calls use(i, j, load, store) for the vectors of n elements: from element i on, vector j of the eight
/// lanes. load(x) reads x[i] …, zero beyond n; store(v, x) writes no element beyond n.
template <class Use>
HWY_INLINE void for_each_vector_of(std::size_t n, Use&& use) {
  const LaneTag d;
  const std::size_t whole = n - n % 8;
  for (std::size_t first = 0; first < whole; first += 8) {
    for (std::size_t j = 0; j < vectors_per_lanes; ++j) {
      const std::size_t i = first + j * hn::Lanes(d);
      use(
          j, [i, d](const double* x) HWY_ATTR { return hn::LoadU(d, x + i); },
          [i, d](Vec v, double* x) HWY_ATTR { hn::StoreU(v, d, x + i); });
    }
  }
  for (std::size_t j = 0; j < vectors_per_lanes; ++j) {
    const std::size_t i = whole + j * hn::Lanes(d);
    if (i >= n) break;
    const auto mask = hn::FirstN(d, HWY_MIN(n - i, hn::Lanes(d)));
    use(
        j, [i, d, mask](const double* x) HWY_ATTR { return hn::MaskedLoad(mask, d, x + i); },
        [i, d, mask](Vec v, double* x) HWY_ATTR { hn::BlendedStore(v, mask, d, x + i); });
  }
}

/// Rows that all columns are followed along before the next ones, so that they stay in the nearest caches.
constexpr std::size_t rows_at_once = 256;
/// Columns of either side whose products are summed in registers.
constexpr std::size_t columns_at_once = VARPROP_AVX512 ? 4 : 2;

/// Calls use(std::integral_constant<std::size_t, count>()) for a count of 1 to columns_at_once.
template <class Use>
HWY_INLINE void with_count(std::size_t count, Use&& use) {
  if (count == 1) return use(std::integral_constant<std::size_t, 1>());
  if (count == 2) return use(std::integral_constant<std::size_t, 2>());
  if constexpr (columns_at_once > 2) {
    if (count == 3) return use(std::integral_constant<std::size_t, 3>());
    return use(std::integral_constant<std::size_t, 4>());
  }
}

/// Calls use(first, count) for whole groups of columns and what is left of them.
template <class Use>
HWY_INLINE void for_each_column_group(std::size_t columns, Use&& use) {
  for (std::size_t first = 0; first < columns; first += columns_at_once)
    use(first, HWY_MIN(columns_at_once, columns - first));
}

/// Σ over rows of a block, added to eight lanes a product: sums[a][b][8], `stride` products from one a to the
/// next.
template <std::size_t count_a, std::size_t count_b>
HWY_INLINE void add_products(const double* const* A, const double* const* B, std::size_t first_row,
                             std::size_t rows, double* sums, std::size_t stride) {
  const LaneTag d;
  constexpr std::size_t lanes = hn::MaxLanes(LaneTag());
  Vec sum[count_a][count_b][vectors_per_lanes];
  const auto each = [&](auto&& use) HWY_ATTR {
    for (std::size_t a = 0; a < count_a; ++a)
      for (std::size_t b = 0; b < count_b; ++b)
        for (std::size_t j = 0; j < vectors_per_lanes; ++j)
          use(sum[a][b][j], sums + (a * stride + b) * 8 + j * lanes);
  };
  each([d](Vec& v, const double* from) HWY_ATTR { v = hn::LoadU(d, from); });
  for_each_vector_of(rows, [&](std::size_t j, auto&& load, auto&&) HWY_ATTR {
    Vec y[count_b];
    for (std::size_t b = 0; b < count_b; ++b) y[b] = load(B[b] + first_row);
    for (std::size_t a = 0; a < count_a; ++a) {
      const Vec x = load(A[a] + first_row);
      for (std::size_t b = 0; b < count_b; ++b) sum[a][b][j] = hn::MulAdd(x, y[b], sum[a][b][j]);
    }
  });
  each([d](const Vec& v, double* to) HWY_ATTR { hn::StoreU(v, d, to); });
}

/// The lanes in the order of LaneSums.
HWY_INLINE double total_of_lanes(const double* x) {
  return ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]));
}

/// All products, or only those with a ≥ b as far as their groups go.
template <bool lower_only>
HWY_INLINE void all_products(ReadColumns A, ReadColumns B, std::size_t n, double* products) {
  constexpr std::size_t on_stack = 1024;
  HWY_ALIGN double few[8 * on_stack];
  std::vector<double> many;
  const std::size_t count = A.size() * B.size();
  if (count > on_stack) many.resize(8 * count);
  double* const sums = count > on_stack ? many.data() : few;
  std::fill_n(sums, 8 * count, 0.0);
  for (std::size_t row = 0; row < n; row += rows_at_once) {
    const std::size_t rows = HWY_MIN(rows_at_once, n - row);
    for_each_column_group(A.size(), [&](std::size_t a, std::size_t count_a) HWY_ATTR {
      for_each_column_group(B.size(), [&](std::size_t b, std::size_t count_b) HWY_ATTR {
        if (lower_only && b > a) return;
        with_count(count_a, [&](auto ca) HWY_ATTR {
          with_count(count_b, [&](auto cb) HWY_ATTR {
            add_products<ca(), cb()>(A.data() + a, B.data() + b, row, rows, sums + (a * B.size() + b) * 8,
                                     B.size());
          });
        });
      });
    });
  }
  for (std::size_t i = 0; i < count; ++i) products[i] = total_of_lanes(sums + 8 * i);
}

void cross_products(ReadColumns A, ReadColumns B, std::size_t n, double* products) {
  all_products<false>(A, B, n, products);
}

void gram_products(ReadColumns A, std::size_t n, double* products) {
  all_products<true>(A, A, n, products);
  for (std::size_t a = 0; a < A.size(); ++a)
    for (std::size_t b = a + 1; b < A.size(); ++b) products[a * A.size() + b] = products[b * A.size() + a];
}

template <std::size_t count>
HWY_INLINE void some_columns(ReadColumns A, const double* factors, std::size_t stride, std::size_t first_row,
                             std::size_t rows, double* const* out, bool onto) {
  const LaneTag d;
  for_each_vector_of(rows, [&](std::size_t, auto&& load, auto&& store) HWY_ATTR {
    Vec sum[count];
    for (std::size_t b = 0; b < count; ++b) sum[b] = onto ? load(out[b] + first_row) : hn::Zero(d);
    for (std::size_t a = 0; a < A.size(); ++a) {
      const Vec x = load(A[a] + first_row);
      for (std::size_t b = 0; b < count; ++b)
        sum[b] = hn::MulAdd(hn::Set(d, factors[a * stride + b]), x, sum[b]);
    }
    for (std::size_t b = 0; b < count; ++b) store(sum[b], out[b] + first_row);
  });
}

void multiply_columns_by(ReadColumns A, const double* factors, std::size_t n, WrittenColumns out, bool onto) {
  for (std::size_t row = 0; row < n; row += rows_at_once) {
    const std::size_t rows = HWY_MIN(rows_at_once, n - row);
    for_each_column_group(out.size(), [&](std::size_t b, std::size_t count) HWY_ATTR {
      with_count(count, [&](auto c) HWY_ATTR {
        some_columns<c()>(A, factors + b, out.size(), row, rows, out.data() + b, onto);
      });
    });
  }
}

void multiply_elements(const double* x, const double* y, std::size_t n, double* out) {
  for_each_vector_of(n,
                     [&](std::size_t, auto&& load, auto&& store) HWY_ATTR { store(load(x) * load(y), out); });
}

double sum_of_elements(const double* x, std::size_t n) {
  LaneSums<1> sum;
  for_each_vector_of(n, [&](std::size_t j, auto&& load, auto&&) HWY_ATTR { sum.add(0, j, load(x)); });
  return sum.total(0);
}

void add_constant(double c, std::size_t n, double* x) {
  const auto constant = hn::Set(LaneTag(), c);
  for_each_vector_of(n,
                     [&](std::size_t, auto&& load, auto&& store) HWY_ATTR { store(load(x) + constant, x); });
}

void scale(double c, const double* x, std::size_t n, double* out) {
  const auto factor = hn::Set(LaneTag(), c);
  for_each_vector_of(n,
                     [&](std::size_t, auto&& load, auto&& store) HWY_ATTR { store(factor * load(x), out); });
}

void exponentials(std::size_t n, double* x) {
  const LaneTag d;
  for_each_vector_of(
      n, [&](std::size_t, auto&& load, auto&& store) HWY_ATTR { store(exp_and_expm1(d, load(x)).exp, x); });
}

/// 2^k (1 + r) − 1 with k from −1 to 1.
void exponentials_minus_1(std::size_t n, double* x) {
  const LaneTag d;
  for_each_vector_of(n, [&](std::size_t, auto&& load, auto&& store) HWY_ATTR {
    const auto e = split_exponential(d, load(x));
    store(hn::MulAdd(e.power, e.expm1, e.power - hn::Set(d, 1)), x);
  });
}

void draw_normal_column(const Stream& stream, std::uint64_t column, std::size_t n, double* out) {
  const std::uint64_t groups = (n + draws_per_group - 1) / draws_per_group;
  fill_normals(stream, column * groups, groups, out);
}

void draw_uniforms(const Stream& stream, std::uint64_t first_group, std::size_t n, double* out) {
  HWY_ALIGN std::uint64_t bits[draws_per_group];
  for (std::size_t i = 0; i < n; i += draws_per_group) {
    fill_draws(stream, first_group++, 1, bits);
    for (std::size_t j = 0; j < draws_per_group; ++j) out[i + j] = uniform_from_bits(bits[j]);
  }
}

void draw_mask_column(const DropoutMask& mask, std::uint64_t column, std::size_t n, double* out) {
  HWY_ALIGN double buffer[draws_per_group];
  const std::uint64_t groups = (n + draws_per_group - 1) / draws_per_group;
  for (std::uint64_t group = 0; group < groups; ++group) {
    fill_mask(mask, column * groups + group, 1, buffer);
    std::copy_n(buffer, draws_per_group, out + group * draws_per_group);
  }
}

}  // namespace
#else
void cross_products(ReadColumns, ReadColumns, std::size_t, double*) {
  refuse_target();
}
void gram_products(ReadColumns, std::size_t, double*) {
  refuse_target();
}
void multiply_columns_by(ReadColumns, const double*, std::size_t, WrittenColumns, bool) {
  refuse_target();
}
void multiply_elements(const double*, const double*, std::size_t, double*) {
  refuse_target();
}
double sum_of_elements(const double*, std::size_t) {
  refuse_target();
}
void add_constant(double, std::size_t, double*) {
  refuse_target();
}
void exponentials(std::size_t, double*) {
  refuse_target();
}
void exponentials_minus_1(std::size_t, double*) {
  refuse_target();
}
void scale(double, const double*, std::size_t, double*) {
  refuse_target();
}
void draw_normal_column(const Stream&, std::uint64_t, std::size_t, double*) {
  refuse_target();
}
void draw_uniforms(const Stream&, std::uint64_t, std::size_t, double*) {
  refuse_target();
}
void draw_mask_column(const DropoutMask&, std::uint64_t, std::size_t, double*) {
  refuse_target();
}
#endif
}  // namespace varprop::workers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace varprop::workers {

namespace {
HWY_EXPORT(cross_products);
HWY_EXPORT(gram_products);
HWY_EXPORT(multiply_columns_by);
HWY_EXPORT(multiply_elements);
HWY_EXPORT(sum_of_elements);
HWY_EXPORT(add_constant);
HWY_EXPORT(exponentials);
HWY_EXPORT(exponentials_minus_1);
HWY_EXPORT(scale);
HWY_EXPORT(draw_normal_column);
HWY_EXPORT(draw_uniforms);
HWY_EXPORT(draw_mask_column);

void clear_beyond(std::int64_t n, std::span<double> out) {
  std::fill(out.begin() + n, out.end(), 0.0);
}
}  // namespace

void draw_normal_column(const Stream& stream, std::uint64_t column, std::int64_t n, std::span<double> out) {
  HWY_DYNAMIC_DISPATCH(draw_normal_column)(stream, column, static_cast<std::size_t>(n), out.data());
  clear_beyond(n, out);
}

void draw_uniforms(const Stream& stream, std::uint64_t first_group, std::int64_t n, std::span<double> out) {
  HWY_DYNAMIC_DISPATCH(draw_uniforms)(stream, first_group, static_cast<std::size_t>(n), out.data());
}

void draw_mask_column(const DropoutMask& mask, std::uint64_t column, std::int64_t n, std::span<double> out) {
  HWY_DYNAMIC_DISPATCH(draw_mask_column)(mask, column, static_cast<std::size_t>(n), out.data());
  clear_beyond(n, out);
}

void cross_products(ReadColumns A, ReadColumns B, std::size_t n, double* products) {
  HWY_DYNAMIC_DISPATCH(cross_products)(A, B, n, products);
}

void gram_products(ReadColumns A, std::size_t n, double* products) {
  HWY_DYNAMIC_DISPATCH(gram_products)(A, n, products);
}

void multiply_columns_by(ReadColumns A, const double* factors, std::size_t n, WrittenColumns out, bool onto) {
  HWY_DYNAMIC_DISPATCH(multiply_columns_by)(A, factors, n, out, onto);
}

void scale(double c, const double* x, std::size_t n, double* out) {
  HWY_DYNAMIC_DISPATCH(scale)(c, x, n, out);
}

void multiply_elements(const double* x, const double* y, std::size_t n, double* out) {
  HWY_DYNAMIC_DISPATCH(multiply_elements)(x, y, n, out);
}

double sum_of_elements(const double* x, std::size_t n) {
  return HWY_DYNAMIC_DISPATCH(sum_of_elements)(x, n);
}

void add_constant(double c, std::size_t n, double* x) {
  HWY_DYNAMIC_DISPATCH(add_constant)(c, n, x);
}

void exponentials(std::size_t n, double* x) {
  HWY_DYNAMIC_DISPATCH(exponentials)(n, x);
}

void exponentials_minus_1(std::size_t n, double* x) {
  HWY_DYNAMIC_DISPATCH(exponentials_minus_1)(n, x);
}

}  // namespace varprop::workers
#endif
