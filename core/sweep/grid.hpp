// The grid of a sweep: the values along every axis, which of the axes are dimensions of its file, and the
// row-major arithmetic over them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/network/axes.hpp"
#include "core/network/point.hpp"

namespace varprop {

/// A place in a grid: the position of a value along every axis, in the order of the axes, from 0. Also the
/// shape of a grid: how many values there are along every axis.
using GridIndices = std::array<std::size_t, axis_count>;

/// The positions of a grid's points, the last axis fastest, from 0.
class GridIndex {
 public:
  explicit GridIndex(const GridIndices& shape) : shape_(shape) {}

  const GridIndices& shape() const { return shape_; }
  std::size_t extent(std::size_t axis) const { return shape_[axis]; }
  /// How many points the grid has, or the grid of some of its axes.
  std::int64_t count() const { return count(all_but({})); }
  std::int64_t count(const AxisSet& along) const;
  /// How far apart neighbours along an axis are.
  std::int64_t stride(std::size_t axis) const;

  /// The position of a point, and where the point of a position is.
  std::int64_t position(const GridIndices& at) const;
  GridIndices indices(std::int64_t position) const;
  /// The position in the grid of some of the axes, which has a place for every group along the others.
  std::int64_t position(const GridIndices& at, const AxisSet& along) const;

  /// Goes to the next place along some of the axes, the last fastest, and from the last one to the first.
  /// Whether there was a next one.
  bool advance(GridIndices& at, const AxisSet& along) const;

  /// Calls f(place) for every group of points that differ along the free axes only: its place is 0 along
  /// these. In the order of position(place, all_but(free)).
  template <class F>
  void for_each_group(const AxisSet& free, F&& f) const {
    if (count() > 0) walk(GridIndices{}, all_but(free), f);
  }
  /// Calls f(place) for every point of the group that `member` is in, in the order of their positions.
  template <class F>
  void for_each_member(const AxisSet& free, GridIndices member, F&& f) const {
    for (std::size_t axis = 0; axis < axis_count; ++axis) {
      if (free[axis]) member[axis] = 0;
    }
    walk(member, free, f);
  }

 private:
  template <class F>
  void walk(GridIndices at, const AxisSet& along, F& f) const {
    do {
      f(static_cast<const GridIndices&>(at));
    } while (advance(at, along));
  }

  GridIndices shape_;
};

template <class First, class Newer>
struct GridMembers;

/// A member for every axis, as its declaration (core/network/axes.hpp) has it.
template <class... First, class... Newer>
struct GridMembers<AxisList<First...>, AxisList<Newer...>>
    : First::template Member<std::vector<typename First::value_type>>...,
      Newer::template Member<std::vector<typename Newer::value_type>>... {
  /// The first axes are still without a value; the newer ones have their defaults.
  GridMembers()
      : Newer::template Member<std::vector<typename Newer::value_type>>{{*Newer::default_value}}... {}
  /// The values along the first axes; the newer ones have their defaults.
  GridMembers(std::vector<typename First::value_type>... x)
      : First::template Member<std::vector<typename First::value_type>>{std::move(x)}...,
        Newer::template Member<std::vector<typename Newer::value_type>>{{*Newer::default_value}}... {}
};

/// The values along every axis. A point is one combination; numeric axes are sorted and free of duplicates.
struct Grid : GridMembers<FirstAxes, NewerAxes> {
  using GridMembers::GridMembers;

  /// The grid of one point.
  static Grid of(const Point& point) {
    Grid grid;
    for_each_axis([&](const auto& axis) { grid.*axis.values = {point.*axis.value}; });
    return grid;
  }

  /// How many values each axis has.
  GridIndices shape() const {
    GridIndices extents{};
    std::size_t i = 0;
    for_each_axis([&](const auto& axis) { extents[i++] = (this->*axis.values).size(); });
    return extents;
  }

  friend bool operator==(const Grid& a, const Grid& b) {
    bool equal = true;
    for_each_axis([&](const auto& axis) { equal = equal && a.*axis.values == b.*axis.values; });
    return equal;
  }
};

/// Whether the axis is a dimension of the grid's file: the first axes always are, a newer one is where the
/// grid has another value than its default.
template <class Axis>
bool is_dimension(const Axis& axis, const Grid& grid) {
  const auto& values = grid.*Axis::values;
  return values.size() != 1 || !goes_without_saying(axis, values.front());
}

/// The axes that are dimensions of the grid's file.
inline AxisSet file_axes(const Grid& grid) {
  AxisSet set{};
  std::size_t i = 0;
  for_each_axis([&](const auto& axis) { set[i++] = is_dimension(axis, grid); });
  return set;
}

/// Whether one of them is newer than the first ones.
inline bool has_newer_dimension(const Grid& grid) {
  bool newer = false;
  for_each_axis([&](const auto& axis) { newer = newer || (!is_first(axis) && is_dimension(axis, grid)); });
  return newer;
}

/// Along which axes the file tells the engine: of the first ones activation and weights decide it, and
/// nothing else; all that are dimensions where one of them is newer.
inline AxisSet engine_axes(const Grid& grid) {
  return has_newer_dimension(grid) ? file_axes(grid) : axes_of<Activation, WeightDistribution>();
}

}  // namespace varprop
