// Polynomials of SIMD vectors. Included once per SIMD target (Highway's foreach_target).
#if defined(VARPROP_CORE_MATH_POLYNOMIAL_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef VARPROP_CORE_MATH_POLYNOMIAL_INL_HPP_
#undef VARPROP_CORE_MATH_POLYNOMIAL_INL_HPP_
#else
#define VARPROP_CORE_MATH_POLYNOMIAL_INL_HPP_
#endif

#include <hwy/highway.h>

#include <cstddef>

#include "core/simd/vector_target.hpp"

#if VARPROP_VECTOR_TARGET
HWY_BEFORE_NAMESPACE();
namespace varprop::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Σ c_p x^p, p = 0 … N − 1, by Horner's rule.
template <class D, class V, std::size_t N>
HWY_INLINE V polynomial(D d, const double (&c)[N], V x) {
  V sum = hn::Set(d, c[N - 1]);
  for (std::size_t p = N - 1; p-- > 0;) sum = hn::MulAdd(sum, x, hn::Set(d, c[p]));
  return sum;
}

}  // namespace varprop::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif  // VARPROP_VECTOR_TARGET

#endif  // per target
