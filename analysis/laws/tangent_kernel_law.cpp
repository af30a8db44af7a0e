#include "analysis/laws/fits.hpp"

namespace varprop::analysis {

std::vector<Law> ntk_fluctuation_law(const PointGrid& grid, const GridIndices& place, Predictions&) {
  const PointAnalysis& analysis = grid.at(place);
  const auto& measured = analysis.totals[position_of_total("ntk_weight")];
  if (!measured) return {};
  Law law = law_of(grid, LawName::ntk_fluctuation, "E X^2/(E X)^2", "ratio", AxisSet{}, place);
  law.points = 1;
  const std::optional<double> theory =
      analysis.tangent_kernel ? analysis.tangent_kernel->log_ratio.optional() : std::nullopt;
  if (!measured->log_ratio) {
    refuse(law, measured->log_ratio.reason());
  } else {
    set_log_estimate(law, *measured->log_ratio, theory);
    if (!law.interval) refuse(law, theory::Reason::no_test);
  }
  if (theory) law.theory = std::exp(*theory);
  if (law.holds()) {
    LawMark mark{.point = analysis.point,
                 .x = static_cast<double>(analysis.point.depth.value()) /
                      static_cast<double>(analysis.point.width.value()),
                 .y = *law.estimate,
                 .interval = law.interval,
                 .exact = law.theory};
    mark.known.fill(true);
    law.marks.push_back(std::move(mark));
  }
  return {law};
}

}  // namespace varprop::analysis
