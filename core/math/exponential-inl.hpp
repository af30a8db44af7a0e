// Exponentials and logarithms of SIMD vectors. Included once per SIMD target (Highway's foreach_target).
#if defined(VARPROP_CORE_MATH_EXPONENTIAL_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef VARPROP_CORE_MATH_EXPONENTIAL_INL_HPP_
#undef VARPROP_CORE_MATH_EXPONENTIAL_INL_HPP_
#else
#define VARPROP_CORE_MATH_EXPONENTIAL_INL_HPP_
#endif

#include <hwy/highway.h>

#include "core/math/function_pairs.hpp"
#include "core/math/polynomial-inl.hpp"
#include "core/simd/vector_target.hpp"

#if VARPROP_VECTOR_TARGET
HWY_BEFORE_NAMESPACE();
namespace varprop::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// exp(x) = power · (1 + expm1), power = 2^k, |expm1| < 0.42.
template <class V>
struct SplitExponential {
  V power;
  V expm1;
};

/// Adding it rounds |x| < 2⁵⁰ to the nearest integer and leaves that in the low bits.
inline constexpr double integer_shifter = 6755399441055744.0;  // 1.5·2⁵²

/// x = k ln 2 + r, |r| ≤ ½ ln 2, and the Taylor polynomial of exp(r) − 1 (remainder below 2⁻⁵⁶ relative);
/// |x| ≤ 708.
template <class D, class V>
HWY_INLINE SplitExponential<V> split_exponential(D d, V x) {
  static constexpr double taylor[] = {
      1.0,         1.0 / 2,      1.0 / 6,       1.0 / 24,       1.0 / 120,       1.0 / 720,       1.0 / 5040,
      1.0 / 40320, 1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800};
  const hn::RebindToSigned<D> di;
  const V shifter = hn::Set(d, integer_shifter);
  const V shifted = hn::MulAdd(x, hn::Set(d, 1.44269504088896340735992468100), shifter);
  const V k = shifted - shifter;
  V r = hn::NegMulAdd(k, hn::Set(d, 0x1.62e42fefa38p-1), x);
  r = hn::NegMulAdd(k, hn::Set(d, 0x1.ef35793c7673p-45), r);
  const auto biased = hn::BitCast(di, shifted) + hn::Set(di, 1023);
  return {hn::BitCast(d, hn::ShiftLeft<52>(biased)), r * polynomial(d, taylor, r)};
}

/// exp(−y) is 0 where it would be below 1e-307, from here on.
inline constexpr double largest_decay = 708;

/// exp(x) and exp(x) − 1 for x ≤ 0.
template <class D, class V>
HWY_INLINE ExpAndExpm1<V> exp_and_expm1(D d, V x) {
  const V limit = hn::Set(d, -largest_decay);
  const SplitExponential<V> e = split_exponential(d, hn::Max(x, limit));
  return {hn::IfThenElseZero(hn::Gt(x, limit), hn::MulAdd(e.power, e.expm1, e.power)),
          hn::MulAdd(e.power, e.expm1, e.power - hn::Set(d, 1))};
}

/// exp(−(y + error)), split, for y ≥ 0. The error that y was rounded by counts: it would cost y units in the
/// last place. Beyond the largest decay both parts are 0.
template <class D, class V>
HWY_INLINE SplitExponential<V> split_decay(D d, V y, V error) {
  const auto inside = hn::Lt(y, hn::Set(d, largest_decay));
  const SplitExponential<V> e = split_exponential(d, hn::Neg(hn::IfThenElseZero(inside, y)));
  const V corrected = e.expm1 - hn::MulAdd(error, e.expm1, error);
  return {hn::IfThenElseZero(inside, e.power), hn::IfThenElseZero(inside, corrected)};
}

/// exp(−x²).
template <class D, class V>
HWY_INLINE V exp_minus_square(D d, V x) {
  const V square = x * x;
  const SplitExponential<V> e = split_decay(d, square, hn::MulSub(x, x, square));
  return hn::MulAdd(e.power, e.expm1, e.power);
}

/// exp(−x²/2), split.
template <class D, class V>
HWY_INLINE SplitExponential<V> split_gaussian(D d, V x) {
  const V square = x * x, half = hn::Set(d, 0.5);
  return split_decay(d, half * square, half * hn::MulSub(x, x, square));
}

/// 2 artanh(s) = ln((1 + s)/(1 − s)) for |s| ≤ 0.1716; the series' remainder is below 2⁻⁵⁶ relative.
template <class D, class V>
HWY_INLINE V twice_artanh(D d, V s) {
  static constexpr double series[] = {2.0 / 3,  2.0 / 5,  2.0 / 7,  2.0 / 9,  2.0 / 11,
                                      2.0 / 13, 2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21};
  const V s2 = s * s;
  return hn::MulAdd(s * s2, polynomial(d, series, s2), s + s);
}

/// ln(1 + y) for 0 ≤ y ≤ 1: ln 2 + ln((1 + y)/2) in the upper part.
template <class D, class V>
HWY_INLINE V log1p(D d, V y) {
  const auto upper = hn::Gt(y, hn::Set(d, 0.41421356237309503));
  const V numerator = hn::IfThenElse(upper, y - hn::Set(d, 1), y);
  const V denominator = y + hn::IfThenElse(upper, hn::Set(d, 3), hn::Set(d, 2));
  const V ln_2 = hn::IfThenElseZero(upper, hn::Set(d, 0.693147180559945309417232121458));
  return ln_2 + twice_artanh(d, numerator / denominator);
}

/// ln x for normal x > 0.
template <class D, class V>
HWY_INLINE V log(D d, V x) {
  const hn::RebindToSigned<D> di;
  const auto bits = hn::BitCast(di, x);
  const auto exponent = hn::ShiftRight<52>(bits) - hn::Set(di, 1023);
  const V mantissa = hn::BitCast(d, bits - hn::ShiftLeft<52>(exponent));  // in [1, 2)
  const V shifter = hn::Set(d, integer_shifter);
  const V e = hn::BitCast(d, hn::BitCast(di, shifter) + exponent) - shifter;
  const auto upper = hn::Gt(mantissa, hn::Set(d, 1.4142135623730951));
  const V one = hn::Set(d, 1);
  const V centred = hn::IfThenElse(upper, mantissa * hn::Set(d, 0.5), mantissa);
  const V power = hn::IfThenElse(upper, e + one, e);
  const V ln = twice_artanh(d, (centred - one) / (centred + one));
  return hn::MulAdd(power, hn::Set(d, 0x1.62e42fefa38p-1),
                    hn::MulAdd(power, hn::Set(d, 0x1.ef35793c7673p-45), ln));
}

}  // namespace varprop::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif  // VARPROP_VECTOR_TARGET

#endif  // per target
