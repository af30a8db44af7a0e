#include "report/data/drawn_profiles.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include "core/errors.hpp"
#include "report/data/sentences.hpp"
#include "theory/finite_width/total_density.hpp"

namespace varprop::report {

namespace {

constexpr double most_bins = 40;
constexpr std::size_t places_of_exact_law = 65;

/// `sorted` and not empty.
std::size_t bins_for(const std::vector<double>& sorted) {
  const std::size_t count = sorted.size();
  const double iqr = sorted[(3 * count) / 4] - sorted[count / 4];
  const double range = sorted.back() - sorted.front();
  const double width = 2 * iqr / std::cbrt(static_cast<double>(count));
  const double wanted = width > 0 ? std::ceil(range / width) : std::sqrt(static_cast<double>(count));
  return static_cast<std::size_t>(std::clamp(wanted, 1.0, most_bins));
}

}  // namespace

Json rounded_numbers(const std::vector<double>& values) {
  Json all = Json::array();
  for (const double x : values) all.push_back(rounded_json(x));
  return all;
}

Json Histogram::json() const {
  if (counts.empty() && extinct_share == 0) return nullptr;
  return {{"low", rounded_json(low)},
          {"high", rounded_json(high)},
          {"counts", counts},
          {"mean", counts.empty() ? Json(nullptr) : rounded_json(mean)},
          {"extinct", rounded_json(extinct_share)},
          {"exact", rounded_numbers(exact)}};
}

Histogram histogram_of(std::span<const double> sample) {
  std::vector<double> sorted;
  std::copy_if(sample.begin(), sample.end(), std::back_inserter(sorted),
               [](double x) { return std::isfinite(x); });
  std::sort(sorted.begin(), sorted.end());
  Histogram histogram;
  if (sample.empty()) return histogram;
  const auto infinite = std::ranges::count(sample, HUGE_VAL);
  const auto living = static_cast<double>(sorted.size()) + static_cast<double>(infinite);
  histogram.extinct_share = 1 - living / static_cast<double>(sample.size());
  if (sorted.empty()) return histogram;
  const double sum = std::reduce(sorted.begin(), sorted.end());
  histogram.mean = infinite > 0 ? HUGE_VAL : sum / static_cast<double>(sorted.size());
  histogram.low = sorted.front();
  histogram.high = sorted.back();
  // A range that rounding makes is none.
  const bool one = histogram.high - histogram.low <= 1e-12 * std::abs(histogram.high);
  if (one) histogram.low -= 0.5, histogram.high = histogram.low + 1;
  histogram.counts.assign(one ? 1 : bins_for(sorted), 0);
  for (const double x : sorted) {
    const auto bin = static_cast<std::size_t>(std::max(0.0, (x - histogram.low) / histogram.bin_width()));
    ++histogram.counts[std::min(bin, histogram.counts.size() - 1)];
  }
  return histogram;
}

namespace {

constexpr std::size_t most_layers = 64, most_numbers = 900'000;
constexpr std::size_t series_count = 6;  // mean, two ends, sd, two theories
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

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
  for (const std::size_t position : choice.along(analysis::depth_axis))
    depths.push_back(sweep.grid.depth[position].value());
  return depths;
}

/// How many points may be drawn, all of them as deep as their mean.
std::size_t most_drawn_points(const Sweep& sweep, const GridChoice& report) {
  const auto depths = depths_of(sweep, report);
  const auto layers = drawn_layers(sweep.layers, depths, most_layers);
  std::size_t elements = 0;
  for (const std::int32_t depth : depths)
    elements +=
        static_cast<std::size_t>(std::upper_bound(layers.begin(), layers.end(), depth) - layers.begin());
  const std::size_t profiles = sweep.told_quantities().size() + overlap_profiles(sweep).size();
  return std::max<std::size_t>(1, most_numbers * depths.size() / (elements * series_count * profiles));
}

/// Half the width of the 95 % interval of a layer's mean; NaN without one. `rows` by (batch, layer).
double half_width(const std::vector<double>& rows, std::size_t layers, std::size_t layer) {
  std::vector<double> by_batch;
  for (std::size_t at = layer; at < rows.size(); at += layers) by_batch.push_back(rows[at]);
  const auto mean = analysis::mean_of(by_batch);
  const auto interval = mean ? confidence_interval(*mean) : std::nullopt;
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
      choice_(report.thinned(most_drawn_points(sweep, report))),
      layers_(drawn_layers(sweep.layers, depths_of(sweep, choice_), most_layers)) {
  for (std::size_t k = 0; k < choice_.size(); ++k) points_.push_back({.point = sweep.point(choice_[k])});
}

DrawnProfile DrawnProfiles::draw(const analysis::PointResults& results,
                                 const analysis::QuantityResults& quantity,
                                 const analysis::PooledProfile& pooled) const {
  DrawnProfile drawn;
  for (const std::int32_t layer : layers_) {
    if (layer < results.layers.front()) {
      for (auto* const series : {&drawn.mean, &drawn.low, &drawn.high, &drawn.sd}) series->push_back(nothing);
      continue;
    }
    const auto found = std::lower_bound(results.layers.begin(), results.layers.end(), layer);
    if (found == results.layers.end()) break;  // beyond the depth
    const auto i = static_cast<std::size_t>(found - results.layers.begin());
    const double half = half_width(quantity.log_mean, results.layers.size(), i);
    drawn.mean.push_back(pooled.log_mean[i]);
    drawn.low.push_back(pooled.log_mean[i] - half);
    drawn.high.push_back(pooled.log_mean[i] + half);
    drawn.sd.push_back(std::sqrt(pooled.log_variance[i]));
  }
  return drawn;
}

DrawnProfile DrawnProfiles::draw(const analysis::PointResults& results, const OverlapProfile& profile,
                                 const analysis::PooledOverlap& pooled) const {
  const analysis::OverlapResults& rows = *results.overlaps[profile.overlap];
  const auto &mean = profile.distance ? pooled.log_distance_mean : pooled.mean,
             &variance = profile.distance ? pooled.log_distance_variance : pooled.variance,
             &theory = profile.distance ? pooled.theory_log_distance : pooled.theory;
  DrawnProfile drawn;
  for (const std::int32_t layer : layers_) {
    const auto found = std::lower_bound(results.layers.begin(), results.layers.end(), layer);
    if (found == results.layers.end()) break;  // beyond the depth
    const auto i = static_cast<std::size_t>(found - results.layers.begin());
    const double half =
        half_width(profile.distance ? rows.distance.log_mean : rows.mean, results.layers.size(), i);
    drawn.mean.push_back(mean[i]);
    drawn.low.push_back(mean[i] - half);
    drawn.high.push_back(mean[i] + half);
    drawn.sd.push_back(std::sqrt(variance[i]));
    drawn.theory.push_back(i < theory.size() ? theory[i] : nothing);
    const auto& at_width = pooled.theory_log_distance_n;
    drawn.theory_n.push_back(profile.distance && i < at_width.size() ? at_width[i] : nothing);
  }
  return drawn;
}

namespace {

/// Beside the counts, how many networks the exact law would have in a bin there.
void add_exact_law(Histogram& histogram, const Point& point, const NetworkSettings& settings,
                   theory::NetworkEnd end) {
  if (histogram.counts.size() < 2) return;
  std::vector<double> x;
  for (std::size_t i = 0; i < places_of_exact_law; ++i)
    x.push_back(histogram.low + (histogram.high - histogram.low) * static_cast<double>(i) /
                                    static_cast<double>(places_of_exact_law - 1));
  const auto density = theory::total_density(point, settings, end, x);
  if (!density) return;
  const auto networks =
      static_cast<double>(std::accumulate(histogram.counts.begin(), histogram.counts.end(), std::int64_t{0}));
  for (const double at : *density) histogram.exact.push_back(at * networks * histogram.bin_width());
}

}  // namespace

void DrawnProfiles::add(PointIndex index, const analysis::PointResults& results,
                        const analysis::PooledProfiles& pooled) {
  const auto k = choice_.find(sweep_.indices(index));
  if (!k) return;
  DrawnPoint& drawn = points_[*k];
  for (std::size_t i = 0; i < positive_quantities.size(); ++i) {
    if (pooled[i]) drawn.profiles[i] = draw(results, *results.quantities[i], *pooled[i]);
  }
  for (const OverlapProfile& profile : overlap_profiles(sweep_)) {
    if (pooled.overlaps[profile.overlap])
      drawn.overlaps.push_back(draw(results, profile, *pooled.overlaps[profile.overlap]));
  }
  if (results.of(Quantity::forward)) drawn.forward_last = histogram_of(results.of(Quantity::forward)->at_end);
  if (results.of(Quantity::backward))
    drawn.backward_first = histogram_of(results.of(Quantity::backward)->at_end);
  add_exact_law(drawn.forward_last, drawn.point, sweep_.network, theory::NetworkEnd::signal);
  add_exact_law(drawn.backward_first, drawn.point, sweep_.network, theory::NetworkEnd::gradient);
}

}  // namespace varprop::report
