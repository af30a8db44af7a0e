#include "workers/kernels/panel_products.hpp"

#include <algorithm>

#include "core/simd/target.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "workers/kernels/panel_products.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

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

constexpr std::size_t columns_at_once = 4;  // so many sums share the loads of the other side

template <std::size_t count>
HWY_INLINE void some_inner_products(const double* const* columns, const double* y, std::size_t n,
                                    double* products) {
  LaneSums<count> sums;
  for_each_vector_of(n, [&](std::size_t j, auto&& load, auto&&) HWY_ATTR {
    const Vec b = load(y);
    for (std::size_t c = 0; c < count; ++c) sums.add(c, j, load(columns[c]), b);
  });
  for (std::size_t c = 0; c < count; ++c) products[c] = sums.total(c);
}

void inner_products(std::span<const double* const> columns, const double* y, std::size_t n,
                    double* products) {
  std::size_t c = 0;
  for (; c + columns_at_once <= columns.size(); c += columns_at_once)
    some_inner_products<columns_at_once>(columns.data() + c, y, n, products + c);
  for (; c < columns.size(); ++c) some_inner_products<1>(columns.data() + c, y, n, products + c);
}

/// With `onto`, out is the first of the summands.
template <std::size_t count, bool onto>
HWY_INLINE void some_columns(const double* const* columns, const double* factors, std::size_t n,
                             double* out) {
  const LaneTag d;
  for_each_vector_of(n, [&](std::size_t, auto&& load, auto&& store) HWY_ATTR {
    Vec sum = onto ? load(out) : hn::Zero(d);
    for (std::size_t c = 0; c < count; ++c) sum = hn::MulAdd(hn::Set(d, factors[c]), load(columns[c]), sum);
    store(sum, out);
  });
}

void add_combination(std::span<const double* const> columns, const double* factors, std::size_t n,
                     double* out) {
  std::size_t c = 0;
  for (; c + columns_at_once <= columns.size(); c += columns_at_once)
    some_columns<columns_at_once, true>(columns.data() + c, factors + c, n, out);
  for (; c < columns.size(); ++c) some_columns<1, true>(columns.data() + c, factors + c, n, out);
}

void combine(std::span<const double* const> columns, const double* factors, std::size_t n, double* out) {
  const std::size_t first = HWY_MIN(columns.size(), columns_at_once);
  switch (first) {
    case 0:
      some_columns<0, false>(nullptr, nullptr, n, out);
      break;
    case 1:
      some_columns<1, false>(columns.data(), factors, n, out);
      break;
    case 2:
      some_columns<2, false>(columns.data(), factors, n, out);
      break;
    case 3:
      some_columns<3, false>(columns.data(), factors, n, out);
      break;
    default:
      some_columns<columns_at_once, false>(columns.data(), factors, n, out);
  }
  add_combination(columns.subspan(first), factors + first, n, out);
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

void draw_normal_column(const Stream& stream, std::uint64_t column, std::size_t n, double* out) {
  const std::uint64_t groups = (n + draws_per_group - 1) / draws_per_group;
  fill_normals(stream, column * groups, groups, out);
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
void inner_products(std::span<const double* const>, const double*, std::size_t, double*) {
  refuse_target();
}
void add_combination(std::span<const double* const>, const double*, std::size_t, double*) {
  refuse_target();
}
void combine(std::span<const double* const>, const double*, std::size_t, double*) {
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
void scale(double, const double*, std::size_t, double*) {
  refuse_target();
}
void draw_normal_column(const Stream&, std::uint64_t, std::size_t, double*) {
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
HWY_EXPORT(inner_products);
HWY_EXPORT(add_combination);
HWY_EXPORT(combine);
HWY_EXPORT(multiply_elements);
HWY_EXPORT(sum_of_elements);
HWY_EXPORT(add_constant);
HWY_EXPORT(scale);
HWY_EXPORT(draw_normal_column);
HWY_EXPORT(draw_mask_column);

void clear_beyond(std::int64_t n, std::span<double> out) {
  std::fill(out.begin() + n, out.end(), 0.0);
}
}  // namespace

void draw_normal_column(const Stream& stream, std::uint64_t column, std::int64_t n, std::span<double> out) {
  HWY_DYNAMIC_DISPATCH(draw_normal_column)(stream, column, static_cast<std::size_t>(n), out.data());
  clear_beyond(n, out);
}

void draw_mask_column(const DropoutMask& mask, std::uint64_t column, std::int64_t n, std::span<double> out) {
  HWY_DYNAMIC_DISPATCH(draw_mask_column)(mask, column, static_cast<std::size_t>(n), out.data());
  clear_beyond(n, out);
}

void inner_products(std::span<const double* const> columns, const double* y, std::size_t n,
                    double* products) {
  HWY_DYNAMIC_DISPATCH(inner_products)(columns, y, n, products);
}

void combine(std::span<const double* const> columns, const double* factors, std::size_t n, double* out) {
  HWY_DYNAMIC_DISPATCH(combine)(columns, factors, n, out);
}

void add_combination(std::span<const double* const> columns, const double* factors, std::size_t n,
                     double* out) {
  HWY_DYNAMIC_DISPATCH(add_combination)(columns, factors, n, out);
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

}  // namespace varprop::workers
#endif
