#include "workers/pair/pair_arrays.hpp"

#include <cstddef>

#include "core/simd/target.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "workers/pair/pair_arrays.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "workers/pair/pair_activation-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace varprop::HWY_NAMESPACE {
#if VARPROP_VECTOR_TARGET
namespace {

void activate_pair(const Activation& activation, const PairRange& range, std::int64_t neurons,
                   std::span<const double> zeta, std::span<const double> omega, PairArrays& out) {
  const LaneTag d;
  const auto n = static_cast<std::size_t>(neurons);
  visit_pair(activation, range, [&](const auto& phi) HWY_ATTR {
    for (std::size_t i = 0; i < zeta.size(); i += hn::Lanes(d)) {
      const auto mask = hn::FirstN(d, i < n ? HWY_MIN(n - i, hn::Lanes(d)) : 0);
      const auto store = [&](hn::Vec<LaneTag> v, std::vector<double>& to) HWY_ATTR {
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
void activate_pair(const Activation&, const PairRange&, std::int64_t, std::span<const double>,
                   std::span<const double>, PairArrays&) {
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

void activate_pair(const Activation& activation, const PairRange& range, std::int64_t n,
                   std::span<const double> zeta, std::span<const double> omega, PairArrays& out) {
  HWY_DYNAMIC_DISPATCH(activate_pair)(activation, range, n, zeta, omega, out);
}

}  // namespace varprop
#endif
