#include "workers/activation/activate_pair.hpp"

#include <cstddef>

#include "core/contracts.hpp"
#include "core/simd/target.hpp"

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
      const auto store = [&](hn::Vec<LaneTag> v, std::span<double> to) HWY_ATTR {
        hn::StoreU(hn::IfThenElseZero(mask, v), d, to.data() + i);
      };
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

void activate_pair(const PairActivationPass& pass, std::int64_t n, std::span<const double> zeta,
                   std::span<const double> omega, const PairArrays& out) {
  VARPROP_EXPECT(zeta.size() % 8 == 0 && zeta.size() >= static_cast<std::size_t>(n));
  VARPROP_EXPECT(omega.size() == zeta.size() && out.alpha.size() >= zeta.size());
  HWY_DYNAMIC_DISPATCH(activate_pair)(pass, static_cast<std::size_t>(n), zeta, omega, out);
}

}  // namespace varprop
#endif
