// Which result datasets a sweep's file has: the one list that records, storage, docs and tests follow.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/sweep/sweep.hpp"

namespace varprop {

/// How one number is stored.
enum class Element { float64, int32 };

/// What a slot holds where there is nothing: NaN or −1.
double fill_value(Element element);

/// What a unit's row of a dataset runs over.
enum class RowAxis { layer, replica };

/// One result dataset of the file: dimensions (grid axes…, batch, row_axis).
struct Dataset {
  std::string name;
  Element element;
  RowAxis row_axis;
  std::string long_name;
};

/// The result datasets of a sweep, in file order. For X measured: X_log_mean, X_log_variance, X_log_of_mean,
/// X_extinct over layers; for correlation X_mean, X_variance, X_log_distance_mean and
/// X_log_distance_variance of both cosines; forward_last and backward_first over replicas.
std::vector<Dataset> datasets(const Sweep& sweep);

/// Numbers in one unit's row of a dataset.
std::int64_t row_length(const Sweep& sweep, RowAxis axis);

}  // namespace varprop
