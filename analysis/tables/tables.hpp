// The tables of an analysis, their columns declared once: points.csv, laws.csv, and the variables and
// profiles of analysis.h5.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/laws/laws.hpp"
#include "analysis/points/point_analysis.hpp"
#include "core/storage/analysis_file.hpp"
#include "core/storage/replacement.hpp"
#include "core/storage/results_schema.hpp"

namespace varprop::analysis {

/// A field as it stands in the file: quoted where it holds a comma, a quote or a line break.
std::string csv_field(std::string_view text);

/// The shortest text that reads back as exactly `x`; empty for NaN.
std::string csv_number(double x);

/// Writes a table into a staged file. Throws SystemError where the disk refuses.
class CsvWriter {
 public:
  explicit CsvWriter(StagedFile file) : text_(std::move(file)) {}

  void write_row(const std::vector<std::string>& fields);
  /// Nothing more comes.
  void close() { text_.close(); }

 private:
  StagedText text_;
};

/// How a quantity leaves a floating-point format: positions in positive_quantities, number_formats,
/// range_exits.
struct FormatExit {
  std::size_t quantity, format, exit;
};

/// One result of every point. A number, a whole number (a layer, a count) or a word out of a list.
struct PointColumn {
  enum class Kind { number, whole, word };

  std::string name;
  std::string meaning;
  Kind kind;
  std::function<double(const PointAnalysis&)>
      value;  ///< NaN where there is none; of a word its place in `words`
  std::vector<std::string> words{};
  std::string label{};               ///< a few words for the head of a column
  bool essential = false;            ///< whether reports of very large grids show it, too
  std::optional<FormatExit> exit{};  ///< which one it is the layer of
  std::optional<Quantity> needs{};  ///< what it is told of; it stands only where a sweep has a place for that
  bool of_streams = false;          ///< whether it stands only where a sweep has a residual stream

  /// Whether it stands in the tables of a sweep (Sweep::has_place_for).
  bool stands(const Sweep& sweep) const;
  /// As points.csv has it; empty where there is none.
  std::string text(const PointAnalysis& analysis) const;
  /// As analysis.h5 has it: float64 (fill NaN), int32 (fill −1), or uint8 with flags, 0 for none and the
  /// words from 1 on, their spaces underscores.
  Variable variable() const;
  /// The number that stands in the file; NaN for its fill.
  double stored(const PointAnalysis& analysis) const;
};

/// All results in order; those of a sweep.
const std::vector<PointColumn>& point_columns();
std::vector<PointColumn> point_columns(const Sweep& sweep);

/// Those that come with measures newer than the first format, at the end of the others.
std::vector<PointColumn> columns_of_newer_measures();

/// In points.csv the coordinates along some axes, and then results.
std::vector<std::string> point_header(const std::vector<PointColumn>& columns = point_columns(),
                                      const AxisSet& along = all_but({}));
std::vector<std::string> point_row(const PointAnalysis& analysis,
                                   const std::vector<PointColumn>& columns = point_columns(),
                                   const AxisSet& along = all_but({}));

/// The names of the columns, with the coordinates along some axes among them.
std::vector<std::string> law_header(const AxisSet& along = all_but({}));
/// A field is empty where it does not apply.
std::vector<std::string> law_row(const Law& law, const AxisSet& along = all_but({}));

/// One number for every recorded layer of every point.
struct ProfileColumn {
  Variable variable;
  /// Of the i-th recorded layer of a point with so many networks; NaN for the fill.
  std::function<double(const PooledProfiles& pooled, std::size_t i, double networks)> value;
};

/// X_log_mean, X_log_variance, X_log_of_mean, X_extinct and X_log_of_mean_reliable of every measured positive
/// quantity; X_mean, X_variance, X_log_distance_mean, X_log_distance_variance, X_extinct,
/// X_log_distance_extinct, theory_X and theory_X_log_distance of overlaps.
std::vector<ProfileColumn> profile_columns(const Sweep& sweep);

/// Collects the profiles of successive points and writes them to the file.
class ProfileRows {
 public:
  ProfileRows(const Sweep& sweep, AnalysisFile& file)
      : sweep_(sweep), file_(file), columns_(profile_columns(sweep)) {}

  /// The next point, of which `batches_done` batches were pooled.
  void add(const PooledProfiles& pooled, std::int32_t first_layer, std::int32_t batches_done);
  /// Writes what was added; `first` is the first point of it.
  void write(PointIndex first);

 private:
  const Sweep& sweep_;
  AnalysisFile& file_;
  std::vector<ProfileColumn> columns_;
  std::vector<std::vector<double>> rows_{columns_.size()};  ///< by column: (point, layer)
};

}  // namespace varprop::analysis
