#include "analysis/analyze.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/csv.hpp"
#include "analysis/laws.hpp"
#include "analysis/laws_table.hpp"
#include "analysis/nearest_stable.hpp"
#include "analysis/parallel_for.hpp"
#include "analysis/point_reader.hpp"
#include "analysis/points_table.hpp"
#include "analysis/predictions.hpp"
#include "analysis/profiles_table.hpp"
#include "analysis/report/figures.hpp"
#include "analysis/report/report.hpp"
#include "core/contracts.hpp"

namespace varprop {

namespace fs = std::filesystem;

namespace {

constexpr const char* points_name = "points.csv";
constexpr const char* laws_name = "laws.csv";
constexpr const char* arrays_name = "analysis.h5";

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
  for (const char* name : {points_name, laws_name, arrays_name})
    validate_output(options.directory / name, options.results);
  for (const fs::path& path : report_files(options.directory)) validate_output(path, options.results);
  validate_folder(options.directory / "charts");
  if (options.figures) validate_figures(options.directory);
  const fs::path arrays = options.directory / arrays_name;
  validate(!holds_results(arrays),
           fmt::format("{} holds the results of a sweep: choose another directory.", arrays.string()));
}

AnalysisFile create_analysis_file(const StagedFile& staged, const ResultsFile& results,
                                  const AnalysisSettings& settings) {
  std::vector<Variable> variables;
  for (const PointColumn& column : point_columns()) variables.push_back(column.variable());
  for (const ProfileColumn& column : profile_columns(results.sweep())) variables.push_back(column.variable);
  return {staged,
          results.sweep(),
          variables,
          {{"results_file", results.path().filename().string()},
           {"replicas_per_batch", static_cast<double>(results.sweep().replicas_per_batch())},
           {"factor", settings.factor},
           {"trainable_depth_factor", settings.trainable_depth_factor},
           {"loss_scale", settings.gradient_scale.loss_scale},
           {"output_gradient_norm", settings.gradient_scale.output_gradient_norm}}};
}

/// Analyzes successive points; their profiles go to the rows, and to the report those that it draws.
void analyze_block(const std::vector<PointResults>& block, const AnalysisSettings& settings,
                   std::int32_t replicas, Predictions& predictions, std::vector<PointAnalysis>& points,
                   ProfileRows& profiles, DrawnProfiles& drawn) {
  std::vector<Point> coordinates;
  for (const PointResults& results : block) coordinates.push_back(results.point);
  predictions.prepare(coordinates);
  std::vector<const PointTheory*> theory;
  for (const Point& point : coordinates) theory.push_back(&predictions(point));
  std::vector<PooledProfiles> pooled(block.size());
  std::vector<std::optional<PointAnalysis>> analyses(block.size());
  parallel_for(block.size(), [&](std::size_t i) {
    pooled[i] = pool_profiles(block[i], replicas);
    analyses[i] = analyze_point(block[i], pooled[i], *theory[i], settings);
  });
  for (std::size_t i = 0; i < block.size(); ++i) {
    profiles.add(pooled[i], block[i].batches_done);
    drawn.add(PointIndex(static_cast<std::int64_t>(points.size())), block[i], pooled[i]);
    points.push_back(std::move(*analyses[i]));
  }
}

/// Analyzes all points; their profiles go to the file as they come, and those to be drawn to the report.
std::vector<PointAnalysis> analyze_points(const Sweep& sweep, const PointReader& reader,
                                          const AnalysisSettings& settings, Predictions& predictions,
                                          AnalysisFile& file, DrawnProfiles& drawn) {
  std::vector<PointAnalysis> points;
  points.reserve(static_cast<std::size_t>(sweep.point_count()));
  ProfileRows profiles(sweep, file);
  for (std::int64_t first = 0; first < sweep.point_count(); first += reader.block_size()) {
    const std::int64_t count = std::min(reader.block_size(), sweep.point_count() - first);
    analyze_block(reader.read(PointIndex(first), count), settings, sweep.replicas_per_batch(), predictions,
                  points, profiles, drawn);
    profiles.write(PointIndex(first));
  }
  return points;
}

void write_points(const StagedFile& staged, AnalysisFile& file, const std::vector<PointAnalysis>& points) {
  for (const PointColumn& column : point_columns()) {
    std::vector<double> values;
    values.reserve(points.size());
    for (const PointAnalysis& analysis : points) values.push_back(column.stored(analysis));
    file.write(column.name, PointIndex(0), values);
  }
  CsvWriter table(staged);
  table.write_row(point_header());
  for (const PointAnalysis& analysis : points) table.write_row(point_row(analysis));
  table.close();
}

void write_laws(const StagedFile& staged, const std::vector<Law>& laws) {
  CsvWriter table(staged);
  table.write_row(law_header());
  for (const Law& law : laws) table.write_row(law_row(law));
  table.close();
}

AnalysisSummary summarize(const AnalyzeOptions& options, const ResultsFile& results,
                          const PointReader& reader, const std::vector<PointAnalysis>& points,
                          const std::vector<Law>& laws) {
  AnalysisSummary summary = start_summary(results.sweep(), reader.states(), options.factor);
  summary.results = options.results;
  summary.directory = options.directory;
  summary.shard = results.units().shard();
  for (const PointAnalysis& analysis : points) add_point(summary, analysis);
  add_laws(summary, laws);
  return summary;
}

}  // namespace

AnalysisSummary analyze(const AnalyzeOptions& options) {
  validate_options(options);
  const ResultsFile results(options.results, ResultsFile::Access::read);
  const Sweep& sweep = results.sweep();
  const PointReader reader(results);
  results.provenance();  // what is damaged is refused now, while nothing is written
  Replacement files(options.directory, "analysis");
  const AnalysisSettings settings{sweep.ensemble, options.factor, options.trainable_depth_factor,
                                  options.gradient_scale};
  Predictions predictions(sweep.ensemble);
  AnalysisFile file = create_analysis_file(files.file(arrays_name), results, settings);
  const GridChoice reported = report_choice(sweep);
  DrawnProfiles drawn(sweep, reported);
  std::vector<PointAnalysis> points = analyze_points(sweep, reader, settings, predictions, file, drawn);
  find_nearest_stable(sweep, points, predictions);
  const PointGrid grid(sweep, points);
  const std::vector<Law> laws = find_laws(grid, predictions);
  write_points(files.file(points_name), file, points);
  write_laws(files.file(laws_name), laws);
  file.close();
  AnalysisSummary summary = summarize(options, results, reader, points, laws);
  const WrittenReport report = write_report(
      files, {results, settings, grid, laws, summary, drawn, predictions}, reported, options.figures);
  files.commit();
  summary.report = report.page;
  summary.figures = report.figures;
  return summary;
}

}  // namespace varprop
