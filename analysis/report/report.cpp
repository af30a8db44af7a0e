#include "analysis/report/report.hpp"

#include "analysis/report/figures.hpp"
#include "analysis/report/report_assets.hpp"
#include "core/contracts.hpp"

namespace varprop {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view data_place = "@DATA@";

constexpr const char* page_name = "report.html";

fs::path chart_place(std::string_view name) {
  return fs::path("charts") / (std::string(name) + ".vl.json");
}

void write_page(Replacement& files, std::string_view data) {
  if (page_template().empty()) {
    files.remove(page_name);
  } else {
    write_text(files.file(page_name), {page_with(page_template(), data)});
  }
}

void write_charts(Replacement& files, const ReportData& report) {
  if (chart_templates().empty()) return;
  const Json look = chart_look().empty() ? Json(nullptr) : Json::parse(chart_look());
  for (const auto& [name, chart] : report.data["charts"].items()) {
    const Json whole = standalone_chart(chart, report.tables, look);
    write_text(files.file(chart_place(name)), {whole.dump(), "\n"});
  }
}

}  // namespace

std::vector<fs::path> report_files(const fs::path& directory) {
  std::vector<fs::path> files{directory / page_name};
  for (const auto& chart : chart_templates()) files.push_back(directory / chart_place(chart.first));
  return files;
}

std::string page_with(std::string_view page, std::string_view data) {
  const std::size_t place = page.find(data_place);
  VARPROP_EXPECT(place != std::string_view::npos);
  std::string whole;
  whole.reserve(page.size() + data.size());
  whole.append(page.substr(0, place)).append(data).append(page.substr(place + data_place.size()));
  return whole;
}

WrittenReport write_report(Replacement& files, const ReportSources& sources, const GridChoice& choice,
                           bool figures) {
  const fs::path& directory = files.directory();
  const ReportData report = report_data(sources, choice);
  write_page(files, data_elements(report.data));
  write_charts(files, report);
  WrittenReport written{page_template().empty() ? fs::path() : directory / page_name, directory / "charts",
                        ""};
  written.figures = figures ? draw_figures(files, script_text(report.data)) : older_figures(directory);
  return written;
}

}  // namespace varprop
