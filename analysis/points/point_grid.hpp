// The analyzed points of a sweep, found by their place in the grid.
#pragma once

#include <algorithm>
#include <span>

#include "analysis/points/point_analysis.hpp"
#include "core/sweep/sweep.hpp"

namespace varprop::analysis {

inline constexpr std::size_t weight_variance_axis = axis_position<WeightVariance>;
inline constexpr std::size_t bias_variance_axis = axis_position<BiasVariance>;
inline constexpr std::size_t width_axis = axis_position<Width>;
inline constexpr std::size_t depth_axis = axis_position<Depth>;
inline constexpr AxisSet every_axis = all_but({});
inline constexpr AxisSet widths_and_depths = axes_of<Width, Depth>();

/// Where a point stands in the grid that it is of.
inline GridIndices indices_of(const Grid& grid, const Point& point) {
  GridIndices at{};
  std::size_t axis_number = 0;
  for_each_axis([&](const auto& axis) {
    const auto& values = grid.*axis.values;
    at[axis_number++] =
        static_cast<std::size_t>(std::find(values.begin(), values.end(), point.*axis.value) - values.begin());
  });
  return at;
}

class PointGrid {
 public:
  /// `points` in the order of the sweep, all of them.
  PointGrid(const Sweep& sweep, std::span<const PointAnalysis> points)
      : sweep_(sweep), points_(points), index_(sweep.grid_index()) {}

  const Sweep& sweep() const { return sweep_; }
  /// How many values the grid has along an axis.
  std::size_t extent(std::size_t axis) const { return index_.extent(axis); }
  /// Position of a point in the order of the sweep.
  std::size_t index(const GridIndices& at) const { return static_cast<std::size_t>(index_.position(at)); }
  const PointAnalysis& at(const GridIndices& at) const { return points_[index(at)]; }

  /// Calls f(place) for every group of points that differ along the free axes only, with that of its first.
  template <class F>
  void for_each_group(const AxisSet& free, const F& f) const {
    index_.for_each_group(free, f);
  }
  /// Calls f(point) for all points of a group: those that differ from `origin` along the free axes only.
  template <class F>
  void for_each_member(const AxisSet& free, const GridIndices& origin, const F& f) const {
    index_.for_each_member(free, origin, [&](const GridIndices& place) { f(at(place)); });
  }
  /// Calls f(place) for them.
  template <class F>
  void for_each_place(const AxisSet& free, const GridIndices& origin, const F& f) const {
    index_.for_each_member(free, origin, f);
  }

 private:
  const Sweep& sweep_;
  std::span<const PointAnalysis> points_;
  GridIndex index_;
};

}  // namespace varprop::analysis
