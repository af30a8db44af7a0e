#include "report/data/tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <utility>

#include "theory/infinite_width/layer_map.hpp"
#include "theory/means/log_ratio.hpp"

namespace varprop::report {

namespace {

std::string_view form_text(analysis::DepthForm form) {
  switch (form) {
    case analysis::DepthForm::exponential:
      return "exponential";
    case analysis::DepthForm::fixed_point:
      return "fixed point";
    case analysis::DepthForm::power:
      return "power law";
    case analysis::DepthForm::linear:
      return "linear";
    case analysis::DepthForm::none:
      break;
  }
  return "none";
}

/// What a parameter is, in the words of the chart.
std::string_view parameter_text(Quantity quantity, analysis::DepthParameter parameter) {
  const bool signal = quantity == Quantity::forward;
  switch (parameter) {
    case analysis::DepthParameter::rate:
      return signal ? "signal: ln q per layer" : "gradient: ln g per layer";
    case analysis::DepthParameter::exponent:
      return signal ? "signal: exponent of depth" : "gradient: exponent of depth";
    case analysis::DepthParameter::q_star:
      return "signal: where it settles, q_*";
    case analysis::DepthParameter::xi_q:
      return "signal: layers to settle, ξ_q";
    case analysis::DepthParameter::c_star:
      return "two inputs: where their correlation settles, c_*";
    case analysis::DepthParameter::xi_c:
      return "two inputs: layers to settle, ξ_c";
    case analysis::DepthParameter::increment:
      return "signal: q per block";
    case analysis::DepthParameter::kappa:
      return "gradient: exponent κ of the signal's growth";
    case analysis::DepthParameter::none:
      break;
  }
  return "";
}

/// Of a law of one point that laws.csv has and PointAnalysis::forward and backward do not; nothing of others.
std::string_view text_of_point_law(const analysis::Law& law) {
  const auto parameter = [&] { return choice_of<analysis::DepthParameter>(law.parameter); };
  const auto is_rate = [&] { return parameter() == analysis::DepthParameter::rate; };
  switch (law.law) {
    case analysis::LawName::correlation_fixed_point:
    case analysis::LawName::correlation_depth:
      return parameter_text(Quantity::correlation, parameter());
    case analysis::LawName::stream_growth:
      return is_rate() ? "signal: ln q per block" : parameter_text(Quantity::forward, parameter());
    case analysis::LawName::gradient_exponent:
      return is_rate() ? "gradient: ln g per block" : parameter_text(Quantity::backward, parameter());
    case analysis::LawName::rank_collapse:
      return is_rate() ? "tokens: ln(1 − c) per block" : "tokens: 1 − c as a power of depth";
    default:
      return "";
  }
}

void add_laws(ReportTable& table, const analysis::PointAnalysis& analysis, Quantity quantity,
              const std::optional<analysis::Direction>& measured) {
  if (!measured || !measured->law) return;
  for (const analysis::LawParameter& parameter : measured->law->parameters) {
    if (parameter.name == analysis::DepthParameter::none) continue;
    const auto& estimate = parameter.estimate;
    const auto interval = estimate ? confidence_interval(*estimate) : std::nullopt;
    table.add(
        analysis.point, analysis::every_axis,
        {fmt::format("{} ({})", parameter_text(quantity, parameter.name), form_text(measured->law->form)),
         estimate ? rounded_json(estimate->value) : Json(nullptr), low_of(interval), high_of(interval),
         rounded_json(parameter.theory), parameter.verdict()});
  }
}

}  // namespace

ReportTable depth_laws_table(const analysis::PointGrid& grid, const GridChoice& points,
                             const std::vector<analysis::Law>& laws) {
  ReportTable table({"law", "estimate", "low", "high", "theory", "verdict"});
  for (std::size_t k = 0; k < points.size(); ++k) {
    const analysis::PointAnalysis& analysis = grid.at(points[k]);
    add_laws(table, analysis, Quantity::backward, analysis.backward);
    add_laws(table, analysis, Quantity::forward, analysis.forward);
  }
  for (const analysis::Law& law : laws) {
    const std::string_view text = text_of_point_law(law);
    if (text.empty() || !points.find(law.place)) continue;
    table.add(law.point, analysis::every_axis,
              {std::string(text), rounded_json(law.estimate), low_of(law.interval), high_of(law.interval),
               rounded_json(law.theory), law.verdict()});
  }
  return table;
}

namespace {

/// Whether the law is of chosen values along the axes that do not run.
bool chosen(const analysis::Law& law, const GridChoice& points) {
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    const auto& positions = points.along(axis);
    if (law.applies[axis] && !std::binary_search(positions.begin(), positions.end(), law.place[axis]))
      return false;
  }
  return true;
}

/// What is drawn of a law: marks with a logarithm, of the chosen points or of no single point, by x.
std::vector<analysis::LawMark> drawn_marks(const analysis::Law& law, const Grid& grid,
                                           const GridChoice& points) {
  std::vector<analysis::LawMark> marks = law.marks;
  std::erase_if(marks, [&](const analysis::LawMark& mark) {
    const bool of_a_point = mark.known == analysis::every_axis;
    return !(mark.y > 0) || !std::isfinite(mark.y) ||
           (of_a_point && !points.find(analysis::indices_of(grid, mark.point)));
  });
  std::stable_sort(marks.begin(), marks.end(),
                   [](const analysis::LawMark& a, const analysis::LawMark& b) { return a.x < b.x; });
  return marks;
}

Json positive(const std::optional<analysis::Interval>& interval, double analysis::Interval::*end) {
  return interval && (*interval).*end > 0 ? rounded_json((*interval).*end) : Json(nullptr);
}

/// The rows of one law: its measured and exact points by x, and the line that was fitted.
void add_width_law(ReportTable& table, const analysis::Law& law,
                   const std::vector<analysis::LawMark>& marks) {
  const auto row = [&](const char* kind, const Point& point, const AxisSet& known, double x, double y,
                       const std::optional<analysis::Interval>& interval) {
    if (!(y > 0)) return;
    table.add(point, known,
              {declaration_of(law.law).chart_title, kind, rounded_json(x), rounded_json(y),
               positive(interval, &analysis::Interval::low), positive(interval, &analysis::Interval::high)});
  };
  if (marks.empty()) return;
  for (const analysis::LawMark& mark : marks)
    row("measured", mark.point, mark.known, mark.x, mark.y, mark.interval);
  for (const double x : {marks.front().x, marks.back().x}) {
    if (law.curve) row("fitted", law.point, law.applies, x, law.curve(x), {});
  }
  for (const analysis::LawMark& mark : marks) {
    if (mark.exact) row("exact", mark.point, mark.known, mark.x, *mark.exact, {});
  }
}

}  // namespace

ReportTable width_laws_table(const analysis::PointGrid& grid, const GridChoice& points,
                             const std::vector<analysis::Law>& laws) {
  ReportTable table({"law", "kind", "x", "y", "low", "high"});
  for (const analysis::Law& law : laws) {
    if (law.holds() && !law.marks.empty() && chosen(law, points))
      add_width_law(table, law, drawn_marks(law, grid.sweep().grid, points));
  }
  return table;
}

}  // namespace varprop::report
