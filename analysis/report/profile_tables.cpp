#include "analysis/report/profile_tables.hpp"

#include <algorithm>

namespace varprop {

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

Json quantity_json(const DrawnProfiles& drawn, const ProfileTheory& theory, std::size_t quantity) {
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
                 const ProfileTheory& theory, std::size_t quantity) {
  const auto limit = theory.limit(point.point)[quantity];
  const auto exact = theory.at_width(point.point);
  const auto& profile = point.profiles[quantity];
  if (!profile) return;
  for (std::size_t i = 0; i < profile->mean.size(); ++i) {
    const double mean = profile->mean[i], sd = profile->sd[i];
    table.add(point.point, all_coordinates(),
              {index, word_of(positive_quantities[quantity]), drawn.layers()[i], rounded_json(mean),
               rounded_json(profile->low[i]), rounded_json(profile->high[i]), rounded_json(mean - sd),
               rounded_json(mean + sd), rounded_json(limit[i]),
               exact ? rounded_json((*exact)[quantity][i]) : Json(nullptr)});
  }
}

void add_histogram(ReportTable& table, std::size_t index, const DrawnPoint& point, const char* quantity,
                   const Histogram& histogram) {
  for (std::size_t bin = 0; bin < histogram.counts.size(); ++bin) {
    const double low = histogram.low + static_cast<double>(bin) * histogram.bin_width();
    table.add(point.point, all_coordinates(),
              {index, quantity, rounded_json(low), rounded_json(low + histogram.bin_width()),
               histogram.counts[bin], rounded_json(histogram.mean), rounded_json(histogram.extinct_share)});
  }
}

}  // namespace

Json profiles_json(const Sweep& sweep, const DrawnProfiles& drawn, const ProfileTheory& theory,
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

ReportTable profile_table(const Sweep& sweep, const DrawnProfiles& drawn, const ProfileTheory& theory,
                          const GridChoice& report, std::size_t most) {
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

}  // namespace varprop
