// Sums that do not depend on the width of a vector. Included once per SIMD target (Highway's foreach_target).
#if defined(VARPROP_CORE_SIMD_LANES_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef VARPROP_CORE_SIMD_LANES_INL_HPP_
#undef VARPROP_CORE_SIMD_LANES_INL_HPP_
#else
#define VARPROP_CORE_SIMD_LANES_INL_HPP_
#endif

#include <hwy/highway.h>

#include "core/simd/vector_target.hpp"

#if VARPROP_VECTOR_TARGET
HWY_BEFORE_NAMESPACE();
namespace varprop::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Every sum has eight lanes: element i adds to lane i mod 8, in order of i. One AVX-512 register or two of
/// AVX2.
using LaneTag = hn::CappedTag<double, 8>;
inline constexpr std::size_t vectors_per_lanes = 8 / hn::MaxLanes(LaneTag());

/// `count` sums of products or of terms, each over eight lanes.
template <std::size_t count>
class LaneSums {
 public:
  HWY_INLINE LaneSums() {
    for (auto& sum : lanes_) {
      for (auto& vector : sum.v) vector = hn::Zero(LaneTag());
    }
  }

  /// Adds x·y to vector j of sum s.
  HWY_INLINE void add(std::size_t s, std::size_t j, hn::Vec<LaneTag> x, hn::Vec<LaneTag> y) {
    lanes_[s].v[j] = hn::MulAdd(x, y, lanes_[s].v[j]);
  }

  /// Adds x to vector j of sum s.
  HWY_INLINE void add(std::size_t s, std::size_t j, hn::Vec<LaneTag> x) {
    lanes_[s].v[j] = lanes_[s].v[j] + x;
  }

  /// The lanes of sum s added up, always in the same order.
  HWY_INLINE double total(std::size_t s) const {
    HWY_ALIGN double x[8];
    for (std::size_t j = 0; j < vectors_per_lanes; ++j) {
      hn::Store(lanes_[s].v[j], LaneTag(), x + j * hn::MaxLanes(LaneTag()));
    }
    return ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]));
  }

 private:
  struct Sum {
    hn::Vec<LaneTag> v[vectors_per_lanes];
  };
  Sum lanes_[count];
};

}  // namespace varprop::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif  // VARPROP_VECTOR_TARGET

#endif  // per target
