// Where a rate that was measured at many weight variances is zero.
#pragma once

#include <vector>

#include "analysis/laws/laws.hpp"
#include "theory/reason.hpp"

namespace varprop::analysis {

/// A measured rate.
struct RatePoint {
  std::size_t place;  ///< of the weight variance on its axis
  double x;           ///< ln σ_w²
  double rate;
  double error;      ///< standard error > 0
  double degrees;    ///< of freedom of the error
  std::size_t kind;  ///< points of one kind (a depth) have errors of one size
};

/// The zero of a rate, and what it was found from.
struct RateZero {
  Estimate x;                      ///< ln σ_w² where the rate is 0
  double slope;                    ///< d rate/dx there
  std::int64_t points;             ///< rates in the window
  Interval window;                 ///< of σ_w²
  std::optional<double> goodness;  ///< of the curve
};

/// Local regression about the change of sign from − to +: a parabola in x through the rates of up to 5
/// neighbouring weight variances on either side, the widest window that it suits (F test, p ≥ 0.05; a line
/// where there are two weight variances only). Neighbours are those up to a factor 1.4 apart; where they are
/// fewer than 4, no other curve is told from the parabola, and the change itself must be within a tenth.
/// Errors are pooled within a kind over the window; that of the zero is the curve's divided by its slope, and
/// where those are more than a tenth
/// apart, what a straight line between them says otherwise.
/// None, with the reason, where the rate does not change sign beyond doubt (2 standard errors on each side,
/// among the neighbours too), where the neighbours of the change were not measured, or where not even the
/// narrowest window suits (p < 0.01). `rates` ascending in x.
theory::ValueOrReason<RateZero> find_rate_zero(const std::vector<RatePoint>& rates);

/// The errors of points with those of one kind replaced by their root mean square.
std::vector<RatePoint> with_pooled_errors(std::vector<RatePoint> rates);

}  // namespace varprop::analysis
