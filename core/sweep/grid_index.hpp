// Row-major arithmetic over the axes of a grid: from places along every axis to the position of a point and
// back, and the groups of points that differ along some of the axes only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/network/axes.hpp"

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

}  // namespace varprop
