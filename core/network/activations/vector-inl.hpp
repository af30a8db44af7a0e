// Activations of SIMD vectors. Included once per SIMD target (Highway's foreach_target).
#if defined(VARPROP_CORE_ACTIVATIONS_VECTOR_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef VARPROP_CORE_ACTIVATIONS_VECTOR_INL_HPP_
#undef VARPROP_CORE_ACTIVATIONS_VECTOR_INL_HPP_
#else
#define VARPROP_CORE_ACTIVATIONS_VECTOR_INL_HPP_
#endif

#include <hwy/highway.h>

#include <cmath>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

#include "core/errors.hpp"
#include "core/math/vector_math-inl.hpp"
#include "core/network/activations/activation.hpp"
#include "core/simd/lanes-inl.hpp"

#if VARPROP_VECTOR_TARGET
HWY_BEFORE_NAMESPACE();
namespace varprop::HWY_NAMESPACE {

#define VARPROP_INLINE HWY_INLINE
#include "core/network/activations/all-inl.hpp"
#undef VARPROP_INLINE

/// Two straight lines that meet in the origin: any activation for signals far below or far above 1.
struct StraightLines {
  Slopes slopes;

  template <class M, class V>
  HWY_INLINE ValueAndSlope<V> operator()(const M& m, V z) const {
    const V slope = m.if_positive(z, m.set(slopes.positive), m.set(slopes.negative));
    return {slope * z, slope};
  }

  template <class M, class V>
  HWY_INLINE V curvature(const M& m, V) const {
    return m.set(0);
  }
};

/// φ and φ' far out, in the units of their layer.
template <class Phi>
struct InTail {
  const Phi& phi;
  TailUnits units;

  template <class M, class V>
  HWY_INLINE ValueAndSlope<V> operator()(const M& m, V z) const {
    const Tail<V> tail = phi.tail(m, z);
    return {tail.value * m.exp_and_expm1(m.set(units.value_decay) - tail.value_decay).exp,
            tail.slope * m.exp_and_expm1(m.set(units.slope_decay) - tail.slope_decay).exp};
  }
};

/// How far φ and φ' have decayed, in the places of φ and φ'.
template <class Phi>
struct DecaysOf {
  const Phi& phi;

  template <class M, class V>
  HWY_INLINE ValueAndSlope<V> operator()(const M& m, V z) const {
    const Tail<V> tail = phi.tail(m, z);
    return {tail.value_decay, tail.slope_decay};
  }
};

/// The smallest decays among many neurons, in any order: those of the largest value and the largest slope.
class SmallestDecays {
 public:
  HWY_INLINE SmallestDecays() : value_(hn::Set(d_, HUGE_VAL)), slope_(value_) {}

  /// Neurons with z = 0 are padding.
  HWY_INLINE void add(hn::Vec<LaneTag> z, const ValueAndSlope<hn::Vec<LaneTag>>& decays) {
    const auto padding = hn::Eq(z, hn::Zero(d_));
    value_ = hn::Min(value_, hn::IfThenElse(padding, value_, decays.value));
    slope_ = hn::Min(slope_, hn::IfThenElse(padding, slope_, decays.slope));
  }
  HWY_INLINE TailUnits units() const {
    return {hn::GetLane(hn::MinOfLanes(d_, value_)), hn::GetLane(hn::MinOfLanes(d_, slope_))};
  }

 private:
  LaneTag d_;
  hn::Vec<LaneTag> value_;
  hn::Vec<LaneTag> slope_;
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

/// Calls f with the definition that `activation` names if it has a tail; what has none must not get here.
template <class F>
HWY_INLINE auto visit_with_tail(const Activation& activation, F&& f) {
  return visit_list(Activations{}, activation, [&](const auto& phi) HWY_ATTR {
    constexpr bool has_tail = requires {
      phi.tail(VectorArithmetic<LaneTag>(), hn::Zero(LaneTag()));
    };
    VARPROP_EXPECT(has_tail);
    if constexpr (has_tail) {
      return f(phi);
    } else {
      return decltype(f(std::declval<const Tanh&>())){};
    }
  });
}

/// Calls f with the definition that `activation` names, or with what stands in its place: straight lines, or
/// its tail in the layer's units.
template <class F>
HWY_INLINE auto visit(const Activation& activation, const std::optional<Slopes>& linear,
                      const std::optional<TailUnits>& tail, F&& f) {
  if (linear) return f(StraightLines{*linear});
  if (tail) {
    return visit_with_tail(activation, [&](const auto& phi) HWY_ATTR { return f(InTail{phi, *tail}); });
  }
  return visit_list(Activations{}, activation, std::forward<F>(f));
}

}  // namespace varprop::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif  // VARPROP_VECTOR_TARGET

#endif  // per target
