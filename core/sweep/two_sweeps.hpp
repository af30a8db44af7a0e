// What two sweeps have in common and what not: their settings, their points, their records.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/sweep/record.hpp"

namespace varprop {

/// The keys of the canonical text (core/sweep/sweep.hpp) whose values are not alike, or that only one of the
/// sweeps has, in alphabetical order: {"replicas_per_batch", "width"}. Empty for sweeps of one identity.
std::vector<std::string> differences(const Sweep& a, const Sweep& b);

/// Finds the points of the sweep `to` in the sweep `from`: the same coordinates, and the same canonical text.
/// A few bytes for every value of every axis, however many points.
class PointMap {
 public:
  /// Both sweeps must outlive the map.
  PointMap(const Sweep& from, const Sweep& to);

  /// The index in `from` of a point of `to`; nothing where `from` has no point of this canonical text.
  std::optional<PointIndex> operator()(PointIndex index) const;

  /// Axes along which the two grids have no value in common: then they have no point in common.
  const std::vector<std::string>& disjoint_axes() const { return disjoint_axes_; }

 private:
  static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

  const Sweep& from_;
  const Sweep& to_;
  std::array<std::vector<std::size_t>, axis_count>
      positions_;  ///< by axis and index in `to`: index in `from`
  std::vector<std::string> disjoint_axes_;
};

/// Takes the rows that the sweep `to` asks for out of rows that the sweep `from` recorded: fewer datasets,
/// fewer layers. Both have the same number of replicas per batch.
class RecordProjection {
 public:
  RecordProjection(const Sweep& from, const Sweep& to);

  /// Datasets that `to` asks for and `from` does not have. Where there is one, nothing can be projected.
  const std::vector<std::string>& missing_datasets() const { return missing_datasets_; }
  /// The first layer that `to` asks for and `from` did not record; nothing where it recorded all.
  std::optional<std::int32_t> missing_layer() const { return missing_layer_; }
  /// All that `to` asks for of networks of this depth was recorded.
  bool suffices(Depth depth) const {
    return missing_datasets_.empty() && (!missing_layer_ || depth.value() < *missing_layer_);
  }

  /// Record::values in the layout of `to`, from values in the layout of `from`, of a point whose depth
  /// suffices; layers beyond it hold the fill.
  std::vector<double> operator()(const std::vector<double>& values) const;

 private:
  static constexpr std::int64_t nowhere = -1;

  RecordLayout to_layout_;
  std::vector<std::int64_t> sources_;  ///< by position in the new values: position in the old, or nowhere
  std::vector<std::string> missing_datasets_;
  std::optional<std::int32_t> missing_layer_;
};

}  // namespace varprop
