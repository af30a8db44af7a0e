// The grid of a sweep: the values along every axis, and which of the axes are dimensions of its file.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/network/point.hpp"
#include "core/sweep/grid_index.hpp"

namespace varprop {

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

/// Along which axes the file tells the engine: of the first ones activation and weights decide it, and
/// nothing else; all that are dimensions where one of them is newer.
inline AxisSet engine_axes(const Grid& grid) {
  bool newer = false;
  for_each_axis([&](const auto& axis) { newer = newer || (!is_first(axis) && is_dimension(axis, grid)); });
  return newer ? file_axes(grid) : axes_of<Activation, WeightDistribution>();
}

}  // namespace varprop
