// report.html, the charts as files, and the figures: what an analysis is for the eye.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "analysis/report/report_data.hpp"
#include "core/storage/replacement.hpp"

namespace varprop {

/// What a report is written as.
struct WrittenReport {
  std::filesystem::path page;  ///< empty where the program was built without npm
  std::filesystem::path charts;
  std::string figures;  ///< where they are, and what was left out; empty where there are none
};

/// The files that a report is written into.
std::vector<std::filesystem::path> report_files(const std::filesystem::path& directory);

/// Stages DIRECTORY/report.html, DIRECTORY/charts/*.vl.json and, if wanted, DIRECTORY/figures
/// (docs/report-format.md). Without npm at build time there is no page, and an old one is to be removed.
WrittenReport write_report(Replacement& files, const ReportSources& sources, const GridChoice& choice,
                           bool figures);

/// The page: the template with the data in it.
std::string page_with(std::string_view page_template, std::string_view data);

}  // namespace varprop
