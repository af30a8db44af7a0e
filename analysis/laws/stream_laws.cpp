#include "analysis/laws/fits.hpp"

namespace varprop::analysis {

namespace {

/// What was found of one point when it was analyzed.
std::vector<Law> rows_of_stream(const PointGrid& grid, const GridIndices& place, LawName name,
                                std::optional<DepthLaw> StreamLaws::*depth_law) {
  const PointAnalysis& analysis = grid.at(place);
  std::vector<Law> laws;
  if (!analysis.stream) return laws;
  const auto& found = (*analysis.stream).*depth_law;
  if (!found) return laws;
  for (const LawParameter& parameter : found->parameters)
    laws.push_back(row_of(analysis, name, place, *found, parameter));
  return laws;
}

}  // namespace

std::vector<Law> stream_growth_law(const PointGrid& grid, const GridIndices& place, Predictions&) {
  return rows_of_stream(grid, place, LawName::stream_growth, &StreamLaws::growth);
}

std::vector<Law> gradient_exponent_law(const PointGrid& grid, const GridIndices& place, Predictions&) {
  return rows_of_stream(grid, place, LawName::gradient_exponent, &StreamLaws::gradient);
}

std::vector<Law> rank_collapse_law(const PointGrid& grid, const GridIndices& place, Predictions&) {
  return rows_of_stream(grid, place, LawName::rank_collapse, &StreamLaws::collapse);
}

}  // namespace varprop::analysis
