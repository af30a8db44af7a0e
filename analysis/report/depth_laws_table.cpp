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

/// What a parameter is, in the words of the chart: "gradient: ln g per layer".
std::string parameter_text(Quantity quantity, std::string_view name) {
  const bool signal = quantity == Quantity::forward;
  if (name == "q_star") return "signal: where it settles, q_*";
  if (name == "xi_q") return "signal: layers to settle, ξ_q";
  return fmt::format("{}: {}", signal ? "signal" : "gradient",
                     name == "rate"       ? (signal ? "ln q per layer" : "ln g per layer")
                     : name == "exponent" ? "exponent of depth"
                                          : name);
}

void add_laws(ReportTable& table, const PointAnalysis& analysis, Quantity quantity,
              const std::optional<Direction>& measured) {
  if (!measured || !measured->law) return;
  for (const LawParameter& parameter : measured->law->parameters) {
    if (parameter.name.empty()) continue;
    const auto& estimate = parameter.estimate;
    const auto interval = estimate ? confidence_interval(*estimate) : std::nullopt;
    table.add(
        analysis.point, all_coordinates(),
        {fmt::format("{} ({})", parameter_text(quantity, parameter.name), form_text(measured->law->form)),
         estimate ? rounded_json(estimate->value) : Json(nullptr), low_of(interval), high_of(interval),
         rounded_json(parameter.theory), parameter.holds() ? "holds" : "refused: " + parameter.refusal});
  }
}

}  // namespace

ReportTable depth_laws_table(const PointGrid& grid, const GridChoice& points) {
  ReportTable table({"law", "estimate", "low", "high", "theory", "verdict"});
  for (std::size_t k = 0; k < points.size(); ++k) {
    const PointAnalysis& analysis = grid.at(points[k]);
    add_laws(table, analysis, Quantity::backward, analysis.backward);
    add_laws(table, analysis, Quantity::forward, analysis.forward);
  }
  return table;
}

}  // namespace varprop
