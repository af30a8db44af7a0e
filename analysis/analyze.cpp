#include "analysis/analyze.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/csv.hpp"
#include "analysis/point_reader.hpp"
#include "analysis/points_table.hpp"
#include "analysis/predictions.hpp"
#include "core/contracts.hpp"

namespace varprop {

namespace fs = std::filesystem;

namespace {

void validate_options(const AnalyzeOptions& options) {
  validate(std::isfinite(options.factor) && options.factor > 1,
           fmt::format("the factor of a stable change must be a number above 1, not {}.",
                       shortest(options.factor)));
  std::error_code unknown;
  validate(!fs::exists(options.directory, unknown) || fs::is_directory(options.directory, unknown),
           fmt::format("cannot write into {}: it is a file, and a directory is wanted.",
                       options.directory.string()));
  const fs::path table = options.directory / "points.csv";
  validate(!fs::equivalent(table, options.results, unknown),
           fmt::format("{} is the results file itself: choose another directory.", table.string()));
  validate(!fs::is_directory(table, unknown),
           fmt::format("cannot write {}: it is a directory.", table.string()));
}

void prepare_directory(const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) {
    throw SystemError(
        fmt::format("cannot create the directory {}: {}.", directory.string(), error.message()));
  }
}

void analyze_points(const ResultsFile& file, const PointReader& reader, CsvWriter& table,
                    AnalysisSummary& summary) {
  const AnalysisSettings settings{file.sweep().ensemble, summary.factor};
  Predictions predict(settings.ensemble);
  const std::int64_t points = file.sweep().point_count();
  for (std::int64_t first = 0; first < points; first += reader.block_size()) {
    const std::int64_t count = std::min(reader.block_size(), points - first);
    for (const PointResults& results : reader.read(PointIndex(first), count)) {
      const PointAnalysis analysis =
          analyze_point(results, pool_profiles(results, file.sweep().replicas_per_batch()),
                        predict(results.point), settings);
      table.write_row(point_row(analysis));
      add_point(summary, analysis);
    }
  }
}

}  // namespace

AnalysisSummary analyze(const AnalyzeOptions& options) {
  validate_options(options);
  const ResultsFile file(options.results, ResultsFile::Access::read);
  const PointReader reader(file);
  prepare_directory(options.directory);
  AnalysisSummary summary = start_summary(file.sweep(), reader.states(), options.factor);
  summary.results = options.results;
  summary.shard = file.units().shard();
  summary.points_csv = options.directory / "points.csv";
  CsvWriter table(summary.points_csv);
  table.write_row(point_header());
  analyze_points(file, reader, table, summary);
  table.commit();
  return summary;
}

}  // namespace varprop
