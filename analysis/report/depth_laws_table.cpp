#include <fmt/format.h>

#include "analysis/report/law_tables.hpp"

namespace varprop {

namespace {

std::string_view form_text(DepthForm form) {
  switch (form) {
    case DepthForm::exponential:
      return "exponential";
    case DepthForm::fixed_point:
      return "fixed point";
    case DepthForm::power:
      return "power law";
    case DepthForm::none:
      break;
  }
  return "none";
}

void add_laws(ReportTable& table, const PointAnalysis& analysis, std::string_view direction,
              const std::optional<Direction>& measured) {
  if (!measured || !measured->law) return;
  for (const LawParameter& parameter : measured->law->parameters) {
    if (parameter.name.empty()) continue;
    const auto& estimate = parameter.estimate;
    const auto interval = estimate ? confidence_interval(*estimate) : std::nullopt;
    table.add(
        analysis.point, all_coordinates(),
        {fmt::format("{} {} ({})", direction, parameter.name, form_text(measured->law->form)),
         estimate ? rounded_json(estimate->value) : Json(nullptr), low_of(interval), high_of(interval),
         rounded_json(parameter.theory), parameter.holds() ? "holds" : "refused: " + parameter.refusal});
  }
}

}  // namespace

ReportTable depth_laws_table(const PointGrid& grid, const GridChoice& points) {
  ReportTable table({"law", "estimate", "low", "high", "theory", "verdict"});
  for (std::size_t k = 0; k < points.size(); ++k) {
    const PointAnalysis& analysis = grid.at(points[k]);
    add_laws(table, analysis, "backward", analysis.backward);
    add_laws(table, analysis, "forward", analysis.forward);
  }
  return table;
}

}  // namespace varprop
