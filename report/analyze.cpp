#include "report/analyze.hpp"

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "core/errors.hpp"
#include "report/data/report_assets.hpp"
#include "report/data/report_data.hpp"
#include "report/figures/figures.hpp"

namespace varprop::report {

namespace fs = std::filesystem;

namespace {

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

/// The files that a report is written into.
std::vector<fs::path> report_files(const fs::path& directory) {
  std::vector<fs::path> files{directory / page_name};
  for (const auto& chart : chart_templates()) files.push_back(directory / chart_place(chart.first));
  return files;
}

/// What a report was written as.
struct WrittenReport {
  fs::path page;        ///< empty where the program was built without npm
  std::string figures;  ///< where they are, and what was left out; empty where there are none
};

/// Stages DIRECTORY/report.html, DIRECTORY/charts/*.vl.json and, if wanted, DIRECTORY/figures
/// (docs/report-format.md). Without npm at build time there is no page, and an old one is to be removed.
WrittenReport write_report(Replacement& files, const ReportSources& sources, const GridChoice& choice,
                           bool figures) {
  const fs::path& directory = files.directory();
  const ReportData report = report_data(sources, choice);
  write_page(files, data_elements(report.data));
  write_charts(files, report);
  WrittenReport written{page_template().empty() ? fs::path() : directory / page_name, ""};
  written.figures = figures ? draw_figures(files, script_text(report.data)) : older_figures(directory);
  return written;
}

void validate_output(const fs::path& path, const fs::path& results) {
  std::error_code unknown;
  validate(!fs::equivalent(path, results, unknown),
           fmt::format("{} is the results file itself: choose another directory.", path.string()));
  validate(!fs::is_directory(path, unknown),
           fmt::format("cannot write {}: it is a directory.", path.string()));
}

void validate_folder(const fs::path& path) {
  std::error_code unknown;
  validate(!fs::exists(path, unknown) || fs::is_directory(path, unknown),
           fmt::format("cannot write into {}: it is a file, and a directory is wanted.", path.string()));
}

/// A sweep may have been given the name that an analysis takes.
bool holds_results(const fs::path& path) {
  if (!fs::exists(path)) return false;
  try {
    const ResultsFile file(path, ResultsFile::Access::read);
    return true;
  } catch (const InputError&) {
    return false;
  }
}

void validate_positive(double x, const char* what) {
  validate(std::isfinite(x) && x > 0,
           fmt::format("the {} must be a number above 0, not {}.", what, shortest(x)));
}

void validate_options(const AnalyzeOptions& options) {
  validate(std::isfinite(options.factor) && options.factor > 1,
           fmt::format("the factor of a stable change must be a number above 1, not {}.",
                       shortest(options.factor)));
  validate_positive(options.trainable_depth_factor, "factor of the trainable depth");
  validate_positive(options.gradient_scale.loss_scale, "loss scale");
  validate_positive(options.gradient_scale.output_gradient_norm, "norm of the output gradient");
  validate_folder(options.directory);
  for (const char* name : {analysis::points_name, analysis::laws_name, analysis::arrays_name})
    validate_output(options.directory / name, options.results);
  for (const fs::path& path : report_files(options.directory)) validate_output(path, options.results);
  validate_folder(options.directory / "charts");
  if (options.figures) validate_figures(options.directory);
  const fs::path arrays = options.directory / analysis::arrays_name;
  validate(!holds_results(arrays),
           fmt::format("{} holds the results of a sweep: choose another directory.", arrays.string()));
}

}  // namespace

analysis::AnalysisSummary analyze(const AnalyzeOptions& options) {
  validate_options(options);
  const ResultsFile results(options.results, ResultsFile::Access::read);
  const Sweep& sweep = results.sweep();
  results.provenance();  // what is damaged is refused now, while nothing is written
  Replacement files(options.directory, "analysis");
  const analysis::AnalysisSettings settings{sweep.network, options.factor, options.trainable_depth_factor,
                                            options.gradient_scale};
  analysis::Predictions predictions(sweep.network, options.progress);
  const GridChoice reported = report_choice(sweep);
  DrawnProfiles drawn(sweep, reported);
  analysis::Analysis analysis = analyze_results(
      results, settings, predictions, files,
      [&](PointIndex index, const analysis::PointResults& point, const analysis::PooledProfiles& pooled) {
        drawn.add(index, point, pooled);
        predictions.tell("points", static_cast<std::size_t>(index.value()) + 1,
                         static_cast<std::size_t>(sweep.point_count()));
      });
  analysis::AnalysisSummary summary = std::move(analysis.summary);
  summary.results = options.results;
  summary.directory = options.directory;
  const analysis::PointGrid grid(sweep, analysis.points);
  const WrittenReport report =
      write_report(files, {results, settings, grid, analysis.laws, summary, drawn, predictions}, reported,
                   options.figures);
  files.commit();
  summary.report = report.page;
  if (report.page.empty()) summary.without_report = built_without_npm;
  summary.figures = report.figures;
  return summary;
}

}  // namespace varprop::report
