// Arithmetic of SIMD vectors for the activation definitions: the same bits on every vector target, in every
// lane. Included once per SIMD target (Highway's foreach_target). tests/core/network/activations says how
// accurate the functions are.
#if defined(VARPROP_CORE_MATH_VECTOR_MATH_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef VARPROP_CORE_MATH_VECTOR_MATH_INL_HPP_
#undef VARPROP_CORE_MATH_VECTOR_MATH_INL_HPP_
#else
#define VARPROP_CORE_MATH_VECTOR_MATH_INL_HPP_
#endif

#include <hwy/highway.h>

#include "core/math/elementary-inl.hpp"
#include "core/math/function_pairs.hpp"
#include "core/math/normal_tail_table.hpp"
#include "core/simd/vector_target.hpp"

#if VARPROP_VECTOR_TARGET
HWY_BEFORE_NAMESPACE();
namespace varprop::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// The normal law's tail and erf.

/// P((z − k)/(z + k)) = (1 + 0.8125 z) R(z), R(z) = exp(z²/2) Φ(−z), for z ≥ 0.
template <class D, class V>
HWY_INLINE V grown_normal_tail(D d, V z) {
  const V k = hn::Set(d, normal_tail_centre);
  return polynomial(d, normal_tail_table, (z - k) / (z + k));
}

/// R(z) = exp(z²/2) Φ(−z) for z ≥ 0, Φ the standard normal's distribution function.
template <class D, class V>
HWY_INLINE V scaled_normal_tail(D d, V z) {
  return grown_normal_tail(d, z) / hn::MulAdd(z, hn::Set(d, normal_tail_growth), hn::Set(d, 1));
}

/// exp(−z²/2) and Φ(−z) for z ≥ 0. The quotient P/(1 + 0.8125 z) is q + low: what its divisor and itself were
/// rounded by counts, so that Φ keeps two units in the last place.
template <class D, class V>
HWY_INLINE NormalTail<V> normal_tail(D d, V z) {
  const V one = hn::Set(d, 1), growth = hn::Set(d, normal_tail_growth);
  const V numerator = grown_normal_tail(d, z);
  const V divisor = hn::MulAdd(z, growth, one);
  const V divisor_error = hn::MulAdd(z, growth, one - divisor);
  const V inverse = one / divisor;
  const V q = numerator * inverse;
  const V low = hn::NegMulAdd(q, divisor_error, hn::NegMulAdd(q, divisor, numerator)) * inverse;
  const SplitExponential<V> e = split_gaussian(d, z);
  return {hn::MulAdd(e.power, e.expm1, e.power), e.power * (q + hn::MulAdd(q, e.expm1, low))};
}

/// erf(x), given exp(−x²): a Taylor polynomial for |x| < ½, 1 − 2Φ(−√2|x|) beyond.
template <class D, class V>
HWY_INLINE V erf(D d, V x, V exp_minus_x_squared) {
  static constexpr double taylor[] = {
      // 2/√π (−1)^k / (k! (2k + 1)), remainder below 1e-17 relative
      1.1283791670955126,     -0.37612638903183754,    0.11283791670955126,    -0.026866170645131252,
      0.0052239776254421878,  -0.00085483270234508527, 0.00012055332981789664, -1.4925650358406252e-05,
      1.6462114365889246e-06, -1.6365844691234924e-07, 1.4807192815879218e-08, -1.2290555301717927e-09,
      9.4227590646504111e-11};
  const V magnitude = hn::Abs(x);
  const V near = x * polynomial(d, taylor, x * x);
  const V tail = scaled_normal_tail(d, hn::Set(d, 1.41421356237309504880168872421) * magnitude);
  const V far = hn::NegMulAdd(exp_minus_x_squared, tail + tail, hn::Set(d, 1));
  return hn::IfThenElse(hn::Lt(magnitude, hn::Set(d, 0.5)), near, hn::CopySign(far, x));
}

/// The operations that an activation may use (core/network/activations/scalar.hpp has the same for plain
/// numbers).
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
