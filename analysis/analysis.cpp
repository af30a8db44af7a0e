#include "analysis/analysis.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "analysis/points/advice.hpp"
#include "analysis/points/parallel_for.hpp"
#include "analysis/results/point_results.hpp"
#include "analysis/tables/tables.hpp"

namespace varprop::analysis {

namespace {

AnalysisFile create_analysis_file(const StagedFile& staged, const ResultsFile& results,
                                  const AnalysisSettings& settings) {
  std::vector<Variable> variables;
  for (const PointColumn& column : point_columns(results.sweep())) variables.push_back(column.variable());
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

/// Of the layers from `first` on: c_l and ln(1 − c_l), γ_l and ln(1 − γ_l), and ln(1 − c_l) at width n where
/// it is known.
struct DistanceProfile {
  std::int32_t first;
  std::vector<double> correlation, log_distance, gamma, log_gamma_distance, log_distance_n;
};

DistanceProfile course_of_layers(const std::vector<double>& log_distance, const std::vector<double>& gamma,
                                 const std::vector<double>& log_distance_n) {
  DistanceProfile course{1, {}, log_distance, gamma, {}, log_distance_n};
  for (const double x : log_distance) course.correlation.push_back(1 - std::exp(x));
  for (const double x : gamma) course.log_gamma_distance.push_back(std::log1p(-x));
  return course;
}

DistanceProfile course_of_stream(const theory::ValueOrReason<theory::StreamProfiles>& profiles) {
  if (!profiles)
    return {.first = 0,
            .correlation = {},
            .log_distance = {},
            .gamma = {},
            .log_gamma_distance = {},
            .log_distance_n = {}};
  return {0, profiles->correlation, profiles->log_distance, profiles->gamma, profiles->log_gamma_distance,
          {}};
}

/// c_l and γ_l, and the logarithms of their distances, beside what was measured of a point. 1 − γ has no
/// digits below 1e-9.
void add_theory(PooledProfiles& pooled, const DistanceProfile& course,
                const std::vector<std::int32_t>& layers) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN(), least_distance = 1e-9;
  auto &signals = *pooled.overlaps[position_of_overlap("correlation")],
       &gradients = *pooled.overlaps[position_of_overlap("gradient_correlation")];
  const auto element = [](const std::vector<double>& all, std::size_t i) {
    return i < all.size() ? all[i] : none;
  };
  for (const std::int32_t layer : layers) {
    const auto i = static_cast<std::size_t>(layer - course.first);
    const double gamma = element(course.gamma, i);
    signals.theory.push_back(element(course.correlation, i));
    signals.theory_log_distance.push_back(element(course.log_distance, i));
    signals.theory_log_distance_n.push_back(element(course.log_distance_n, i));
    gradients.theory.push_back(gamma);
    gradients.theory_log_distance.push_back(
        1 - gamma >= least_distance ? element(course.log_gamma_distance, i) : none);
    gradients.theory_log_distance_n.push_back(none);
  }
}

using StreamTheory = theory::ValueOrReason<theory::StreamProfiles>;

/// What is said of the two inputs of a point, or of its tokens; `stream` of a point that has one.
void add_pair(PointAnalysis& analysis, PooledProfiles& pooled, const PointResults& results,
              const std::optional<StreamTheory>& stream, const Sweep& sweep, const AnalysisSettings& settings,
              Predictions& predictions) {
  if (!pooled.overlaps[0]) return;
  const theory::PairMap map = predictions.pair_map(results.point, sweep.grid.depth.back().value());
  const theory::PairTheory theory = predictions.pair(results.point, map, analysis.theory);
  const auto deepest = static_cast<std::size_t>(results.layers.back());
  add_theory(pooled,
             stream
                 ? course_of_stream(results.point.tokens == Tokens(1) ? predictions.stream_pair(results.point)
                                                                      : *stream)
                 : course_of_layers(map.profile.log_distance, gradient_correlations(map.profile, deepest),
                                    theory.log_distance_n),
             results.layers);
  std::optional<theory::Reason> off_course;
  if (1 - analysis.share_astray < least_share_on_course)
    off_course = analysis.theory.barriers.ends_in_two_ways(analysis.share_astray);
  analysis.pair = analyze_pair(results, *pooled.overlaps[0], theory, *sweep.network.input_correlation,
                               settings.factor, sweep.replicas_per_batch(), off_course);
}

/// Analyzes successive points; their profiles go to the rows, and to who listens.
void analyze_block(const std::vector<PointResults>& block, const AnalysisSettings& settings,
                   const Sweep& sweep, Predictions& predictions, std::vector<PointAnalysis>& points,
                   ProfileRows& profiles, const PointListener& listener) {
  std::vector<Point> coordinates;
  for (const PointResults& results : block) coordinates.push_back(results.point);
  predictions.prepare(coordinates);
  std::vector<const theory::PointTheory*> theory;
  for (const Point& point : coordinates) theory.push_back(&predictions(point));
  std::vector<PooledProfiles> pooled(block.size());
  std::vector<std::optional<PointAnalysis>> analyses(block.size());
  parallel_for(block.size(), [&](std::size_t i) {
    pooled[i] = pool_profiles(block[i], sweep.replicas_per_batch());
    analyses[i] = analyze_point(block[i], pooled[i], *theory[i], settings);
    if (block[i].totals[position_of_total("ntk_weight")] && predictions.knows(block[i].point))
      analyses[i]->tangent_kernel = predictions.tangent_kernel(block[i].point);
    std::optional<StreamTheory> stream;
    if (has_stream(block[i].point.block) && block[i].batches_done > 0) {
      stream = predictions.stream(block[i].point);
      analyses[i]->stream = stream_laws(block[i], *stream);
    }
    add_pair(*analyses[i], pooled[i], block[i], stream, sweep, settings, predictions);
  });
  for (std::size_t i = 0; i < block.size(); ++i) {
    profiles.add(pooled[i], block[i].layers.front(), block[i].batches_done);
    listener(PointIndex(static_cast<std::int64_t>(points.size())), block[i], pooled[i]);
    points.push_back(std::move(*analyses[i]));
  }
}

/// Analyzes all points; their profiles go to the file as they come.
std::vector<PointAnalysis> analyze_points(const Sweep& sweep, const PointReader& reader,
                                          const AnalysisSettings& settings, Predictions& predictions,
                                          AnalysisFile& file, const PointListener& listener) {
  std::vector<PointAnalysis> points;
  points.reserve(static_cast<std::size_t>(sweep.point_count()));
  ProfileRows profiles(sweep, file);
  for (std::int64_t first = 0; first < sweep.point_count(); first += reader.block_size()) {
    const std::int64_t count = std::min(reader.block_size(), sweep.point_count() - first);
    analyze_block(reader.read(PointIndex(first), count), settings, sweep, predictions, points, profiles,
                  listener);
    profiles.write(PointIndex(first));
  }
  return points;
}

/// In tables and in the file alike the coordinates are those along the dimensions of the results.
void write_points(const StagedFile& staged, AnalysisFile& file, const Sweep& sweep,
                  const std::vector<PointAnalysis>& points) {
  const auto columns = point_columns(sweep);
  for (const PointColumn& column : columns) {
    std::vector<double> values;
    values.reserve(points.size());
    for (const PointAnalysis& analysis : points) values.push_back(column.stored(analysis));
    file.write(column.name, PointIndex(0), values);
  }
  const AxisSet along = file_axes(sweep.grid);
  CsvWriter table(staged);
  table.write_row(point_header(columns, along));
  for (const PointAnalysis& analysis : points) table.write_row(point_row(analysis, columns, along));
  table.close();
}

void write_laws(const StagedFile& staged, const AxisSet& along, const std::vector<Law>& laws) {
  CsvWriter table(staged);
  table.write_row(law_header(along));
  for (const Law& law : laws) table.write_row(law_row(law, along));
  table.close();
}

AnalysisSummary summarize(const ResultsFile& results, const PointReader& reader, double factor,
                          const std::vector<PointAnalysis>& points, const std::vector<Law>& laws) {
  AnalysisSummary summary = start_summary(results.sweep(), reader.states(), factor);
  summary.shard = results.units().shard();
  for (const PointAnalysis& analysis : points) add_point(summary, analysis);
  add_laws(summary, laws);
  return summary;
}

}  // namespace

Analysis analyze_results(const ResultsFile& results, const AnalysisSettings& settings,
                         Predictions& predictions, Replacement& files, const PointListener& listener) {
  const Sweep& sweep = results.sweep();
  const PointReader reader(results);
  AnalysisFile file = create_analysis_file(files.file(arrays_name), results, settings);
  Analysis analysis;
  analysis.points = analyze_points(sweep, reader, settings, predictions, file, listener);
  advise(sweep, analysis.points, predictions, settings.factor);
  analysis.laws = find_laws(PointGrid(sweep, analysis.points), predictions);
  write_points(files.file(points_name), file, sweep, analysis.points);
  write_laws(files.file(laws_name), file_axes(sweep.grid), analysis.laws);
  file.close();
  analysis.summary = summarize(results, reader, settings.factor, analysis.points, analysis.laws);
  return analysis;
}

}  // namespace varprop::analysis
