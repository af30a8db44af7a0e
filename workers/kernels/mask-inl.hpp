// Dropout's masks, many neurons at a time. Included once per SIMD target (Highway's foreach_target).
#if defined(VARPROP_WORKERS_KERNELS_MASK_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef VARPROP_WORKERS_KERNELS_MASK_INL_HPP_
#undef VARPROP_WORKERS_KERNELS_MASK_INL_HPP_
#else
#define VARPROP_WORKERS_KERNELS_MASK_INL_HPP_
#endif

#include <cstddef>

#include "core/random/draws-inl.hpp"
#include "core/simd/lanes-inl.hpp"
#include "workers/network/random_network.hpp"

#if VARPROP_VECTOR_TARGET
HWY_BEFORE_NAMESPACE();
namespace varprop::workers::HWY_NAMESPACE {

using namespace varprop::HWY_NAMESPACE;

/// 1/p or 0 for the neurons 16·first_group … of a layer; `out` is aligned to a vector.
HWY_INLINE void fill_mask(const DropoutMask& mask, std::uint64_t first_group, std::size_t groups,
                          double* HWY_RESTRICT out) {
  const LaneTag d;
  const hn::RebindToUnsigned<LaneTag> du;
  const hn::RebindToSigned<LaneTag> di;
  HWY_ALIGN std::uint64_t bits[draws_per_group];
  const auto threshold = hn::Set(di, mask.threshold());
  const auto kept = hn::Set(d, 1 / mask.keep);
  for (std::size_t group = 0; group < groups; ++group) {
    fill_draws(mask.draws, first_group + group, 1, bits);
    for (std::size_t i = 0; i < draws_per_group; i += hn::Lanes(d)) {
      const auto upper = hn::BitCast(di, hn::ShiftRight<11>(hn::Load(du, bits + i)));
      const auto stays = hn::RebindMask(d, hn::Lt(upper, threshold));
      hn::Store(hn::IfThenElseZero(stays, kept), d, out + group * draws_per_group + i);
    }
  }
}

}  // namespace varprop::workers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif  // VARPROP_VECTOR_TARGET

#endif  // per target
