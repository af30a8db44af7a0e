// The grid of a sweep: the values along every axis, which of their combinations are its points, which of the
// axes are dimensions of its file, and the row-major arithmetic over them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/network/axes.hpp"
#include "core/network/point.hpp"

namespace varprop {

/// A place in a grid: the position of a value along every axis, in the order of the axes, from 0. Also the
/// shape of a grid: how many values there are along every axis.
using GridIndices = std::array<std::size_t, axis_count>;

/// The places of a grid whose points are no product of its axes: some of the combinations, each once, in the
/// order of the grid. An axis has fewer than 2³² values.
class PointList {
 public:
  PointList() = default;
  /// Sorts the places. Two equal ones stay: equal_pair() tells of them.
  explicit PointList(std::vector<GridIndices> places);

  bool empty() const { return places_.empty(); }
  std::int64_t size() const { return std::ssize(places_); }
  GridIndices operator[](std::int64_t position) const;
  std::optional<std::int64_t> find(const GridIndices& at) const;
  /// A place that stands there twice.
  std::optional<GridIndices> repeated() const;
  /// The positions of all, in the order of their places along these axes.
  std::vector<std::int64_t> order_along(const AxisSet& axes) const;

  friend bool operator==(const PointList&, const PointList&) = default;

 private:
  using Place = std::array<std::uint32_t, axis_count>;
  static Place place_of(const GridIndices& at);

  std::vector<Place> places_;
};

/// The positions of a grid's points, the last axis fastest, from 0: of all combinations of its values, or of
/// those that it lists.
class GridIndex {
 public:
  explicit GridIndex(const GridIndices& shape) : shape_(shape) {}
  /// Of the listed points alone. The list must outlive the index and its copies.
  GridIndex(const GridIndices& shape, const PointList& listed);

  const GridIndices& shape() const { return shape_; }
  std::size_t extent(std::size_t axis) const { return shape_[axis]; }
  /// How many points the grid has.
  std::int64_t count() const { return listed_ ? listed_->size() : count(all_but({})); }
  /// How many combinations there are of the values of some axes.
  std::int64_t count(const AxisSet& along) const;

  /// The position of a point, which the grid must have, and where the point of a position is.
  std::int64_t position(const GridIndices& at) const;
  GridIndices indices(std::int64_t position) const;
  /// The position of a place, where the grid has a point there.
  std::optional<std::int64_t> find(const GridIndices& at) const;
  /// The position among the combinations of the values of some axes.
  std::int64_t position(const GridIndices& at, const AxisSet& along) const;

  /// Calls f(place) for every group of points that differ along the free axes only, with the place of its
  /// first point: of a product, 0 along these. In the order of position(place, all_but(free)).
  template <class F>
  void for_each_group(const AxisSet& free, F&& f) const {
    if (count() == 0) return;
    if (!listed_) return walk(GridIndices{}, all_but(free), f);
    const std::vector<std::int64_t>& order = order_of(free);
    for (std::size_t i = 0; i < order.size(); ++i) {
      const GridIndices place = (*listed_)[order[i]];
      if (i == 0 || !in_one_group((*listed_)[order[i - 1]], place, free)) f(place);
    }
  }
  /// Calls f(place) for every point of the group that `member` is in, in the order of their positions. Of a
  /// product, `member` need not be a point; a list may have no point in its group.
  template <class F>
  void for_each_member(const AxisSet& free, GridIndices member, F&& f) const {
    if (!listed_) {
      for (std::size_t axis = 0; axis < axis_count; ++axis) {
        if (free[axis]) member[axis] = 0;
      }
      return walk(member, free, f);
    }
    const std::vector<std::int64_t>& order = order_of(free);
    for (std::size_t i = first_of_group(order, member, free); i < order.size(); ++i) {
      const GridIndices place = (*listed_)[order[i]];
      if (!in_one_group(place, member, free)) return;
      f(place);
    }
  }

 private:
  template <class F>
  void walk(GridIndices at, const AxisSet& along, F& f) const {
    do {
      f(static_cast<const GridIndices&>(at));
    } while (advance(at, along));
  }
  /// Goes to the next place along some of the axes, the last fastest, and from the last one to the first.
  /// Whether there was a next one.
  bool advance(GridIndices& at, const AxisSet& along) const;

  static bool in_one_group(const GridIndices& a, const GridIndices& b, const AxisSet& free);
  /// The positions of all points, those of one group side by side. Made where it is first asked for.
  const std::vector<std::int64_t>& order_of(const AxisSet& free) const;
  std::size_t first_of_group(const std::vector<std::int64_t>& order, const GridIndices& member,
                             const AxisSet& free) const;

  struct Orders;

  GridIndices shape_;
  const PointList* listed_ = nullptr;
  std::shared_ptr<Orders> orders_;  ///< of a list
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

  /// The points, where they are not all combinations.
  PointList listed;

  bool is_product() const { return listed.empty(); }

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

  std::int64_t point_count() const { return is_product() ? GridIndex(shape()).count() : listed.size(); }

  friend bool operator==(const Grid& a, const Grid& b) {
    bool equal = a.listed == b.listed;
    for_each_axis([&](const auto& axis) { equal = equal && a.*axis.values == b.*axis.values; });
    return equal;
  }
};

/// Whether the grid's file tells the axis, as a dimension or, of listed points, as a coordinate: the first
/// axes always, a newer one where the grid has another value than its default.
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

/// Along which axes of a product the file tells the engine: of the first ones activation and weights decide
/// it, and nothing else; all that are dimensions where one of them is newer. A list tells it of every point.
inline AxisSet engine_axes(const Grid& grid) {
  return has_newer_dimension(grid) ? file_axes(grid) : axes_of<Activation, WeightDistribution>();
}

}  // namespace varprop
