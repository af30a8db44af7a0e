// From what a person typed to the sweep that is run.
#pragma once

#include "core/sweep/sweep.hpp"
#include "driver/sweep_file/sweep_text.hpp"

namespace varprop {

/// A sweep may not have more units than this (points times batches).
inline constexpr std::int64_t largest_unit_count = std::int64_t{1} << 40;

/// Resolves defaults, ranges, names and overrides. A pure function: the same text gives the same sweep on
/// every rank, and two texts that mean the same sweep give one canonical text (core/sweep/sweep.hpp). Throws
/// InputError "FILE:line:column: key: what is wrong; what is allowed", or the flag in the place's stead.
Sweep resolve_sweep(const SweepText& text);

}  // namespace varprop
