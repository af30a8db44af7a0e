// The layers that a rate is measured over: where the network has forgotten its ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "theory/reasoned.hpp"

namespace varprop {

/// Multiples of the transient length that a window keeps from the ends and from a signal's onset, and its
/// least width in layers.
inline constexpr double window_distance = 6.0;
inline constexpr double onset_distance = 4.0;
inline constexpr std::int32_t least_window = 8;

/// Why there is no window.
inline constexpr std::string_view window_near_ends =
    "no window: fewer than 8 layers are 6 xi_q away from the ends";
inline constexpr std::string_view window_after_onset =
    "no window: fewer than 8 layers are left where the signal takes its last course";

/// Which ends of the network the window keeps away from.
enum class WindowEnds { input, both };

/// Positions, in the recorded layers, of the first and the last layer of a window (both inside).
struct Window {
  std::size_t first;
  std::size_t last;
};

/// The widest window of recorded layers l with l ≥ 6ξ and l ≥ o + 4ξ, and L − l ≥ 6ξ where the output counts
/// too; ξ = `transient`, o = `onset` as in InfiniteWidth. None where ξ has none, or where fewer than 8 layers
/// (recorded or not) lie from its first to its last.
Reasoned<Window> find_window(std::span<const std::int32_t> layers, std::int32_t depth,
                             const Reasoned<double>& transient, WindowEnds ends, double onset = 0);

}  // namespace varprop
