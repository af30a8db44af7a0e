// Runs code with one instruction set, whatever the machine's best is.
#pragma once

#include <gtest/gtest.h>
#include <hwy/highway.h>

#include <cstdint>
#include <vector>

#include "core/simd/target.hpp"

namespace varprop::test {

/// While it lives, the engines run with this Highway target and no other.
class ForcedTarget {
 public:
  explicit ForcedTarget(std::int64_t target) {
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(target);
    EXPECT_EQ(simd_target(), hwy::TargetName(target)) << "another target answered than was asked for";
  }
  ~ForcedTarget() {
    hwy::SetSupportedTargetsForTest(0);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  }
  ForcedTarget(const ForcedTarget&) = delete;
  ForcedTarget& operator=(const ForcedTarget&) = delete;
};

/// The targets with equal bits that this machine has.
inline std::vector<std::int64_t> vector_targets() {
  std::vector<std::int64_t> targets;
  for (const std::int64_t target : {std::int64_t{HWY_AVX2}, std::int64_t{HWY_AVX3}}) {
    if ((hwy::SupportedTargets() & target) != 0) targets.push_back(target);
  }
  return targets;
}

}  // namespace varprop::test
