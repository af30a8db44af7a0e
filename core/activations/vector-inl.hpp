// Activations of SIMD vectors. Included once per SIMD target (Highway's foreach_target).
#if defined(VARPROP_CORE_ACTIVATIONS_VECTOR_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef VARPROP_CORE_ACTIVATIONS_VECTOR_INL_HPP_
#undef VARPROP_CORE_ACTIVATIONS_VECTOR_INL_HPP_
#else
#define VARPROP_CORE_ACTIVATIONS_VECTOR_INL_HPP_
#endif

#include <hwy/highway.h>

#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

#include "core/activations/activation.hpp"
#include "core/contracts.hpp"
#include "core/math/vector_math-inl.hpp"
#include "core/simd/lanes-inl.hpp"

#if VARPROP_VECTOR_TARGET
HWY_BEFORE_NAMESPACE();
namespace varprop::HWY_NAMESPACE {

#define VARPROP_INLINE HWY_INLINE
#include "core/activations/all-inl.hpp"
#undef VARPROP_INLINE

/// Two straight lines that meet in the origin: any activation for signals far below or far above 1.
struct StraightLines {
  Slopes slopes;

  template <class M, class V>
  HWY_INLINE ValueAndSlope<V> operator()(const M& m, V z) const {
    const V slope = m.if_positive(z, m.set(slopes.positive), m.set(slopes.negative));
    return {slope * z, slope};
  }
};

template <class F, std::size_t I = 0, class... T>
HWY_INLINE auto visit_list(TypeList<T...> all, const Activation& activation, F&& f) {
  using Definition = std::tuple_element_t<I, std::tuple<T...>>;
  if constexpr (I + 1 < sizeof...(T)) {
    if (activation.index() != I) return visit_list<F, I + 1>(all, activation, std::forward<F>(f));
  }
  VARPROP_EXPECT(activation.index() == I);
  return f(Definition(activation.parameter()));
}

/// Calls f with the definition that `activation` names, or with the straight lines in its place.
template <class F>
HWY_INLINE auto visit(const Activation& activation, const std::optional<Slopes>& linear, F&& f) {
  if (linear) return f(StraightLines{*linear});
  return visit_list(Activations{}, activation, std::forward<F>(f));
}

}  // namespace varprop::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif  // VARPROP_VECTOR_TARGET

#endif  // per target
