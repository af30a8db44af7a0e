// All that a report shows, as one JSON object (docs/report-format.md).
#pragma once

#include <string>
#include <string_view>

#include "analysis/points/point_analysis.hpp"
#include "analysis/points/predictions.hpp"
#include "analysis/terminal/summary.hpp"
#include "core/storage/results_file.hpp"
#include "report/data/chart_filling.hpp"
#include "report/data/drawn_profiles.hpp"
#include "report/data/report_table.hpp"

namespace varprop::report {

/// [what, value] pairs: the results file, what filled it, its settings, and how it was analyzed.
Json provenance_json(const ResultsFile& results, const analysis::AnalysisSettings& settings);

inline constexpr int report_format_version = 2;

/// What a report is made of; all of it outlives the report.
struct ReportSources {
  const ResultsFile& results;
  const analysis::AnalysisSettings& settings;
  const analysis::PointGrid& grid;
  const std::vector<analysis::Law>& laws;
  const analysis::AnalysisSummary& summary;
  const DrawnProfiles& profiles;
  analysis::Predictions& predictions;
};

/// Points of a sweep that its report tells of: all, or an even choice of very many.
GridChoice report_choice(const Sweep& sweep);

struct ReportData {
  Json data;            ///< what the page embeds
  ReportTables tables;  ///< by name, those of charts that stand alone among them
};

ReportData report_data(const ReportSources& sources, const GridChoice& report);

/// JSON as it stands in a <script> element: no character of it can end the element.
std::string script_text(const Json& data);

/// The object as a page holds it: an element for each key, so that the page can read the large ones later,
/// and for each half megabyte of a key.
std::string data_elements(const Json& data);

/// The page: the template with the data in it.
std::string page_with(std::string_view page_template, std::string_view data);

}  // namespace varprop::report
