#include <cmath>

#include "analysis/laws/fits.hpp"

namespace varprop::analysis {

namespace {

/// −1/x of a rate x and of its interval, none where the interval reaches 0.
void turn_into_length(Law& law) {
  const auto length = [](double rate) { return -1 / rate; };
  if (law.estimate) law.estimate = length(*law.estimate);
  if (law.theory) law.theory = length(*law.theory);
  if (law.interval)
    law.interval = law.interval->high < 0
                       ? std::optional(Interval{length(law.interval->low), length(law.interval->high)})
                       : std::nullopt;
}

/// The distance is still falling: c* is 1, and seen to be no nearer than the last layer's.
void turn_into_limit(Law& law) {
  if (!law.estimate) return;
  law.estimate = 1;
  if (law.interval) law.interval = Interval{-std::expm1(law.interval->high), 1};
  law.z.reset();
}

std::vector<Law> rows_of(const PointGrid& grid, const GridIndices& place, LawName name,
                         DepthLaw PairAnalysis::*depth_law, void (*turn)(Law&)) {
  const PointAnalysis& analysis = grid.at(place);
  std::vector<Law> laws;
  if (!analysis.pair) return laws;
  const DepthLaw& found = (*analysis.pair).*depth_law;
  for (const LawParameter& parameter : found.parameters) {
    laws.push_back(row_of(analysis, name, place, found, parameter));
    if (found.form == DepthForm::exponential) turn(laws.back());
  }
  return laws;
}

}  // namespace

std::vector<Law> correlation_fixed_point_law(const PointGrid& grid, const GridIndices& place, Predictions&) {
  return rows_of(grid, place, LawName::correlation_fixed_point, &PairAnalysis::fixed_point, turn_into_limit);
}

std::vector<Law> correlation_depth_law(const PointGrid& grid, const GridIndices& place, Predictions&) {
  return rows_of(grid, place, LawName::correlation_depth, &PairAnalysis::depth, turn_into_length);
}

}  // namespace varprop::analysis
