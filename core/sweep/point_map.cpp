#include "core/sweep/point_map.hpp"

#include <algorithm>
#include <unordered_map>

namespace varprop {

PointMap::PointMap(const Sweep& from, const Sweep& to) : from_(from), to_(to) {
  std::size_t i = 0;
  for_each_axis([&](const auto& axis) {
    std::unordered_map<std::string, std::size_t> old_positions;
    for (const auto& value : from.grid.*axis.values) {
      old_positions.emplace(coordinate_text(value), old_positions.size());
    }
    auto& positions = positions_[i++];
    for (const auto& value : to.grid.*axis.values) {
      const auto found = old_positions.find(coordinate_text(value));
      positions.push_back(found == old_positions.end() ? nowhere : found->second);
    }
    const bool disjoint =
        std::all_of(positions.begin(), positions.end(), [](std::size_t p) { return p == nowhere; });
    if (disjoint) disjoint_axes_.emplace_back(axis.name);
  });
}

std::optional<PointIndex> PointMap::operator()(PointIndex index) const {
  const auto at = to_.indices(index);
  const auto extents = from_.shape();
  std::size_t found = 0;
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    const std::size_t position = positions_[axis][at[axis]];
    if (position == nowhere) return std::nullopt;
    found = found * extents[axis] + position;
  }
  const PointIndex old(static_cast<std::int64_t>(found));
  const bool same =
      canonical_text(to_.point(index), to_.ensemble) == canonical_text(from_.point(old), from_.ensemble);
  return same ? std::optional(old) : std::nullopt;
}

}  // namespace varprop
