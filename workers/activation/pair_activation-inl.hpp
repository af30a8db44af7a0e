// φ of two pre-activations of one neuron, the second told by its difference from the first. Included once per
// SIMD target (Highway's foreach_target).
#if defined(VARPROP_WORKERS_ACTIVATION_PAIR_ACTIVATION_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef VARPROP_WORKERS_ACTIVATION_PAIR_ACTIVATION_INL_HPP_
#undef VARPROP_WORKERS_ACTIVATION_PAIR_ACTIVATION_INL_HPP_
#else
#define VARPROP_WORKERS_ACTIVATION_PAIR_ACTIVATION_INL_HPP_
#endif

#include <hwy/highway.h>

#include "core/activations/vector-inl.hpp"
#include "workers/activation/activate_pair.hpp"

#if VARPROP_VECTOR_TARGET
HWY_BEFORE_NAMESPACE();
namespace varprop::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// What both signals do in one vector of neurons: z₁ = scale·ζ, z₂ = z₁ + h, h = step·ω.
struct PairAtNeurons {
  using V = hn::Vec<LaneTag>;
  V alpha;         ///< α = φ(z₁)
  V second_alpha;  ///< φ(z₂)
  V difference;    ///< (φ(z₂) − φ(z₁))/step
  V slope;         ///< φ'(z₁)
  V second_slope;  ///< φ'(z₂)
  V bend;          ///< (φ'(z₂) − φ'(z₁))/step
};

/// Evaluates φ for both. Far apart, the differences are those of two evaluations. Nearly equal (|h| ≪ 1),
/// they are φ'(m)ω and φ''(m)ω in the middle m, relative error of order h², but where a kink lies between.
template <bool near, class Phi>
class PairActivation {
 public:
  using V = hn::Vec<LaneTag>;

  HWY_INLINE PairActivation(const PairRange& range, const Phi& phi, const Kinks& kinks)
      : phi_(phi),
        kinks_(kinks),
        scale_(range.scale),
        step_(range.step),
        over_step_(range.step > 0 ? 1 / range.step : 0.0) {}

  HWY_INLINE PairAtNeurons operator()(V zeta, V omega) const {
    const LaneTag d;
    const V first = hn::Set(d, scale_) * zeta;
    const V h = hn::Set(d, step_) * omega;
    const V second = first + h;
    const auto at_first = phi_(m_, first);
    const auto at_second = phi_(m_, second);
    const V over_step = hn::Set(d, over_step_);
    PairAtNeurons pair{
        at_first.value, at_second.value, difference(at_first.value, at_second.value) * over_step,
        at_first.slope, at_second.slope, difference(at_first.slope, at_second.slope) * over_step};
    if constexpr (near) {
      const V middle = hn::MulAdd(hn::Set(d, 0.5), h, first);
      const auto apart = kink_between(first, second);
      pair.difference = hn::IfThenElse(apart, pair.difference, phi_(m_, middle).slope * omega);
      pair.bend = hn::IfThenElse(apart, pair.bend, phi_.curvature(m_, middle) * omega);
    }
    return pair;
  }

 private:
  /// b − a; 0 where it is no more than what rounding leaves of two pre-activations.
  HWY_INLINE static V difference(V a, V b) {
    const LaneTag d;
    const V apart = b - a;
    return hn::IfThenElseZero(hn::Gt(hn::Abs(apart), hn::Set(d, 0x1p-46) * hn::Abs(a)), apart);
  }

  HWY_INLINE hn::Mask<LaneTag> kink_between(V first, V second) const {
    const LaneTag d;
    auto apart = hn::Lt(hn::Zero(d), hn::Zero(d));
    for (std::size_t i = 0; i < kinks_.count; ++i) {
      const V kink = hn::Set(d, kinks_.at[i]);
      apart = hn::Or(apart, hn::Xor(hn::Gt(first, kink), hn::Gt(second, kink)));
    }
    return apart;
  }

  VectorArithmetic<LaneTag> m_;
  Phi phi_;
  Kinks kinks_;
  double scale_, step_, over_step_;
};

/// Calls f with the PairActivation for this activation and range.
template <class F>
HWY_INLINE auto visit_pair(const PairActivationPass& pass, F&& f) {
  const auto& [activation, range] = pass;
  const auto call = [&range = range, &f](const auto& phi, const Kinks& kinks) HWY_ATTR {
    using Phi = std::remove_cvref_t<decltype(phi)>;
    if (range.near) return f(PairActivation<true, Phi>(range, phi, kinks));
    return f(PairActivation<false, Phi>(range, phi, kinks));
  };
  if (range.linear) return call(StraightLines{*range.linear}, kinks_of(*range.linear));
  return visit_list(Activations{}, activation,
                    [&](const auto& phi) HWY_ATTR { return call(phi, pass.activation.facts().kinks); });
}

}  // namespace varprop::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif  // VARPROP_VECTOR_TARGET

#endif  // per target
