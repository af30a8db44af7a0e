#include "analysis/laws/laws.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "analysis/laws/fits.hpp"

namespace varprop::analysis {

Law law_of(const PointGrid& grid, LawName name, std::string_view form, std::string_view parameter,
           const AxisSet& free, const GridIndices& origin) {
  return {.law = name,
          .form = form,
          .parameter = parameter,
          .point = grid.at(origin).point,
          .applies = all_but(free),
          .place = origin};
}

void set_estimate(Law& law, const Estimate& parameter, std::optional<double> theory, double neglected) {
  law.estimate = parameter.value;
  law.interval = confidence_interval(parameter);
  law.theory = theory;
  if (theory) law.z = z_score(parameter, *theory, neglected);
}

void set_log_estimate(Law& law, const Estimate& logarithm, std::optional<double> log_theory,
                      double neglected) {
  set_estimate(law, logarithm, log_theory, neglected);
  law.estimate = std::exp(*law.estimate);
  if (law.interval) law.interval = Interval{std::exp(law.interval->low), std::exp(law.interval->high)};
  if (law.theory) law.theory = std::exp(*law.theory);
}

void refuse(Law& law, theory::Reason reason) {
  law.estimate.reset();
  law.interval.reset();
  law.z.reset();
  law.refusal = reason;
}

Law row_of(const PointAnalysis& analysis, LawName name, const GridIndices& place, const DepthLaw& depth_law,
           const LawParameter& parameter) {
  Law law{.law = name,
          .form = word_of(depth_law.form),
          .parameter = word_of(parameter.name),
          .point = analysis.point,
          .applies = every_axis,
          .place = place};
  if (parameter.estimate) set_estimate(law, *parameter.estimate, parameter.theory, parameter.neglected);
  law.theory = parameter.theory;
  law.points = parameter.points;
  if (parameter.points > 0) law.window = Interval{parameter.window_low, parameter.window_high};
  law.goodness = parameter.goodness;
  law.refusal = parameter.refusal;
  return law;
}

namespace {

/// The laws in depth of one point, which were found when it was analyzed.
template <LawName name, std::optional<Direction> PointAnalysis::*direction>
std::vector<Law> depth_laws(const PointGrid& grid, const GridIndices& place, Predictions&) {
  const PointAnalysis& analysis = grid.at(place);
  const auto& measured = analysis.*direction;
  std::vector<Law> laws;
  if (!measured || !measured->law) return laws;
  for (const LawParameter& parameter : measured->law->parameters)
    laws.push_back(row_of(analysis, name, place, *measured->law, parameter));
  return laws;
}

const std::array declarations{
    LawDeclaration{LawName::critical_weight_variance, axes_of<WeightVariance, Width, Depth>(),
                   Quantity::backward, critical_variance_laws, LawChart::width,
                   "critical weight variance less its limit, against the width n"},
    LawDeclaration{LawName::correlation_length, axes_of<WeightVariance, Width, Depth>(), Quantity::backward,
                   correlation_length_laws, LawChart::none, ""},
    LawDeclaration{LawName::fluctuation, widths_and_depths, Quantity::backward, fluctuation_law,
                   LawChart::width, "variance of ln g_1 over networks, against the sum of 1/n"},
    LawDeclaration{LawName::drift, widths_and_depths, Quantity::backward, drift_laws, LawChart::width,
                   "distance of the backward rate from its limit, against 1/n"},
    LawDeclaration{LawName::width, widths_and_depths, Quantity::forward, width_law, LawChart::width,
                   "mean square of the first layer, against the width n"},
    LawDeclaration{LawName::forward_depth, AxisSet{}, Quantity::forward,
                   depth_laws<LawName::forward_depth, &PointAnalysis::forward>, LawChart::depth, ""},
    LawDeclaration{LawName::backward_depth, AxisSet{}, Quantity::backward,
                   depth_laws<LawName::backward_depth, &PointAnalysis::backward>, LawChart::depth, ""},
    LawDeclaration{LawName::ntk_fluctuation, AxisSet{}, Quantity::ntk, ntk_fluctuation_law, LawChart::width,
                   "NTK of single networks: E Θ²/(E Θ)², against L/n"},
    LawDeclaration{LawName::correlation_fixed_point, AxisSet{}, Quantity::correlation,
                   correlation_fixed_point_law, LawChart::depth, ""},
    LawDeclaration{LawName::correlation_depth, AxisSet{}, Quantity::correlation, correlation_depth_law,
                   LawChart::depth, ""},
    LawDeclaration{LawName::stream_growth, AxisSet{}, Quantity::forward, stream_growth_law, LawChart::none,
                   "", LawOf::streams},
    LawDeclaration{LawName::gradient_exponent, AxisSet{}, Quantity::backward, gradient_exponent_law,
                   LawChart::none, "", LawOf::streams},
    LawDeclaration{LawName::rank_collapse, AxisSet{}, Quantity::correlation, rank_collapse_law,
                   LawChart::none, "", LawOf::streams}};

}  // namespace

std::span<const LawDeclaration> all_laws() {
  return declarations;
}

const LawDeclaration& declaration_of(LawName name) {
  return *std::find_if(declarations.begin(), declarations.end(),
                       [name](const LawDeclaration& declared) { return declared.name == name; });
}

namespace {

bool is_of(LawOf networks, Block block) {
  if (networks == LawOf::all_networks) return true;
  return has_stream(block) == (networks == LawOf::streams);
}

}  // namespace

std::vector<Law> find_laws(const PointGrid& grid, Predictions& predictions) {
  std::vector<Law> laws;
  for (const LawDeclaration& declared : all_laws()) {
    if (!grid.sweep().measures_quantity(declared.needs)) continue;
    grid.for_each_group(declared.free, [&](const GridIndices& origin) {
      if (!is_of(declared.of, grid.at(origin).point.block)) return;
      std::vector<Law> some = declared.fit(grid, origin, predictions);
      laws.insert(laws.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
    });
  }
  return laws;
}

}  // namespace varprop::analysis
