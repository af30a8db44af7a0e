#include "analysis/summary.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/regime_map.hpp"
#include "core/contracts.hpp"

namespace varprop {

namespace {

void count_missing(AnalysisSummary& summary, const std::string& column,
                   const std::optional<Direction>& direction) {
  if (direction && !direction->rate) ++summary.missing[column][direction->rate.reason()];
}

std::int64_t points_without_result(const AnalysisSummary& summary) {
  return std::count(summary.regimes.begin(), summary.regimes.end(), std::nullopt);
}

void print_progress(const AnalysisSummary& summary, std::ostream& out) {
  const std::int64_t units = summary.sweep.unit_count();
  out << fmt::format("{}: {} points, ", summary.results.string(), summary.regimes.size());
  if (summary.batches_done == units) {
    out << fmt::format("all {} batches done.\n", units);
  } else {
    out << fmt::format("{} of {} batches done ({:.1f} %), {} failed.\n", summary.batches_done, units,
                       100.0 * static_cast<double>(summary.batches_done) / static_cast<double>(units),
                       summary.batches_failed);
    out << fmt::format("This is a part of the sweep: {} points have no result yet.\n",
                       points_without_result(summary));
  }
  if (summary.shard) {
    out << fmt::format("The file holds {}: {} batches are in others, which varprop merge joins to it.\n",
                       text_of(summary.shard), summary.batches_elsewhere);
  }
  if (summary.sweep.batches == 1) out << "One batch a point: rates have no standard errors.\n";
  if (!summary.sweep.measures_quantity(Quantity::forward)) out << "The forward variance was not measured.\n";
  if (!summary.sweep.measures_quantity(Quantity::backward)) out << "The gradient was not measured.\n";
}

constexpr std::size_t name_width = 18;  // of the activation's column

/// The points of one activation, by regime.
struct RegimeCounts {
  std::int64_t points = 0;
  std::array<std::int64_t, Choices<Regime>::words.size()> by_regime{};
  std::int64_t without_result = 0;
};

std::vector<RegimeCounts> count_by_activation(const AnalysisSummary& summary) {
  std::vector<RegimeCounts> counts(summary.sweep.grid.activation.size());
  const std::size_t points_each = summary.regimes.size() / counts.size();  // activation is the slowest axis
  for (std::size_t p = 0; p < summary.regimes.size(); ++p) {
    RegimeCounts& row = counts[p / points_each];
    ++row.points;
    if (const auto regime = summary.regimes[p]) {
      ++row.by_regime[static_cast<std::size_t>(*regime)];
    } else {
      ++row.without_result;
    }
  }
  return counts;
}

void print_counts(const AnalysisSummary& summary, std::ostream& out) {
  out << fmt::format("\n{:<{}} {:>9}", "activation", name_width, "points");
  for (const auto& choice : Choices<Regime>::words) out << fmt::format(" {:>9}", choice.second);
  out << fmt::format(" {:>9}\n", "no result");
  const auto counts = count_by_activation(summary);
  for (std::size_t a = 0; a < counts.size(); ++a) {
    const std::string name = summary.sweep.grid.activation[a].text();
    const bool alone = name.size() > name_width;  // a long name stands on a line of its own
    if (alone) out << name << '\n';
    out << fmt::format("{:<{}} {:>9}", alone ? "" : name, name_width, counts[a].points);
    for (const std::int64_t count : counts[a].by_regime) out << fmt::format(" {:>9}", count);
    out << fmt::format(" {:>9}\n", counts[a].without_result);
  }
}

void print_missing(const AnalysisSummary& summary, std::ostream& out) {
  if (!summary.missing.empty()) out << '\n';
  for (const auto& [column, reasons] : summary.missing) {
    for (const auto& [reason, points] : reasons) {
      out << fmt::format("{} is empty at {} points: {}.\n", column, points, reason);
    }
  }
}

}  // namespace

AnalysisSummary start_summary(const Sweep& sweep, const std::vector<UnitState>& states, double factor) {
  AnalysisSummary summary;
  summary.sweep = sweep;
  summary.factor = factor;
  summary.batches_done = std::count(states.begin(), states.end(), UnitState::done);
  summary.batches_failed = std::count(states.begin(), states.end(), UnitState::failed);
  summary.batches_elsewhere = std::count(states.begin(), states.end(), UnitState::elsewhere);
  summary.regimes.reserve(static_cast<std::size_t>(sweep.point_count()));
  return summary;
}

void add_point(AnalysisSummary& summary, const PointAnalysis& analysis) {
  VARPROP_EXPECT(static_cast<std::int64_t>(summary.regimes.size()) < summary.sweep.point_count());
  summary.regimes.push_back(analysis.regime);
  if (analysis.batches_done == 0) return;
  count_missing(summary, "forward_rate", analysis.forward);
  count_missing(summary, "backward_rate", analysis.backward);
}

void print_summary(const AnalysisSummary& summary, std::ostream& out) {
  print_progress(summary, out);
  out << fmt::format("Stable: the variance changes by less than a factor {} through the whole depth.\n",
                     shortest(summary.factor));
  print_counts(summary, out);
  print_regime_maps(summary.sweep, summary.regimes, out);
  print_missing(summary, out);
  out << "\nEvery point: " << summary.points_csv.string() << '\n';
}

}  // namespace varprop
