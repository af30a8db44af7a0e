// The normal law's tail and erf of SIMD vectors. Included once per SIMD target (Highway's foreach_target).
#if defined(VARPROP_CORE_MATH_NORMAL_TAIL_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef VARPROP_CORE_MATH_NORMAL_TAIL_INL_HPP_
#undef VARPROP_CORE_MATH_NORMAL_TAIL_INL_HPP_
#else
#define VARPROP_CORE_MATH_NORMAL_TAIL_INL_HPP_
#endif

#include <hwy/highway.h>

#include "core/math/exponential-inl.hpp"
#include "core/math/function_pairs.hpp"
#include "core/math/normal_tail_table.hpp"
#include "core/math/polynomial-inl.hpp"
#include "core/simd/vector_target.hpp"

#if VARPROP_VECTOR_TARGET
HWY_BEFORE_NAMESPACE();
namespace varprop::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

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

}  // namespace varprop::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif  // VARPROP_VECTOR_TARGET

#endif  // per target
