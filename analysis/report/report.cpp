#include "analysis/report/report.hpp"

#include "analysis/report/drawing_room.hpp"
#include "analysis/report/figures.hpp"
#include "analysis/report/report_assets.hpp"
#include "analysis/report/whole_file.hpp"
#include "core/contracts.hpp"

namespace varprop {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view data_place = "@DATA@";

fs::path page_path(const fs::path& directory) {
  return directory / "report.html";
}

fs::path chart_path(const fs::path& directory, std::string_view name) {
  return directory / "charts" / (std::string(name) + ".vl.json");
}

void write_page(const fs::path& path, std::string_view data) {
  std::error_code ignored;
  if (page_template().empty()) {
    fs::remove(path, ignored);
  } else {
    write_whole(path, {page_with(page_template(), data)});
  }
}

void write_charts(const fs::path& directory, const ReportData& report) {
  if (chart_templates().empty()) return;
  make_directory(directory / "charts");
  const Json look = chart_look().empty() ? Json(nullptr) : Json::parse(chart_look());
  for (const auto& [name, chart] : report.data["charts"].items()) {
    const Json whole = standalone_chart(chart, report.tables, look);
    write_whole(chart_path(directory, name),
                {whole.dump(-1, ' ', false, Json::error_handler_t::replace), "\n"});
  }
}

}  // namespace

std::vector<fs::path> report_files(const fs::path& directory) {
  std::vector<fs::path> files{page_path(directory)};
  for (const auto& chart : chart_templates()) files.push_back(chart_path(directory, chart.first));
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

WrittenReport write_report(const fs::path& directory, const ReportSources& sources, const GridChoice& choice,
                           bool figures) {
  const ReportData report = report_data(sources, choice);
  write_page(page_path(directory), data_elements(report.data));
  write_charts(directory, report);
  WrittenReport written{page_template().empty() ? fs::path() : page_path(directory), directory / "charts",
                        ""};
  clear_left_rooms(directory);
  written.figures = figures ? draw_figures(directory, script_text(report.data)) : older_figures(directory);
  return written;
}

}  // namespace varprop
