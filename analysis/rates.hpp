// Change of ⟨ln X_l⟩ per layer over a window, batch by batch.
#pragma once

#include <span>

#include "analysis/point_results.hpp"
#include "analysis/sample.hpp"
#include "analysis/window.hpp"

namespace varprop {

/// How a slope is taken from a profile. End points: best for a random walk, whose steps are independent.
/// Least squares: best for independent deviations around a line.
enum class SlopeMethod { end_points, least_squares };

/// d⟨ln X⟩/dl over the window, going up; NaN where a layer that is needed has no value.
double slope(std::span<const std::int32_t> layers, std::span<const double> log_mean, Window window,
             SlopeMethod method);

/// The mean over the done batches of the batches' slopes; its error is the standard error over batches.
/// Batches without a slope (all networks extinct within the window) are left out.
Reasoned<MeanEstimate> mean_slope(const PointResults& results, const QuantityResults& quantity, Window window,
                                  SlopeMethod method);

}  // namespace varprop
