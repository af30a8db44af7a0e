// Activations of plain numbers, through the system's libm. For theory/ and for checking; the engines never
// use it.
#pragma once

#include <cmath>
#include <string_view>
#include <tuple>
#include <utility>

#include "core/errors.hpp"
#include "core/math/function_pairs.hpp"
#include "core/network/activations/activation.hpp"

namespace varprop::scalar {

#define VARPROP_INLINE inline
#include "core/network/activations/all-inl.hpp"
#undef VARPROP_INLINE

/// Arithmetic of T = double or long double for the activation definitions.
template <class T>
struct Arithmetic {
  T set(long double x) const { return static_cast<T>(x); }
  T fma(T a, T b, T c) const { return std::fma(a, b, c); }
  T abs(T x) const { return std::fabs(x); }
  T min(T a, T b) const { return a < b ? a : b; }
  T negative(T x) const { return -x; }
  T copy_sign(T magnitude, T sign) const { return std::copysign(magnitude, sign); }
  T if_positive(T z, T yes, T no) const { return z > 0 ? yes : no; }
  ExpAndExpm1<T> exp_and_expm1(T x) const { return {std::exp(x), std::expm1(x)}; }
  T exp_minus_square(T x) const { return std::exp(-x * x); }
  T log1p(T y) const { return std::log1p(y); }
  T log(T x) const { return std::log(x); }
  SinAndCos<T> sin_and_cos(T x) const { return {std::sin(x), std::cos(x)}; }
  T arctan(T x) const { return std::atan(x); }
  /// erf(x); the second argument, exp(−x²), is only of use to vectors.
  T erf(T x, T) const { return std::erf(x); }
  NormalTail<T> normal_tail(T z) const {
    constexpr T one_over_sqrt_2 = T(0.70710678118654752440084436210484904L);
    return {std::exp(-z * z / 2), std::erfc(z * one_over_sqrt_2) / 2};
  }
  /// exp(z²/2) Φ(−z) for z ≥ 0; the asymptotic series where exp(z²/2) would leave the range.
  T scaled_normal_tail(T z) const {
    constexpr T one_over_sqrt_2 = T(0.70710678118654752440084436210484904L);
    constexpr T one_over_sqrt_2_pi = T(0.39894228040143267793994605993438187L);
    if (z < T(35)) return std::exp(z * z / 2) * std::erfc(z * one_over_sqrt_2) / 2;
    const T y = 1 / (z * z);
    return one_over_sqrt_2_pi / z * (1 - y * (1 - 3 * y * (1 - 5 * y * (1 - 7 * y))));
  }
};

/// Calls f with the definition that `activation` names, as in visit(a, [&](const auto& phi) { … }).
template <class F, std::size_t I = 0, class... T>
decltype(auto) visit_list(TypeList<T...>, const Activation& activation, F&& f) {
  using Definition = std::tuple_element_t<I, std::tuple<T...>>;
  if constexpr (I + 1 < sizeof...(T)) {
    if (activation.index() != I) {
      return visit_list<F, I + 1>(TypeList<T...>{}, activation, std::forward<F>(f));
    }
  }
  VARPROP_EXPECT(activation.index() == I);
  return std::forward<F>(f)(Definition(activation.parameter()));
}

template <class F>
decltype(auto) visit(const Activation& activation, F&& f) {
  return visit_list(Activations{}, activation, std::forward<F>(f));
}

/// φ(z) and φ'(z).
template <class T>
ValueAndSlope<T> evaluate(const Activation& activation, T z) {
  return visit(activation, [z](const auto& phi) { return phi(Arithmetic<T>{}, z); });
}

/// φ''(z), as the definitions have it (core/network/activations/all-inl.hpp).
template <class T>
T curvature(const Activation& activation, T z) {
  return visit(activation, [z](const auto& phi) { return phi.curvature(Arithmetic<T>{}, z); });
}

}  // namespace varprop::scalar
