#include "core/record/record_projection.hpp"

#include <algorithm>

#include "core/contracts.hpp"

namespace varprop {

namespace {

/// Position of a layer among a sweep's recorded layers, or −1.
std::int64_t find_layer(const Sweep& sweep, std::int32_t layer) {
  const auto found = std::lower_bound(sweep.layers.begin(), sweep.layers.end(), layer);
  return found != sweep.layers.end() && *found == layer ? found - sweep.layers.begin() : -1;
}

/// Position of a dataset in a layout, or nothing.
std::optional<std::size_t> find_dataset(const RecordLayout& layout, const std::string& name) {
  const auto& all = layout.datasets();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Dataset& d) { return d.name == name; });
  return found == all.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - all.begin()));
}

}  // namespace

RecordProjection::RecordProjection(const Sweep& from, const Sweep& to) : to_layout_(to) {
  const RecordLayout from_layout(from);
  for (std::size_t d = 0; d < to_layout_.datasets().size(); ++d) {
    const Dataset& dataset = to_layout_.datasets()[d];
    const auto old = find_dataset(from_layout, dataset.name);
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
