// From a chart's template to a Vega-Lite specification (docs/report-format.md: Placeholders of a chart).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "report/data/report_grid.hpp"
#include "report/data/report_table.hpp"

namespace varprop::report {

using ReportTables = std::map<std::string, ReportTable>;
/// What a placeholder without its @ stands for.
using Placeholders = std::map<std::string, Json>;

/// The placeholders that all charts share, of the picture and of the laws.
Placeholders chart_placeholders(const Sweep& sweep, const std::vector<ReportAxis>& axes_,
                                const Picture& picture, const ReportTables& tables);

/// Replaces every string that is one placeholder by its value, and placeholders within longer strings by
/// text; unknown ones stay.
Json with_placeholders(const Json& spec, const Placeholders& values);

/// Names of the tables that a specification shows, each once.
std::vector<std::string> tables_of(const Json& spec);

/// The chart of a template: placeholders filled, layers of empty tables left out, a selector for every axis
/// that it does not show. It still names its tables.
Json filled_chart(const Json& chart_template, Placeholders values, const std::vector<ReportAxis>& axes_,
                  const ReportTables& tables, bool listed = false);

/// A chart with its data inside and with the look that it has by itself.
Json standalone_chart(Json chart, const ReportTables& tables, const Json& look);

}  // namespace varprop::report
