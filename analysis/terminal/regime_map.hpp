// Regimes over weight variance, width and depth, drawn with one letter a point.
#pragma once

#include <optional>
#include <ostream>
#include <vector>

#include "analysis/points/regimes.hpp"
#include "core/sweep/sweep.hpp"

namespace varprop::analysis {

/// The letter of a regime in a map; a blank where there is none.
char letter_of(std::optional<Regime> regime);

/// Prints a map for every combination of the other axes (a limited number of them): a row for each depth and
/// width, a letter for each weight variance, and the range of weight variances that are stable. `regimes` by
/// point. Letters may be coloured as the regimes are in reports.
void print_regime_maps(const Sweep& sweep, const std::vector<std::optional<Regime>>& regimes,
                       std::ostream& out, bool coloured = false);

}  // namespace varprop::analysis
