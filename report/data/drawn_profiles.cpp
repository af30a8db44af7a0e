#include "report/data/drawn_profiles.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include "core/errors.hpp"
#include "report/data/sentences.hpp"
#include "theory/total_density.hpp"

namespace varprop::report {

namespace {

constexpr double most_bins = 40;
constexpr std::size_t places_of_exact_law = 65;

Json numbers(const std::vector<double>& values) {
  Json all = Json::array();
  for (const double x : values) all.push_back(rounded_json(x));
  return all;
}

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
          {"extinct", rounded_json(extinct_share)},
          {"exact", numbers(exact)}};
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

namespace {

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

/// Exact at width n, or of the gradient to first order in 1/n; empty where neither is known.
std::vector<double> theory_at_width(const analysis::ProfileTheory& theory, const Point& point,
                                    std::size_t quantity) {
  if (const auto exact = theory.at_width(point)) return (*exact)[quantity];
  return positive_quantities[quantity] == Quantity::backward ? theory.gradient_to_first_order(point)
                                                             : std::vector<double>();
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
             const auto at_width = theory_at_width(theory, point.point, quantity);
             return at_width.empty() ? Json(nullptr) : numbers(at_width);
           })}};
}

/// The same of two inputs.
Json overlap_json(const DrawnProfiles& drawn, std::size_t place) {
  const auto series = [&](std::vector<double> DrawnProfile::*values) {
    return series_of(drawn, [&](const DrawnPoint& point) {
      return place < point.overlaps.size() ? numbers(point.overlaps[place].*values) : Json(nullptr);
    });
  };
  return {{"mean", series(&DrawnProfile::mean)},     {"low", series(&DrawnProfile::low)},
          {"high", series(&DrawnProfile::high)},     {"sd", series(&DrawnProfile::sd)},
          {"theory", series(&DrawnProfile::theory)}, {"theory_n", series(&DrawnProfile::theory_n)}};
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

/// A row for each layer.
void add_rows(ReportTable& table, std::size_t index, const DrawnPoint& point, const DrawnProfiles& drawn,
              const std::string& name, const DrawnProfile& profile) {
  const auto element = [](const std::vector<double>& all, std::size_t i) {
    return i < all.size() ? rounded_json(all[i]) : Json(nullptr);
  };
  for (std::size_t i = 0; i < profile.mean.size(); ++i) {
    const double mean = profile.mean[i], sd = profile.sd[i];
    table.add(point.point, analysis::every_axis,
              {index, name, drawn.layers()[i], rounded_json(mean), rounded_json(profile.low[i]),
               rounded_json(profile.high[i]), rounded_json(mean - sd), rounded_json(mean + sd),
               element(profile.theory, i), element(profile.theory_n, i)});
  }
}

void add_profile(ReportTable& table, std::size_t index, const DrawnPoint& point, const DrawnProfiles& drawn,
                 const analysis::ProfileTheory& theory, std::size_t quantity) {
  auto profile = point.profiles[quantity];
  if (!profile) return;
  profile->theory = theory.limit(point.point)[quantity];
  profile->theory_n = theory_at_width(theory, point.point, quantity);
  add_rows(table, index, point, drawn, std::string(word_of(positive_quantities[quantity])), *profile);
}

void add_exact_rows(ReportTable& table, std::size_t index, const DrawnPoint& point, const char* quantity,
                    const Histogram& histogram) {
  for (std::size_t i = 0; i < histogram.exact.size(); ++i) {
    const double x = histogram.low + (histogram.high - histogram.low) * static_cast<double>(i) /
                                         static_cast<double>(histogram.exact.size() - 1);
    table.add(point.point, analysis::every_axis,
              {index, quantity, rounded_json(x), rounded_json(histogram.exact[i])});
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

std::vector<OverlapProfile> overlap_profiles(const Sweep& sweep) {
  std::vector<OverlapProfile> all;
  if (!sweep.measures_quantity(Quantity::correlation)) return all;
  for (std::size_t i = 0; i < all_overlaps.size(); ++i) {
    const std::string name(all_overlaps[i]->name), X(all_overlaps[i]->symbol);
    const std::string whose = all_overlaps[i]->travel == Travel::up ? "signals" : "gradients";
    all.push_back({i, false, name, "Two inputs: mean of " + X + ", the cosine of their " + whose, X});
    all.push_back(
        {i, true, name + "_log_distance", "Two inputs: mean of ln(1 − " + X + ")", "ln(1 − " + X + ")"});
  }
  return all;
}

std::vector<TitledChoice> profile_choices(const Sweep& sweep) {
  std::vector<TitledChoice> choices;
  for (const Quantity quantity : sweep.told_quantities())
    choices.push_back({std::string(word_of(quantity)), quantity_words(quantity).title});
  for (const OverlapProfile& profile : overlap_profiles(sweep))
    choices.push_back({profile.name, profile.title});
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
  const auto overlaps = overlap_profiles(sweep);
  for (std::size_t i = 0; i < overlaps.size(); ++i) profiles[overlaps[i].name] = overlap_json(drawn, i);
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
    for (std::size_t i = 0; i < point.overlaps.size(); ++i)
      add_rows(table, index, point, drawn, overlap_profiles(sweep)[i].name, point.overlaps[i]);
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

ReportTable exact_law_table(const DrawnProfiles& drawn, const GridChoice& report, std::size_t most) {
  ReportTable table({"point", "quantity", "x", "networks"});
  for_some_points(drawn, report, most, [&](std::size_t index, const DrawnPoint& point) {
    add_exact_rows(table, index, point, "forward_last", point.forward_last);
    add_exact_rows(table, index, point, "backward_first", point.backward_first);
  });
  return table;
}

}  // namespace varprop::report
