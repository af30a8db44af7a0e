// Runs code with one instruction set, whatever the machine's best is: for tests and benchmarks.
#pragma once

#include <hwy/highway.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/simd/target.hpp"

namespace varprop {

/// While it lives, the engines run with this Highway target and no other. Throws std::logic_error where
/// another target answers than was asked for: one that this machine lacks.
class ForcedTarget {
 public:
  explicit ForcedTarget(std::int64_t target) {
    choose(target, target);
    if (simd_target() == hwy::TargetName(target)) return;
    release();
    throw std::logic_error(std::string("there is no ") + hwy::TargetName(target) + " on this machine.");
  }
  ~ForcedTarget() { release(); }
  ForcedTarget(const ForcedTarget&) = delete;
  ForcedTarget& operator=(const ForcedTarget&) = delete;

 private:
  static void choose(std::int64_t supported, std::int64_t chosen) {
    hwy::SetSupportedTargetsForTest(supported);
    hwy::GetChosenTarget().Update(chosen);
  }
  static void release() {
    hwy::SetSupportedTargetsForTest(0);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  }
};

/// The targets with equal bits that this machine has.
inline std::vector<std::int64_t> vector_targets() {
  std::vector<std::int64_t> targets;
  for (const std::int64_t target : {std::int64_t{HWY_AVX2}, std::int64_t{HWY_AVX3}}) {
    if ((hwy::SupportedTargets() & target) != 0) targets.push_back(target);
  }
  return targets;
}

}  // namespace varprop
