#include "workers/kernels/drawn_matrix.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/errors.hpp"
#include "core/simd/target.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "workers/kernels/drawn_matrix.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/random/normals-inl.hpp"
#include "core/simd/lanes-inl.hpp"
#include "workers/kernels/drawn_products-inl.hpp"
#include "workers/kernels/mask-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace varprop::workers::HWY_NAMESPACE {
#if VARPROP_VECTOR_TARGET
using namespace varprop::HWY_NAMESPACE;

namespace {

/// Calls use(Products()) with the products of the law.
template <class Use>
HWY_INLINE void with_products(WeightDistribution law, Use&& use) {
  switch (law) {
    case WeightDistribution::gaussian:
      return use(DrawnProducts<NormalRows<WholeNormal> >());
    case WeightDistribution::truncated_normal:
      return use(DrawnProducts<NormalRows<CutAtTwo> >());
    case WeightDistribution::uniform:
      return use(DrawnProducts<UniformRows>());
    case WeightDistribution::rademacher:
      return use(SignProducts());
    case WeightDistribution::orthogonal:
      break;
  }
  VARPROP_ASSERT(!"a law without independent entries");
}

void multiply(const DrawnMatrix& matrix, std::span<const double> x, std::span<double> out) {
  with_products(matrix.law, [&](auto products) HWY_ATTR { products.multiply(matrix, x, out); });
}

void multiply_transposed(const DrawnMatrix& matrix, std::span<const double> y, std::span<double> out) {
  with_products(matrix.law, [&](auto products) HWY_ATTR { products.multiply_transposed(matrix, y, out); });
}

void draw_normals(const Stream& stream, std::size_t n, std::span<double> out) {
  fill_normals(stream, 0, (n + draws_per_group - 1) / draws_per_group, out.data());
  std::fill(out.begin() + static_cast<std::ptrdiff_t>(n), out.end(), 0.0);
}

void draw_mask(const DropoutMask& mask, std::size_t n, std::span<double> out) {
  HWY_ALIGN double buffer[draws_per_group];
  for (std::size_t first = 0; first < n; first += draws_per_group) {
    fill_mask(mask, first / draws_per_group, 1, buffer);
    std::copy_n(buffer, HWY_MIN(draws_per_group, n - first),
                out.begin() + static_cast<std::ptrdiff_t>(first));
  }
  std::fill(out.begin() + static_cast<std::ptrdiff_t>(n), out.end(), 0.0);
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

void add_multiple(double c, std::span<const double> x, std::span<double> y) {
  const LaneTag d;
  const auto factor = hn::Set(d, c);
  for (std::size_t i = 0; i < x.size(); i += hn::Lanes(d)) {
    double* const to = y.data() + i;
    hn::StoreU(hn::MulAdd(factor, hn::LoadU(d, x.data() + i), hn::LoadU(d, to)), d, to);
  }
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
void draw_mask(const DropoutMask&, std::size_t, std::span<double>) {
  refuse_target();
}
double inner_product(std::span<const double>, std::span<const double>) {
  refuse_target();
}
void add_multiple(double, std::span<const double>, std::span<double>) {
  refuse_target();
}
#endif
}  // namespace varprop::workers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace varprop::workers {

namespace {
HWY_EXPORT(multiply);
HWY_EXPORT(multiply_transposed);
HWY_EXPORT(draw_normals);
HWY_EXPORT(draw_mask);
HWY_EXPORT(inner_product);
HWY_EXPORT(add_multiple);
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

void draw_mask(const DropoutMask& mask, std::int64_t n, std::span<double> out) {
  HWY_DYNAMIC_DISPATCH(draw_mask)(mask, static_cast<std::size_t>(n), out);
}

double inner_product(std::span<const double> x, std::span<const double> y) {
  return HWY_DYNAMIC_DISPATCH(inner_product)(x, y);
}

void add_multiple(double c, std::span<const double> x, std::span<double> y) {
  HWY_DYNAMIC_DISPATCH(add_multiple)(c, x, y);
}

}  // namespace varprop::workers
#endif
