#include "analysis/report/drawn_profiles.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "core/contracts.hpp"

namespace varprop {

namespace {

constexpr std::size_t most_layers = 64, most_numbers = 900'000;
constexpr std::size_t series = 6;  // mean, two ends, sd, two theories
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

PointIndex index_of(const Sweep& sweep, const PointGrid::Indices& at) {
  std::size_t index = 0;
  for (std::size_t axis = 0; axis < axis_count; ++axis) index = index * sweep.shape()[axis] + at[axis];
  return PointIndex(static_cast<std::int64_t>(index));
}

std::set<std::int32_t> layers_with(const std::vector<std::int32_t>& recorded,
                                   const std::vector<std::int32_t>& depths, std::size_t each) {
  std::set<std::int32_t> layers;
  for (const std::int32_t depth : depths) {
    const auto count = static_cast<std::size_t>(std::upper_bound(recorded.begin(), recorded.end(), depth) -
                                                recorded.begin());
    for (const std::size_t position : evenly_chosen(count, std::min(count, each)))
      layers.insert(recorded[position]);
    layers.insert(recorded[count - 1]);
  }
  return layers;
}

std::vector<std::int32_t> depths_of(const Sweep& sweep, const GridChoice& choice) {
  std::vector<std::int32_t> depths;
  for (const std::size_t position : choice.along(depth_axis))
    depths.push_back(sweep.grid.depth[position].value());
  return depths;
}

/// How many points may be drawn, all of them as deep as their mean.
std::size_t most_points(const Sweep& sweep, const GridChoice& report) {
  const auto depths = depths_of(sweep, report);
  const auto layers = drawn_layers(sweep.layers, depths, most_layers);
  std::size_t elements = 0;
  for (const std::int32_t depth : depths)
    elements +=
        static_cast<std::size_t>(std::upper_bound(layers.begin(), layers.end(), depth) - layers.begin());
  return std::max<std::size_t>(
      1, most_numbers * depths.size() / (elements * series * positive_quantities.size()));
}

/// Half the width of the 95 % interval of a layer's mean; NaN without one.
double half_width(const PointResults& results, const QuantityResults& quantity, std::size_t layer) {
  std::vector<double> by_batch;
  for (std::int32_t batch = 0; batch < results.batches_done; ++batch)
    by_batch.push_back(profile(results, quantity, batch)[layer]);
  const auto mean = mean_of(by_batch);
  const auto interval = mean ? confidence_interval(parameter_of(*mean)) : std::nullopt;
  return interval ? (interval->high - interval->low) / 2 : nothing;
}

}  // namespace

std::vector<std::int32_t> drawn_layers(const std::vector<std::int32_t>& recorded,
                                       const std::vector<std::int32_t>& depths, std::size_t most) {
  std::size_t each = 2;
  while (each < recorded.size() && layers_with(recorded, depths, each + 1).size() <= most) ++each;
  const auto layers = layers_with(recorded, depths, each);
  return {layers.begin(), layers.end()};
}

DrawnProfiles::DrawnProfiles(const Sweep& sweep, const GridChoice& report)
    : sweep_(sweep),
      choice_(report.thinned(most_points(sweep, report))),
      layers_(drawn_layers(sweep.layers, depths_of(sweep, choice_), most_layers)) {
  for (std::size_t k = 0; k < choice_.size(); ++k)
    points_.push_back({.point = sweep.point(index_of(sweep, choice_[k]))});
}

DrawnProfile DrawnProfiles::draw(const PointResults& results, const QuantityResults& quantity,
                                 const PooledProfile& pooled) const {
  DrawnProfile drawn;
  for (const std::int32_t layer : layers_) {
    const auto found = std::lower_bound(results.layers.begin(), results.layers.end(), layer);
    if (found == results.layers.end()) break;  // beyond the depth
    const auto i = static_cast<std::size_t>(found - results.layers.begin());
    const double half = half_width(results, quantity, i);
    drawn.mean.push_back(pooled.log_mean[i]);
    drawn.low.push_back(pooled.log_mean[i] - half);
    drawn.high.push_back(pooled.log_mean[i] + half);
    drawn.sd.push_back(std::sqrt(pooled.log_variance[i]));
  }
  return drawn;
}

void DrawnProfiles::add(PointIndex index, const PointResults& results, const PooledProfiles& pooled) {
  const auto k = choice_.find(sweep_.indices(index));
  if (!k) return;
  DrawnPoint& drawn = points_[*k];
  for (std::size_t i = 0; i < positive_quantities.size(); ++i) {
    if (pooled[i])
      drawn.profiles[i] = draw(results, *(results.*results_of(positive_quantities[i])), *pooled[i]);
  }
  if (results.forward) drawn.forward_last = histogram_of(results.forward->at_end);
  if (results.backward) drawn.backward_first = histogram_of(results.backward->at_end);
}

}  // namespace varprop
