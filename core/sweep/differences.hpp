// What two sweeps do not have in common.
#pragma once

#include <string>
#include <vector>

#include "core/sweep/sweep.hpp"

namespace varprop {

/// The keys of the canonical text (core/sweep/sweep.hpp) whose values are not alike, or that only one of the
/// sweeps has, in alphabetical order: {"replicas_per_batch", "width"}. Empty for sweeps of one identity.
std::vector<std::string> differences(const Sweep& a, const Sweep& b);

}  // namespace varprop
