#include "workers/kernels/activate.hpp"

#include <algorithm>
#include <cstddef>

#include "core/errors.hpp"
#include "core/simd/target.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "workers/kernels/activate.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/network/activations/vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace varprop::workers::HWY_NAMESPACE {
#if VARPROP_VECTOR_TARGET
using namespace varprop::HWY_NAMESPACE;

namespace {

void activate(const ActivationPass& pass, std::size_t n, std::span<const double> zeta,
              std::span<double> alpha, std::span<double> sigma) {
  const LaneTag d;
  const VectorArithmetic<LaneTag> m;
  const auto scale = hn::Set(d, pass.scale);
  const std::size_t whole = n - n % hn::Lanes(d);
  visit(pass.activation, pass.linear, pass.tail, [&](const auto& phi) HWY_ATTR {
    for (std::size_t i = 0; i < whole; i += hn::Lanes(d)) {
      const auto a = phi(m, scale * hn::LoadU(d, zeta.data() + i));
      hn::StoreU(a.value, d, alpha.data() + i);
      hn::StoreU(a.slope, d, sigma.data() + i);
    }
    for (std::size_t i = whole; i < zeta.size(); i += hn::Lanes(d)) {
      const auto mask = hn::FirstN(d, i < n ? n - i : 0);
      const auto a = phi(m, scale * hn::LoadU(d, zeta.data() + i));
      hn::StoreU(hn::IfThenElseZero(mask, a.value), d, alpha.data() + i);
      hn::StoreU(hn::IfThenElseZero(mask, a.slope), d, sigma.data() + i);
    }
    return 0;
  });
}

TailUnits find_tail_units(const ActivationPass& pass, std::span<const double> zeta) {
  const LaneTag d;
  const VectorArithmetic<LaneTag> m;
  return visit_with_tail(pass.activation, [&](const auto& phi) HWY_ATTR {
    SmallestDecays smallest;
    for (std::size_t i = 0; i < zeta.size(); i += hn::Lanes(d)) {
      const auto z = hn::Set(d, pass.scale) * hn::LoadU(d, zeta.data() + i);
      smallest.add(z, DecaysOf{phi}(m, z));
    }
    return smallest.units();
  });
}

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

void activate_pair(const PairActivationPass& pass, std::size_t n, std::span<const double> zeta,
                   std::span<const double> omega, const PairArrays& out) {
  const LaneTag d;
  visit_pair(pass, [&](const auto& phi) HWY_ATTR {
    for (std::size_t i = 0; i < zeta.size(); i += hn::Lanes(d)) {
      const auto mask = hn::FirstN(d, i < n ? HWY_MIN(n - i, hn::Lanes(d)) : 0);
      const auto store = [&](hn::Vec<LaneTag> v, std::span<double> to)
                             HWY_ATTR { hn::StoreU(hn::IfThenElseZero(mask, v), d, to.data() + i); };
      const PairAtNeurons at = phi(hn::LoadU(d, zeta.data() + i), hn::LoadU(d, omega.data() + i));
      store(at.alpha, out.alpha);
      store(at.second_alpha, out.second_alpha);
      store(at.difference, out.difference);
      store(at.slope, out.slope);
      store(at.second_slope, out.second_slope);
      store(at.bend, out.bend);
    }
    return 0;
  });
}

}  // namespace
#else
void activate(const ActivationPass&, std::size_t, std::span<const double>, std::span<double>,
              std::span<double>) {
  refuse_target();
}
TailUnits find_tail_units(const ActivationPass&, std::span<const double>) {
  refuse_target();
}
void activate_pair(const PairActivationPass&, std::size_t, std::span<const double>, std::span<const double>,
                   const PairArrays&) {
  refuse_target();
}
#endif
}  // namespace varprop::workers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace varprop::workers {

namespace {

HWY_EXPORT(activate);
HWY_EXPORT(find_tail_units);
HWY_EXPORT(activate_pair);

ActivationPass pass_of(const Activation& activation, const SignalRange& range) {
  return {activation, range.linear, range.scale, range.tail};
}

/// ζ₂, of size 1.
void second_preactivation(const PairRange& range, std::span<const double> zeta, std::span<const double> omega,
                          std::span<double> out) {
  for (std::size_t i = 0; i < zeta.size(); ++i) {
    out[i] = range.second_zeta * zeta[i] + range.second_omega * omega[i];
  }
}

void activate_apart(const PairActivationPass& pass, std::int64_t n, std::span<const double> zeta,
                    std::span<const double> omega, const PairArrays& out) {
  const auto zeta_2 = out.difference.first(zeta.size());
  second_preactivation(pass.range, zeta, omega, zeta_2);
  activate(pass_of(pass.activation, *pass.range.first), n, zeta, out.alpha, out.slope);
  activate(pass_of(pass.activation, *pass.range.second), n, zeta_2, out.second_alpha, out.second_slope);
  std::ranges::copy(out.second_alpha.first(zeta.size()), out.difference.begin());
  std::ranges::fill(out.bend.first(zeta.size()), 0.0);
}

}  // namespace

void activate(const ActivationPass& pass, std::int64_t n, std::span<const double> zeta,
              std::span<double> alpha, std::span<double> sigma) {
  VARPROP_EXPECT(zeta.size() % 8 == 0 && zeta.size() >= static_cast<std::size_t>(n));
  HWY_DYNAMIC_DISPATCH(activate)(pass, static_cast<std::size_t>(n), zeta, alpha, sigma);
}

TailUnits find_tail_units(const ActivationPass& pass, std::span<const double> zeta) {
  VARPROP_EXPECT(zeta.size() % 8 == 0);
  return HWY_DYNAMIC_DISPATCH(find_tail_units)(pass, zeta);
}

PairTailUnits find_tail_units(const PairActivationPass& pass, std::span<const double> zeta,
                              std::span<const double> omega, std::span<double> scratch) {
  VARPROP_EXPECT(pass.range.apart() && scratch.size() >= zeta.size());
  second_preactivation(pass.range, zeta, omega, scratch);
  return {find_tail_units(pass_of(pass.activation, *pass.range.first), zeta),
          find_tail_units(pass_of(pass.activation, *pass.range.second), scratch.first(zeta.size()))};
}

void activate_pair(const PairActivationPass& pass, std::int64_t n, std::span<const double> zeta,
                   std::span<const double> omega, const PairArrays& out) {
  VARPROP_EXPECT(zeta.size() % 8 == 0 && zeta.size() >= static_cast<std::size_t>(n));
  VARPROP_EXPECT(omega.size() == zeta.size() && out.alpha.size() >= zeta.size());
  if (pass.range.apart()) return activate_apart(pass, n, zeta, omega, out);
  HWY_DYNAMIC_DISPATCH(activate_pair)(pass, static_cast<std::size_t>(n), zeta, omega, out);
}

}  // namespace varprop::workers
#endif
