// Where the points of one grid stand in another.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/sweep/sweep.hpp"

namespace varprop {

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

}  // namespace varprop
