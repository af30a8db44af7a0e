// Sine, cosine and arctangent of SIMD vectors. Included once per SIMD target (Highway's foreach_target).
#if defined(VARPROP_CORE_MATH_TRIGONOMETRY_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef VARPROP_CORE_MATH_TRIGONOMETRY_INL_HPP_
#undef VARPROP_CORE_MATH_TRIGONOMETRY_INL_HPP_
#else
#define VARPROP_CORE_MATH_TRIGONOMETRY_INL_HPP_
#endif

#include <hwy/highway.h>

#include "core/math/exponential-inl.hpp"
#include "core/math/function_pairs.hpp"
#include "core/math/polynomial-inl.hpp"
#include "core/simd/vector_target.hpp"

#if VARPROP_VECTOR_TARGET
HWY_BEFORE_NAMESPACE();
namespace varprop::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// sin and cos of the same r, |r| ≤ π/4, by their Taylor polynomials (remainders below 2⁻⁵⁶ relative).
template <class D, class V>
HWY_INLINE SinAndCos<V> sin_and_cos_near_zero(D d, V r) {
  static constexpr double sine[] = {
      -1.0 / 6,        1.0 / 120,        -1.0 / 5040,          1.0 / 362880,
      -1.0 / 39916800, 1.0 / 6227020800, -1.0 / 1307674368000, 1.0 / 355687428096000};
  static constexpr double cosine[] = {
      1.0 / 24,        -1.0 / 720,         1.0 / 40320,         -1.0 / 3628800,
      1.0 / 479001600, -1.0 / 87178291200, 1.0 / 20922789888000};
  const V r2 = r * r;
  const V tail = hn::MulAdd(r2 * r2, polynomial(d, cosine, r2), hn::Set(d, -0.5) * r2);
  return {hn::MulAdd(r * r2, polynomial(d, sine, r2), r), hn::Set(d, 1) + tail};
}

/// Beyond it sin_and_cos takes x for ±this.
inline constexpr double largest_angle = 0x1p40;

/// sin x and cos x, relatively accurate in their zeros too.
///
/// x = k π/2 + r with π/2 in three doubles. x − k p₁ is exact (it is below 1 and a multiple of 2⁻⁵³), the
/// other two subtractions round once each.
template <class D, class V>
HWY_INLINE SinAndCos<V> sin_and_cos(D d, V x) {
  const hn::RebindToSigned<D> di;
  const V bounded = hn::Max(hn::Min(x, hn::Set(d, largest_angle)), hn::Set(d, -largest_angle));
  const V shifter = hn::Set(d, integer_shifter);
  const V shifted = hn::MulAdd(bounded, hn::Set(d, 0.636619772367581343075535053490), shifter);
  const V k = shifted - shifter;
  V r = hn::NegMulAdd(k, hn::Set(d, 0x1.921fb54442d18p+0), bounded);
  r = hn::NegMulAdd(k, hn::Set(d, 0x1.1a62633145c07p-54), r);
  r = hn::NegMulAdd(k, hn::Set(d, -0x1.f1976b7ed8fbcp-110), r);
  const SinAndCos<V> near = sin_and_cos_near_zero(d, r);
  const auto quadrant = hn::BitCast(di, shifted);
  const auto one = hn::Set(di, 1), two = hn::Set(di, 2);
  const auto odd = hn::MaskFromVec(hn::BitCast(d, hn::Neg(hn::And(quadrant, one))));
  const V sine_sign = hn::BitCast(d, hn::ShiftLeft<62>(hn::And(quadrant, two)));
  const V cosine_sign = hn::BitCast(d, hn::ShiftLeft<62>(hn::And(quadrant + one, two)));
  return {hn::Xor(hn::IfThenElse(odd, near.cos, near.sin), sine_sign),
          hn::Xor(hn::IfThenElse(odd, near.sin, near.cos), cosine_sign)};
}

/// arctan x: π/4 + arctan((|x| − 1)/(|x| + 1)) beyond tan π/8, π/2 − arctan(1/|x|) beyond tan 3π/8, and the
/// Taylor series of what is left (remainder below 2⁻⁵⁶ relative).
template <class D, class V>
HWY_INLINE V arctan(D d, V x) {
  static constexpr double taylor[] = {-1.0 / 3,  1.0 / 5,  -1.0 / 7,  1.0 / 9,  -1.0 / 11, 1.0 / 13,
                                      -1.0 / 15, 1.0 / 17, -1.0 / 19, 1.0 / 21, -1.0 / 23, 1.0 / 25,
                                      -1.0 / 27, 1.0 / 29, -1.0 / 31, 1.0 / 33, -1.0 / 35, 1.0 / 37,
                                      -1.0 / 39, 1.0 / 41, -1.0 / 43};
  const V magnitude = hn::Abs(x), one = hn::Set(d, 1);
  const auto middle = hn::Gt(magnitude, hn::Set(d, 0.41421356237309503));
  const auto far = hn::Gt(magnitude, hn::Set(d, 2.414213562373095));
  const V numerator = hn::IfThenElse(far, hn::Neg(one), hn::IfThenElse(middle, magnitude - one, magnitude));
  const V denominator = hn::IfThenElse(far, magnitude, hn::IfThenElse(middle, magnitude + one, one));
  const V quarters = hn::IfThenElse(far, hn::Set(d, 2), hn::IfThenElseZero(middle, one));
  const V t = numerator / denominator, t2 = t * t;
  const V rest = hn::MulAdd(quarters, hn::Set(d, 0x1.1a62633145c07p-55), t * t2 * polynomial(d, taylor, t2));
  return hn::CopySign(hn::MulAdd(quarters, hn::Set(d, 0x1.921fb54442d18p-1), t + rest), x);
}

}  // namespace varprop::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif  // VARPROP_VECTOR_TARGET

#endif  // per target
