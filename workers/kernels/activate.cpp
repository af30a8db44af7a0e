#include "workers/kernels/activate.hpp"

#include <cstddef>

#include "core/contracts.hpp"
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

}  // namespace
#else
void activate(const ActivationPass&, std::size_t, std::span<const double>, std::span<double>,
              std::span<double>) {
  refuse_target();
}
TailUnits find_tail_units(const ActivationPass&, std::span<const double>) {
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

}  // namespace varprop::workers
#endif
