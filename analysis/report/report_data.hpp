// All that a report shows, as one JSON object (docs/report-format.md).
#pragma once

#include "analysis/predictions.hpp"
#include "analysis/report/chart_filling.hpp"
#include "analysis/report/drawn_profiles.hpp"
#include "analysis/summary.hpp"
#include "core/storage/results_file.hpp"

namespace varprop {

inline constexpr int report_format_version = 2;

/// What a report is made of; all of it outlives the report.
struct ReportSources {
  const ResultsFile& results;
  const AnalysisSettings& settings;
  const PointGrid& grid;
  const std::vector<Law>& laws;
  const AnalysisSummary& summary;
  const DrawnProfiles& profiles;
  Predictions& predictions;
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

}  // namespace varprop
