#include "core/sweep/listed_grid.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <type_traits>

#include "core/errors.hpp"

namespace varprop {

namespace {

template <class T>
bool stands_before(const T& a, const T& b) {
  if constexpr (NumericCoordinate<T>)
    return a < b;
  else
    return coordinate_text(a) < coordinate_text(b);
}

std::vector<bool> used_values(const std::vector<GridIndices>& places, std::size_t axis, std::size_t count) {
  std::vector<bool> used(count);
  for (const GridIndices& place : places) used[place[axis]] = true;
  return used;
}

/// The values that points have, in order and each once; `places` are told by them from then on.
template <class T>
std::vector<T> in_order(const std::vector<T>& values, std::vector<GridIndices>& places, std::size_t axis) {
  if (values.size() == 1) return values;
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return stands_before(values[a], values[b]); });
  const std::vector<bool> used = used_values(places, axis, values.size());
  std::vector<T> sorted;
  std::vector<std::size_t> new_position(values.size());
  for (const std::size_t old : order) {
    if (!used[old]) continue;
    if (sorted.empty() || !(sorted.back() == values[old])) sorted.push_back(values[old]);
    new_position[old] = sorted.size() - 1;
  }
  for (GridIndices& place : places) place[axis] = new_position[place[axis]];
  return sorted;
}

std::string text_of_place(const Grid& grid, const GridIndices& at) {
  std::size_t i = 0;
  return point_in_words(Point(
      by_axis, [&](const auto& axis) { return (grid.*std::decay_t<decltype(axis)>::values)[at[i++]]; }));
}

/// Whether there are as many points as combinations, which may be more than any integer.
bool is_every_combination(const GridIndices& shape, std::size_t points) {
  double combinations = 1;
  for (const std::size_t extent : shape) combinations *= static_cast<double>(extent);
  return combinations == static_cast<double>(points);
}

}  // namespace

void ListedPoints::append(const ListedPoints& more) {
  const GridIndices before = places.empty() ? GridIndices{} : values.shape();
  for_each_axis([&](const auto& axis) {
    auto& all = values.*axis.values;
    if (places.empty()) all.clear();  // its defaults
    all.insert(all.end(), (more.values.*axis.values).begin(), (more.values.*axis.values).end());
  });
  for (GridIndices place : more.places) {
    for (std::size_t axis = 0; axis < axis_count; ++axis) place[axis] += before[axis];
    places.push_back(place);
  }
}

Grid grid_of(const ListedPoints& points) {
  validate(!points.places.empty(), "there are no points; at least one is needed.");
  std::vector<GridIndices> places = points.places;
  Grid grid;
  std::size_t i = 0;
  for_each_axis(
      [&](const auto& axis) { grid.*axis.values = in_order(points.values.*axis.values, places, i++); });
  PointList listed(std::move(places));
  if (const auto repeated = listed.repeated()) {
    throw InputError(fmt::format("the point {} stands there twice; every point may stand once.",
                                 text_of_place(grid, *repeated)));
  }
  if (!is_every_combination(grid.shape(), points.places.size())) grid.listed = std::move(listed);
  return grid;
}

}  // namespace varprop
