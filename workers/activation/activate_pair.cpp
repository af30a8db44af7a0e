#include "workers/activation/activate_pair.hpp"

#include <algorithm>
#include <cstddef>

#include "core/contracts.hpp"
#include "core/simd/target.hpp"
#include "workers/activation/activate.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "workers/activation/activate_pair.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "workers/activation/pair_activation-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace varprop::HWY_NAMESPACE {
#if VARPROP_VECTOR_TARGET
namespace {

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
void activate_pair(const PairActivationPass&, std::size_t, std::span<const double>, std::span<const double>,
                   const PairArrays&) {
  refuse_target();
}
#endif
}  // namespace varprop::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace varprop {

namespace {
HWY_EXPORT(activate_pair);
}

namespace {

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

}  // namespace varprop
#endif
