#include "report/data/drawn_profiles.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include "core/errors.hpp"
#include "report/data/sentences.hpp"

namespace varprop::report {

namespace {

constexpr double most_bins = 40;

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

Json Histogram::json() const {
  if (counts.empty() && extinct_share == 0) return nullptr;
  return {{"low", rounded_json(low)},
          {"high", rounded_json(high)},
          {"counts", counts},
          {"mean", counts.empty() ? Json(nullptr) : rounded_json(mean)},
          {"extinct", rounded_json(extinct_share)}};
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
  return std::max<std::size_t>(
      1, most_numbers * depths.size() / (elements * series_count * sweep.told_quantities().size()));
}

/// Half the width of the 95 % interval of a layer's mean; NaN without one.
double half_width(const analysis::PointResults& results, const analysis::QuantityResults& quantity,
                  std::size_t layer) {
  std::vector<double> by_batch;
  for (std::int32_t batch = 0; batch < results.batches_done; ++batch)
    by_batch.push_back(profile(results, quantity, batch)[layer]);
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
    const double half = half_width(results, quantity, i);
    drawn.mean.push_back(pooled.log_mean[i]);
    drawn.low.push_back(pooled.log_mean[i] - half);
    drawn.high.push_back(pooled.log_mean[i] + half);
    drawn.sd.push_back(std::sqrt(pooled.log_variance[i]));
  }
  return drawn;
}

void DrawnProfiles::add(PointIndex index, const analysis::PointResults& results,
                        const analysis::PooledProfiles& pooled) {
  const auto k = choice_.find(sweep_.indices(index));
  if (!k) return;
  DrawnPoint& drawn = points_[*k];
  for (std::size_t i = 0; i < positive_quantities.size(); ++i) {
    if (pooled[i]) drawn.profiles[i] = draw(results, *results.quantities[i], *pooled[i]);
  }
  if (results.of(Quantity::forward)) drawn.forward_last = histogram_of(results.of(Quantity::forward)->at_end);
  if (results.of(Quantity::backward))
    drawn.backward_first = histogram_of(results.of(Quantity::backward)->at_end);
}

namespace {

Json numbers(const std::vector<double>& values) {
  Json all = Json::array();
  for (const double x : values) all.push_back(rounded_json(x));
  return all;
}

/// One series of one quantity: an array for each point.
template <class F>
Json series_of(const DrawnProfiles& drawn, const F& values) {
  Json all = Json::array();
  for (const DrawnPoint& point : drawn.points()) all.push_back(values(point));
  return all;
}

Json measured(const DrawnProfiles& drawn, std::size_t quantity, std::vector<double> DrawnProfile::*series) {
  return series_of(drawn, [&](const DrawnPoint& point) {
    const auto& profile = point.profiles[quantity];
    return profile ? numbers((*profile).*series) : Json(nullptr);
  });
}

Json quantity_json(const DrawnProfiles& drawn, const analysis::ProfileTheory& theory, std::size_t quantity) {
  return {{"mean", measured(drawn, quantity, &DrawnProfile::mean)},
          {"low", measured(drawn, quantity, &DrawnProfile::low)},
          {"high", measured(drawn, quantity, &DrawnProfile::high)},
          {"sd", measured(drawn, quantity, &DrawnProfile::sd)},
          {"theory",
           series_of(drawn,
                     [&](const DrawnPoint& point) { return numbers(theory.limit(point.point)[quantity]); })},
          {"theory_n", series_of(drawn, [&](const DrawnPoint& point) {
             const auto exact = theory.at_width(point.point);
             return exact ? numbers((*exact)[quantity]) : Json(nullptr);
           })}};
}

std::size_t index_of(const GridChoice& report, const DrawnProfiles& drawn, std::size_t k) {
  return *report.find(drawn.choice()[k]);
}

/// Calls f(index in the report, point) for the drawn points with few enough rows each.
template <class F>
void for_some_points(const DrawnProfiles& drawn, const GridChoice& report, std::size_t most, const F& f) {
  const GridChoice some = drawn.choice().thinned(most);
  for (std::size_t k = 0; k < some.size(); ++k)
    f(*report.find(some[k]), drawn.points()[*drawn.choice().find(some[k])]);
}

void add_profile(ReportTable& table, std::size_t index, const DrawnPoint& point, const DrawnProfiles& drawn,
                 const analysis::ProfileTheory& theory, std::size_t quantity) {
  const auto limit = theory.limit(point.point)[quantity];
  const auto exact = theory.at_width(point.point);
  const auto& profile = point.profiles[quantity];
  if (!profile) return;
  for (std::size_t i = 0; i < profile->mean.size(); ++i) {
    const double mean = profile->mean[i], sd = profile->sd[i];
    table.add(point.point, analysis::every_axis,
              {index, word_of(positive_quantities[quantity]), drawn.layers()[i], rounded_json(mean),
               rounded_json(profile->low[i]), rounded_json(profile->high[i]), rounded_json(mean - sd),
               rounded_json(mean + sd), i < limit.size() ? rounded_json(limit[i]) : Json(nullptr),
               exact && i < (*exact)[quantity].size() ? rounded_json((*exact)[quantity][i]) : Json(nullptr)});
  }
}

void add_histogram(ReportTable& table, std::size_t index, const DrawnPoint& point, const char* quantity,
                   const Histogram& histogram) {
  for (std::size_t bin = 0; bin < histogram.counts.size(); ++bin) {
    const double low = histogram.low + static_cast<double>(bin) * histogram.bin_width();
    table.add(point.point, analysis::every_axis,
              {index, quantity, rounded_json(low), rounded_json(low + histogram.bin_width()),
               histogram.counts[bin], rounded_json(histogram.mean), rounded_json(histogram.extinct_share)});
  }
}

}  // namespace

std::vector<TitledChoice> profile_choices(const Sweep& sweep) {
  std::vector<TitledChoice> choices;
  for (const Quantity quantity : sweep.told_quantities())
    choices.push_back({std::string(word_of(quantity)), quantity_words(quantity).title});
  return choices;
}

std::vector<TitledChoice> histogram_choices(const Sweep& sweep) {
  std::vector<TitledChoice> choices;
  for (const Quantity quantity : sweep.told_quantities()) {
    const Profile& profile = measure_of(quantity).first();
    if (profile.of_replicas.empty()) continue;
    choices.push_back({std::string(profile.of_replicas),
                       "Single networks: " + quantity_words(quantity).logarithm +
                           (profile.travel == Travel::up ? " in the last layer" : " in the first layer")});
  }
  return choices;
}

Json profiles_json(const Sweep& sweep, const DrawnProfiles& drawn, const analysis::ProfileTheory& theory,
                   const GridChoice& report) {
  Json profiles{{"layers", drawn.layers()}, {"points", Json::array()}};
  for (std::size_t k = 0; k < drawn.points().size(); ++k)
    profiles["points"].push_back(index_of(report, drawn, k));
  for (std::size_t i = 0; i < positive_quantities.size(); ++i) {
    const Quantity quantity = positive_quantities[i];
    if (sweep.measures_quantity(quantity))
      profiles[std::string(word_of(quantity))] = quantity_json(drawn, theory, i);
  }
  Json& histograms = profiles["histograms"] = Json::object();
  if (sweep.measures_quantity(Quantity::forward))
    histograms["forward_last"] = series_of(drawn, [](const DrawnPoint& p) { return p.forward_last.json(); });
  if (sweep.measures_quantity(Quantity::backward))
    histograms["backward_first"] =
        series_of(drawn, [](const DrawnPoint& p) { return p.backward_first.json(); });
  return profiles;
}

ReportTable profile_table(const Sweep& sweep, const DrawnProfiles& drawn,
                          const analysis::ProfileTheory& theory, const GridChoice& report, std::size_t most) {
  ReportTable table(
      {"point", "quantity", "layer", "mean", "low", "high", "sd_low", "sd_high", "theory", "theory_n"});
  for_some_points(drawn, report, most, [&](std::size_t index, const DrawnPoint& point) {
    for (std::size_t i = 0; i < positive_quantities.size(); ++i) {
      if (sweep.measures_quantity(positive_quantities[i])) add_profile(table, index, point, drawn, theory, i);
    }
  });
  return table;
}

ReportTable histogram_table(const DrawnProfiles& drawn, const GridChoice& report, std::size_t most) {
  ReportTable table({"point", "quantity", "low", "high", "count", "mean", "extinct"});
  for_some_points(drawn, report, most, [&](std::size_t index, const DrawnPoint& point) {
    add_histogram(table, index, point, "forward_last", point.forward_last);
    add_histogram(table, index, point, "backward_first", point.backward_first);
  });
  return table;
}

}  // namespace varprop::report
