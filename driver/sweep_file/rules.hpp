// What must hold between the settings of a sweep.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "driver/sweep_file/document.hpp"
#include "driver/sweep_file/keys.hpp"

namespace varprop {

/// replicas is a multiple of batches, and a batch's replicas can be counted in 31 bits.
void check_batches(const Document& document, const Sweep& sweep);

/// points · batches ≤ largest_unit_count.
void check_unit_count(const Document& document, const Sweep& sweep);

/// Every point has an engine that can simulate it (core/point/engines.hpp).
void check_engines(const Document& document, const Sweep& sweep);

/// The recorded layers (core/sweep/sweep.hpp) under the draft's limit.
std::vector<std::int32_t> choose_layers(const Document& document, const SweepDraft& draft);

/// No two points have the same h, which selects a point's random numbers. Sweeps of more than 10⁷ points are
/// not searched: the chance of a pair is points²/2⁶⁵.
void check_streams(const Document& document, const Sweep& sweep);

/// The positions of two equal numbers, or nothing.
std::optional<std::pair<std::int64_t, std::int64_t>> equal_pair(const std::vector<std::uint64_t>& numbers);

}  // namespace varprop
