// The summary of an analysis for programs.
#include "analysis/terminal/summary.hpp"

namespace varprop::analysis {

namespace {

Json optional_json(const std::optional<double>& x) {
  return x ? Json(*x) : Json();
}

/// How many points have each regime; every regime is there.
template <class E>
Json counts_json(const std::vector<std::optional<E>>& of_points) {
  Json counts = Json::object();
  for (const auto& [regime, word] : EnumWords<E>::words)
    counts[word] = std::count(of_points.begin(), of_points.end(), std::optional(regime));
  return counts;
}

Json laws_json(const AnalysisSummary& summary) {
  Json laws = Json::object();
  for (const auto& [law, count] : summary.laws_refused)
    laws[word_of(law)] = {{"hold", 0}, {"refused", count}};
  for (const auto& [law, count] : summary.laws_holding) {
    Json& counts = laws[word_of(law)];
    if (counts.is_null()) counts = {{"hold", 0}, {"refused", 0}};
    counts["hold"] = count;
  }
  return laws;
}

/// Coordinates that apply, then what was found.
Json json_of(const Law& law) {
  Json found = Json::object();
  std::size_t i = 0;
  for_each_axis([&](const auto& axis) {
    const auto& x = law.point.*axis.value;
    if (!law.applies[i++] || goes_without_saying(axis, x)) return;
    if constexpr (NumericCoordinate<std::decay_t<decltype(x)>>) {
      found[axis.name] = x.value();
    } else {
      found[axis.name] = coordinate_text(x);
    }
  });
  found.update({{"estimate", optional_json(law.estimate)},
                {"low", law.interval ? Json(law.interval->low) : Json()},
                {"high", law.interval ? Json(law.interval->high) : Json()},
                {"theory", optional_json(law.theory)}});
  return found;
}

}  // namespace

std::string summary_json(const AnalysisSummary& summary) {
  Json variances = Json::array();
  for (const Law& law : summary.critical_variances) variances.push_back(json_of(law));
  Json json{{"results", summary.results.string()},
            {"directory", summary.directory.string()},
            {"report", summary.report.empty() ? Json() : Json(summary.report.string())},
            {"factor", summary.factor},
            {"points", std::ssize(summary.regimes)},
            {"points_without_result", summary.points_without_result},
            {"batches",
             {{"total", summary.sweep.unit_count()},
              {"done", summary.batches_done},
              {"failed", summary.batches_failed},
              {"elsewhere", summary.batches_elsewhere}}},
            {"regimes", counts_json(summary.regimes)},
            {"laws", laws_json(summary)},
            {"critical_weight_variances", std::move(variances)}};
  if (!summary.distances.empty()) json["distances"] = counts_json(summary.distances);
  return json.dump(2);
}

}  // namespace varprop::analysis
