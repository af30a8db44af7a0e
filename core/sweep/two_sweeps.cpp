#include "core/sweep/two_sweeps.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <unordered_map>

#include "core/errors.hpp"

namespace varprop {

namespace {

/// A sweep's canonical text by key.
std::map<std::string, std::string> settings_of(const Sweep& sweep) {
  std::map<std::string, std::string> settings;
  std::istringstream lines(canonical_text(sweep));
  for (std::string line; std::getline(lines, line);) {
    const auto end_of_key = line.find(' ');
    settings[line.substr(0, end_of_key)] = line.substr(end_of_key);
  }
  return settings;
}

/// Position of a layer among a sweep's recorded layers, or −1.
std::int64_t find_layer(const Sweep& sweep, std::int32_t layer) {
  const auto found = std::lower_bound(sweep.layers.begin(), sweep.layers.end(), layer);
  return found != sweep.layers.end() && *found == layer ? found - sweep.layers.begin() : -1;
}

}  // namespace

std::vector<std::string> differences(const Sweep& a, const Sweep& b) {
  const auto left = settings_of(a), right = settings_of(b);
  std::set<std::string> keys;
  for (const auto& [key, value] : left) {
    if (const auto other = right.find(key); other == right.end() || other->second != value) keys.insert(key);
  }
  for (const auto& [key, value] : right) {
    if (!left.contains(key)) keys.insert(key);
  }
  return {keys.begin(), keys.end()};
}

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
  GridIndices old_at{};
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    old_at[axis] = positions_[axis][at[axis]];
    if (old_at[axis] == nowhere) return std::nullopt;
  }
  const auto position = from_.grid_index().find(old_at);
  if (!position) return std::nullopt;
  const PointIndex old(*position);
  const bool same =
      canonical_text(to_.point(index), to_.network) == canonical_text(from_.point(old), from_.network);
  return same ? std::optional(old) : std::nullopt;
}

RecordProjection::RecordProjection(const Sweep& from, const Sweep& to) : to_layout_(to) {
  const RecordLayout from_layout(from);
  for (std::size_t d = 0; d < to_layout_.datasets().size(); ++d) {
    const Dataset& dataset = to_layout_.datasets()[d];
    const auto old = from_layout.position(dataset.name);
    if (!old) missing_datasets_.push_back(dataset.name);
    for (std::int64_t i = 0; i < to_layout_.length(d); ++i) {
      const bool by_layer = dataset.row_axis == RowAxis::layer;
      const std::int64_t at = by_layer ? find_layer(from, to.layers[static_cast<std::size_t>(i)]) : i;
      sources_.push_back(old && at >= 0 ? from_layout.offset(*old) + at : nowhere);
    }
  }
  const auto missing = std::find_if(to.layers.begin(), to.layers.end(),
                                    [&](std::int32_t layer) { return find_layer(from, layer) < 0; });
  if (missing != to.layers.end()) missing_layer_ = *missing;
}

std::vector<double> RecordProjection::operator()(const std::vector<double>& values) const {
  VARPROP_EXPECT(missing_datasets_.empty());
  std::vector<double> projected = to_layout_.empty_values();
  for (std::size_t i = 0; i < projected.size(); ++i) {
    if (sources_[i] != nowhere) projected[i] = values[static_cast<std::size_t>(sources_[i])];
  }
  return projected;
}

}  // namespace varprop
