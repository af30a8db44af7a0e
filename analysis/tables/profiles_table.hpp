// The profiles of analysis.h5: what every quantity does from layer to layer, all batches together.
#pragma once

#include <string>
#include <vector>

#include "analysis/points/point_analysis.hpp"
#include "core/storage/analysis_file.hpp"

namespace varprop::analysis {

/// One number for every recorded layer of every point.
struct ProfileColumn {
  Variable variable;
  std::size_t quantity;  ///< position in positive_quantities
  double (*value)(const PooledProfile& profile, std::size_t layer, double networks);  ///< NaN for the fill
};

/// X_log_mean, X_log_variance, X_log_of_mean, X_extinct and X_log_of_mean_reliable of every measured positive
/// quantity.
std::vector<ProfileColumn> profile_columns(const Sweep& sweep);

/// Collects the profiles of successive points and writes them to the file.
class ProfileRows {
 public:
  ProfileRows(const Sweep& sweep, AnalysisFile& file)
      : sweep_(sweep), file_(file), columns_(profile_columns(sweep)) {}

  /// The next point, of which `batches_done` batches were pooled.
  void add(const PooledProfiles& pooled, std::int32_t batches_done);
  /// Writes what was added; `first` is the first point of it.
  void write(PointIndex first);

 private:
  const Sweep& sweep_;
  AnalysisFile& file_;
  std::vector<ProfileColumn> columns_;
  std::vector<std::vector<double>> rows_{columns_.size()};  ///< by column: (point, layer)
};

}  // namespace varprop::analysis
