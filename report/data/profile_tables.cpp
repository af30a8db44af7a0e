// Drawn profiles as they stand in a report: series of the page, and rows of charts that stand alone.
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/errors.hpp"
#include "report/data/drawn_profiles.hpp"
#include "report/data/sentences.hpp"

namespace varprop::report {

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
    return profile ? rounded_numbers((*profile).*series) : Json(nullptr);
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
          {"theory", series_of(drawn,
                               [&](const DrawnPoint& point) {
                                 return rounded_numbers(theory.limit(point.point)[quantity]);
                               })},
          {"theory_n", series_of(drawn, [&](const DrawnPoint& point) {
             const auto at_width = theory_at_width(theory, point.point, quantity);
             return at_width.empty() ? Json(nullptr) : rounded_numbers(at_width);
           })}};
}

/// The same of two inputs.
Json overlap_json(const DrawnProfiles& drawn, std::size_t place) {
  const auto series = [&](std::vector<double> DrawnProfile::*values) {
    return series_of(drawn, [&](const DrawnPoint& point) {
      return place < point.overlaps.size() ? rounded_numbers(point.overlaps[place].*values) : Json(nullptr);
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
