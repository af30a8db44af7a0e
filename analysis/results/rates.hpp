// Change of ⟨ln X_l⟩ per layer, batch by batch, over the layers where the network has forgotten its ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "analysis/results/point_results.hpp"
#include "analysis/statistics/estimate.hpp"
#include "theory/reason.hpp"

namespace varprop::analysis {

/// Multiples of the transient length that a window keeps from the ends and from a signal's onset, and its
/// least width in layers.
inline constexpr double window_distance = 6.0;
inline constexpr double onset_distance = 4.0;
inline constexpr std::int32_t least_window = 8;

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
theory::ValueOrReason<Window> find_window(std::span<const std::int32_t> layers, std::int32_t depth,
                                          const theory::ValueOrReason<double>& transient, WindowEnds ends,
                                          double onset = 0);

/// How a slope is taken from a profile. End points: best for a random walk, whose steps are independent.
/// Least squares: best for independent deviations around a line.
enum class SlopeMethod { end_points, least_squares };

/// d⟨ln X⟩/dl over the window, going up; NaN where a layer that is needed has no value.
double slope(std::span<const std::int32_t> layers, std::span<const double> log_mean, Window window,
             SlopeMethod method);

/// The mean over the done batches of the batches' slopes; its error is the standard error over batches.
/// Batches without a slope (all networks extinct within the window) are left out.
theory::ValueOrReason<Estimate> mean_slope(const PointResults& results, const QuantityResults& quantity,
                                           Window window, SlopeMethod method);

}  // namespace varprop::analysis
