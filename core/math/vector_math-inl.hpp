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

#include <cstddef>

#include "core/math/function_pairs.hpp"
#include "core/math/normal_tail_table.hpp"
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
