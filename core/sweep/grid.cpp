#include "core/sweep/grid.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <mutex>
#include <numeric>

#include "core/errors.hpp"

namespace varprop {

PointList::Place PointList::place_of(const GridIndices& at) {
  Place place{};
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    VARPROP_EXPECT(at[axis] <= std::numeric_limits<std::uint32_t>::max());
    place[axis] = static_cast<std::uint32_t>(at[axis]);
  }
  return place;
}

PointList::PointList(std::vector<GridIndices> places) {
  places_.reserve(places.size());
  for (const GridIndices& at : places) places_.push_back(place_of(at));
  std::sort(places_.begin(), places_.end());
}

GridIndices PointList::operator[](std::int64_t position) const {
  const Place& place = places_[static_cast<std::size_t>(position)];
  GridIndices at{};
  std::copy(place.begin(), place.end(), at.begin());
  return at;
}

std::optional<std::int64_t> PointList::find(const GridIndices& at) const {
  const Place place = place_of(at);
  const auto found = std::lower_bound(places_.begin(), places_.end(), place);
  if (found == places_.end() || *found != place) return std::nullopt;
  return found - places_.begin();
}

std::optional<GridIndices> PointList::repeated() const {
  const auto found = std::adjacent_find(places_.begin(), places_.end());
  if (found == places_.end()) return std::nullopt;
  return (*this)[found - places_.begin()];
}

std::vector<std::int64_t> PointList::order_along(const AxisSet& axes) const {
  std::vector<std::size_t> telling;  // a comparison looks at those alone that have two values
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    const auto differs = [&](const Place& place) { return place[axis] != places_.front()[axis]; };
    if (axes[axis] && std::any_of(places_.begin(), places_.end(), differs)) telling.push_back(axis);
  }
  std::vector<std::int64_t> order(places_.size());
  std::iota(order.begin(), order.end(), std::int64_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::int64_t i, std::int64_t j) {
    const Place &a = places_[static_cast<std::size_t>(i)], &b = places_[static_cast<std::size_t>(j)];
    const auto different = [&](std::size_t axis) { return a[axis] != b[axis]; };
    const auto axis = std::find_if(telling.begin(), telling.end(), different);
    return axis != telling.end() && a[*axis] < b[*axis];
  });
  return order;
}

/// By free axes. An index and its copies may be asked by several threads at once.
struct GridIndex::Orders {
  std::mutex mutex;
  std::map<AxisSet, std::vector<std::int64_t>> by_free;
};

GridIndex::GridIndex(const GridIndices& shape, const PointList& listed) : shape_(shape) {
  if (listed.empty()) return;
  listed_ = &listed;
  orders_ = std::make_shared<Orders>();
}

std::int64_t GridIndex::count(const AxisSet& along) const {
  std::int64_t product = 1;
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    if (along[axis]) product *= static_cast<std::int64_t>(shape_[axis]);
  }
  return product;
}

std::int64_t GridIndex::position(const GridIndices& at) const {
  const auto position = find(at);
  VARPROP_EXPECT(position.has_value());
  return *position;
}

std::optional<std::int64_t> GridIndex::find(const GridIndices& at) const {
  return listed_ ? listed_->find(at) : position(at, all_but({}));
}

std::int64_t GridIndex::position(const GridIndices& at, const AxisSet& along) const {
  std::size_t position = 0;
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    VARPROP_EXPECT(at[axis] < shape_[axis]);
    if (along[axis]) position = position * shape_[axis] + at[axis];
  }
  return static_cast<std::int64_t>(position);
}

GridIndices GridIndex::indices(std::int64_t position) const {
  VARPROP_EXPECT(position >= 0 && position < count());
  if (listed_) return (*listed_)[position];
  auto rest = static_cast<std::size_t>(position);
  GridIndices at{};
  for (std::size_t axis = axis_count; axis-- > 0; rest /= shape_[axis]) at[axis] = rest % shape_[axis];
  return at;
}

bool GridIndex::advance(GridIndices& at, const AxisSet& along) const {
  for (std::size_t axis = axis_count; axis-- > 0;) {
    if (!along[axis]) continue;
    if (++at[axis] < shape_[axis]) return true;
    at[axis] = 0;
  }
  return false;
}

namespace {

/// Compares the places of groups, axis by axis along those that are not free.
bool is_group_before(const GridIndices& a, const GridIndices& b, const AxisSet& free) {
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    if (!free[axis] && a[axis] != b[axis]) return a[axis] < b[axis];
  }
  return false;
}

}  // namespace

bool GridIndex::in_one_group(const GridIndices& a, const GridIndices& b, const AxisSet& free) {
  return !is_group_before(a, b, free) && !is_group_before(b, a, free);
}

const std::vector<std::int64_t>& GridIndex::order_of(const AxisSet& free) const {
  const std::lock_guard lock(orders_->mutex);
  const auto [found, is_new] = orders_->by_free.try_emplace(free);
  if (is_new) found->second = listed_->order_along(all_but(free));
  return found->second;
}

std::size_t GridIndex::first_of_group(const std::vector<std::int64_t>& order, const GridIndices& member,
                                      const AxisSet& free) const {
  const auto first = std::partition_point(order.begin(), order.end(), [&](std::int64_t position) {
    return is_group_before((*listed_)[position], member, free);
  });
  return static_cast<std::size_t>(first - order.begin());
}

}  // namespace varprop
