// Arithmetic of SIMD vectors for the activation definitions: the same bits on every vector target, in every
// lane. Included once per SIMD target (Highway's foreach_target). tests/core/math says how accurate each
// function is.
#if defined(VARPROP_CORE_MATH_VECTOR_MATH_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef VARPROP_CORE_MATH_VECTOR_MATH_INL_HPP_
#undef VARPROP_CORE_MATH_VECTOR_MATH_INL_HPP_
#else
#define VARPROP_CORE_MATH_VECTOR_MATH_INL_HPP_
#endif

#include <hwy/highway.h>

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

/// The operations that an activation may use (core/activations/scalar.hpp has the same for plain numbers).
template <class D>
class VectorArithmetic {
 public:
  using V = hn::Vec<D>;

  HWY_INLINE V set(long double x) const { return hn::Set(d_, static_cast<double>(x)); }
  HWY_INLINE V fma(V a, V b, V c) const { return hn::MulAdd(a, b, c); }
  HWY_INLINE V abs(V x) const { return hn::Abs(x); }
  HWY_INLINE V min(V a, V b) const { return hn::Min(a, b); }
  HWY_INLINE V copy_sign(V magnitude, V sign) const { return hn::CopySign(magnitude, sign); }
  HWY_INLINE V if_positive(V z, V yes, V no) const {
    return hn::IfThenElse(hn::Gt(z, hn::Zero(d_)), yes, no);
  }

  /// exp(x) − 1 for |x| ≤ 700.
  HWY_INLINE V expm1(V x) const {
    const Reduced r = reduce(x);
    return hn::MulAdd(r.power, r.expm1, r.power - set(1));
  }

  /// exp(−x²); 0 below 1e-304.
  HWY_INLINE V exp_minus_square(V x) const {
    const V square = x * x;
    return exp_minus(square, hn::MulSub(x, x, square));
  }

  /// exp(−x²/2); 0 below 1e-304.
  HWY_INLINE V exp_minus_half_square(V x) const {
    const V square = x * x;
    return exp_minus(set(0.5L) * square, set(0.5L) * hn::MulSub(x, x, square));
  }

  /// erf(x), given exp(−x²): a Taylor polynomial for |x| < ½, 1 − 2Φ(−√2|x|) beyond.
  HWY_INLINE V erf(V x, V exp_minus_x_squared) const {
    static constexpr double taylor[] = {
        // 2/√π (−1)^k / (k! (2k + 1)), remainder below 1e-17 relative
        1.1283791670955126,     -0.37612638903183754,    0.11283791670955126,    -0.026866170645131252,
        0.0052239776254421878,  -0.00085483270234508527, 0.00012055332981789664, -1.4925650358406252e-05,
        1.6462114365889246e-06, -1.6365844691234924e-07, 1.4807192815879218e-08, -1.2290555301717927e-09,
        9.4227590646504111e-11};
    const V magnitude = hn::Abs(x);
    const V square = x * x;
    const V near = x * polynomial(d_, taylor, square);
    const V tail = scaled_normal_tail(set(1.41421356237309504880168872421L) * magnitude);
    const V far = hn::NegMulAdd(exp_minus_x_squared, tail + tail, set(1));
    return hn::IfThenElse(hn::Lt(magnitude, set(0.5L)), near, hn::CopySign(far, x));
  }

  /// exp(z²/2) Φ(−z) for 0 ≤ z ≤ 1e150, Φ the standard normal's distribution function: times 1 + 1.5 z it is
  /// a polynomial in u = (z − k)/(z + k).
  HWY_INLINE V scaled_normal_tail(V z) const {
    const V k = set(normal_tail_centre);
    return polynomial(d_, normal_tail_table, (z - k) / (z + k)) / hn::MulAdd(z, set(1.5L), set(1));
  }

 private:
  /// exp(x) = power · (1 + expm1), power = 2^k.
  struct Reduced {
    V power;
    V expm1;
  };

  /// exp(−(y + error)) for y ≥ 0. The error that y was rounded by counts: it would cost y units in the last
  /// place.
  HWY_INLINE V exp_minus(V y, V error) const {
    const Reduced r = reduce(hn::Neg(hn::Min(y, set(700))));
    const V e = hn::MulAdd(r.power, r.expm1, r.power);
    return hn::IfThenElseZero(hn::Lt(y, set(700)), hn::NegMulAdd(e, error, e));
  }

  /// x = k ln 2 + r, |r| ≤ ½ ln 2, and the Taylor polynomial of exp(r) − 1 (remainder below 2⁻⁵⁶ relative).
  HWY_INLINE Reduced reduce(V x) const {
    static constexpr double taylor[] = {1.0,
                                        1.0 / 2,
                                        1.0 / 6,
                                        1.0 / 24,
                                        1.0 / 120,
                                        1.0 / 720,
                                        1.0 / 5040,
                                        1.0 / 40320,
                                        1.0 / 362880,
                                        1.0 / 3628800,
                                        1.0 / 39916800,
                                        1.0 / 479001600,
                                        1.0 / 6227020800};
    const hn::RebindToSigned<D> di;
    // Adding 1.5·2⁵² rounds to the nearest integer and leaves it in the low bits.
    const V shifter = set(6755399441055744.0L);
    const V shifted = hn::MulAdd(x, set(1.44269504088896340735992468100L), shifter);
    const V k = shifted - shifter;
    V r = hn::NegMulAdd(k, set(0x1.62e42fefa38p-1L), x);
    r = hn::NegMulAdd(k, set(0x1.ef35793c7673p-45L), r);
    const auto biased = hn::BitCast(di, shifted) + hn::Set(di, 1023);
    return {hn::BitCast(d_, hn::ShiftLeft<52>(biased)), r * polynomial(d_, taylor, r)};
  }

  D d_;
};

}  // namespace varprop::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif  // VARPROP_VECTOR_TARGET

#endif  // per target
