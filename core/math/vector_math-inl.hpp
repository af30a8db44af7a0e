// Arithmetic of SIMD vectors for the activation definitions: the same bits on every vector target, in every
// lane. Included once per SIMD target (Highway's foreach_target). tests/core/activations says how accurate
// the functions are.
#if defined(VARPROP_CORE_MATH_VECTOR_MATH_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef VARPROP_CORE_MATH_VECTOR_MATH_INL_HPP_
#undef VARPROP_CORE_MATH_VECTOR_MATH_INL_HPP_
#else
#define VARPROP_CORE_MATH_VECTOR_MATH_INL_HPP_
#endif

#include <hwy/highway.h>

#include "core/math/exponential-inl.hpp"
#include "core/math/function_pairs.hpp"
#include "core/math/normal_tail-inl.hpp"
#include "core/math/trigonometry-inl.hpp"
#include "core/simd/vector_target.hpp"

#if VARPROP_VECTOR_TARGET
HWY_BEFORE_NAMESPACE();
namespace varprop::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// The operations that an activation may use (core/activations/scalar.hpp has the same for plain numbers).
template <class D>
class VectorArithmetic {
 public:
  using V = hn::Vec<D>;

  HWY_INLINE V set(long double x) const { return hn::Set(d_, static_cast<double>(x)); }
  HWY_INLINE V fma(V a, V b, V c) const { return hn::MulAdd(a, b, c); }
  HWY_INLINE V abs(V x) const { return hn::Abs(x); }
  HWY_INLINE V min(V a, V b) const { return hn::Min(a, b); }
  HWY_INLINE V negative(V x) const { return hn::Neg(x); }
  HWY_INLINE V copy_sign(V magnitude, V sign) const { return hn::CopySign(magnitude, sign); }
  HWY_INLINE V if_positive(V z, V yes, V no) const {
    return hn::IfThenElse(hn::Gt(z, hn::Zero(d_)), yes, no);
  }

  /// For x ≤ 0; exp is 0 below 1e-307.
  HWY_INLINE ExpAndExpm1<V> exp_and_expm1(V x) const { return HWY_NAMESPACE::exp_and_expm1(d_, x); }
  /// exp(−x²); 0 below 1e-307.
  HWY_INLINE V exp_minus_square(V x) const { return HWY_NAMESPACE::exp_minus_square(d_, x); }
  /// ln(1 + y) for 0 ≤ y ≤ 1.
  HWY_INLINE V log1p(V y) const { return HWY_NAMESPACE::log1p(d_, y); }
  /// ln x for normal x > 0.
  HWY_INLINE V log(V x) const { return HWY_NAMESPACE::log(d_, x); }
  /// Beyond |x| = 2⁴⁰ those of ±2⁴⁰.
  HWY_INLINE SinAndCos<V> sin_and_cos(V x) const { return HWY_NAMESPACE::sin_and_cos(d_, x); }
  HWY_INLINE V arctan(V x) const { return HWY_NAMESPACE::arctan(d_, x); }
  /// erf(x), given exp(−x²).
  HWY_INLINE V erf(V x, V exp_minus_x_squared) const {
    return HWY_NAMESPACE::erf(d_, x, exp_minus_x_squared);
  }
  /// For z ≥ 0; 0 below 1e-307.
  HWY_INLINE NormalTail<V> normal_tail(V z) const { return HWY_NAMESPACE::normal_tail(d_, z); }
  /// exp(z²/2) Φ(−z) for z ≥ 0.
  HWY_INLINE V scaled_normal_tail(V z) const { return HWY_NAMESPACE::scaled_normal_tail(d_, z); }

 private:
  D d_;
};

}  // namespace varprop::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif  // VARPROP_VECTOR_TARGET

#endif  // per target
