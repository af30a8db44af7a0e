#include "analysis/laws.hpp"

#include "analysis/critical_variance_laws.hpp"
#include "analysis/width_laws.hpp"

namespace varprop {

namespace {

const FreeAxes every_axis = [] {
  FreeAxes axes_{};
  axes_.fill(true);
  return axes_;
}();

Law row_of(LawName name, const PointAnalysis& analysis, const DepthLaw& depth_law,
           const LawParameter& parameter) {
  Law law{.law = name, .form = word_of(depth_law.form), .parameter = parameter.name, .point = analysis.point};
  law.applies.fill(true);
  if (parameter.estimate) set_estimate(law, *parameter.estimate, parameter.theory);
  law.theory = parameter.theory;
  law.points = parameter.points;
  if (parameter.points > 0) law.window = Interval{parameter.window_low, parameter.window_high};
  law.goodness = parameter.goodness;
  law.refusal = parameter.refusal;
  return law;
}

void add_depth_laws(std::vector<Law>& laws, LawName name, const PointGrid& grid,
                    std::optional<Direction> PointAnalysis::*direction) {
  grid.for_each_member(every_axis, {}, [&](const PointAnalysis& analysis) {
    const auto& measured = analysis.*direction;
    if (!measured || !measured->law) return;
    for (const LawParameter& parameter : measured->law->parameters) {
      laws.push_back(row_of(name, analysis, *measured->law, parameter));
    }
  });
}

}  // namespace

std::vector<Law> find_laws(const PointGrid& grid, Predictions& predictions) {
  std::vector<Law> laws;
  const auto add = [&laws](std::vector<Law> some) {
    laws.insert(laws.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
  };
  if (grid.sweep().measures_quantity(Quantity::backward)) {
    add(critical_variance_laws(grid, predictions));
    add(fluctuation_laws(grid));
    add(drift_laws(grid));
  }
  if (grid.sweep().measures_quantity(Quantity::forward)) add(width_laws(grid));
  add_depth_laws(laws, LawName::forward_depth, grid, &PointAnalysis::forward);
  add_depth_laws(laws, LawName::backward_depth, grid, &PointAnalysis::backward);
  return laws;
}

}  // namespace varprop
