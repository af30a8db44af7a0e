#include "report/data/regime_findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "core/text/words.hpp"
#include "report/data/sentences.hpp"

namespace varprop::report {

namespace {

constexpr std::size_t most_activations = 3;

using RegimeCounts = std::map<analysis::Regime, std::int64_t>;

std::int64_t total(const RegimeCounts& counts) {
  std::int64_t sum = 0;
  for (const auto& [regime, count] : counts) sum += count;
  return sum;
}

/// "of 648 tanh points, 33 % are stable, 39 % exploding and 21 % vanishing": stable, then the two commonest.
/// `noun` of one point: "tanh point".
std::string shares(const std::string& noun, const RegimeCounts& counts) {
  const std::int64_t all = total(counts);
  if (all == 1) return fmt::format("the one {} is {}", noun, word_of(counts.begin()->first));
  std::vector<std::pair<std::int64_t, analysis::Regime>> others;
  for (const auto& [regime, count] : counts) {
    if (regime != analysis::Regime::stable) others.emplace_back(-count, regime);
  }
  std::sort(others.begin(), others.end());
  const auto stable = counts.find(analysis::Regime::stable);
  std::vector<std::string> parts{stable == counts.end() ? "none is stable"
                                                        : share_text(stable->second, all) + " are stable"};
  for (std::size_t i = 0; i < std::min<std::size_t>(2, others.size()); ++i)
    parts.push_back(share_text(-others[i].first, all) + " " + std::string(word_of(others[i].second)));
  return fmt::format("of {}, {}", counted(all, noun), listed(parts));
}

/// A run of successive stable weight variances.
struct Band {
  double low = 0, high = 0;
  Point point;
  double width() const { return std::log(high / low); }
};

/// The widest band of the deepest networks, and how many of them have a result.
struct WidestBand {
  std::optional<Band> band;
  std::int64_t known = 0, unknown = 0;
};

WidestBand widest_band(const analysis::PointGrid& grid) {
  WidestBand widest;
  grid.for_each_group(axes_of<WeightVariance, Depth>(), [&](GridIndices at) {
    at[analysis::depth_axis] = grid.extent(analysis::depth_axis) - 1;
    std::optional<Band> run;
    grid.for_each_member(axes_of<WeightVariance>(), at, [&](const analysis::PointAnalysis& analysis) {
      ++(analysis.regime ? widest.known : widest.unknown);
      if (analysis.regime != analysis::Regime::stable) return run.reset();
      const double variance = analysis.point.weight_variance.value();
      if (!run) run = Band{variance, variance, analysis.point};
      run->high = variance;
      if (!widest.band || run->width() > widest.band->width()) widest.band = run;
    });
  });
  return widest;
}

const char* cause_text(analysis::Cause cause) {
  switch (cause) {
    case analysis::Cause::rate:
      return "layer by layer, at the rate of infinitely wide networks";
    case analysis::Cause::finite_width:
      return "only because their width is finite";
    case analysis::Cause::power_law:
      return "slowly, as a power of the depth";
    case analysis::Cause::fixed_point:
      return "because the signal settles at a size that is out of range";
    case analysis::Cause::transient:
      return "in the first layers already, where the signal has not yet settled";
  }
  return "";
}

}  // namespace

void add_shares(Sentences& said, const analysis::AnalysisSummary& summary) {
  const auto& activations = summary.sweep.grid.activation;
  std::vector<RegimeCounts> counts(activations.size());
  RegimeCounts all;
  const std::size_t each = summary.regimes.size() / activations.size();  // activation is the slowest axis
  for (std::size_t p = 0; p < summary.regimes.size(); ++p) {
    if (const auto regime = summary.regimes[p]) ++counts[p / each][*regime], ++all[*regime];
  }
  if (total(all) == 0) return;
  std::vector<std::string> parts;
  if (activations.size() <= most_activations) {
    for (std::size_t a = 0; a < activations.size(); ++a) {
      if (total(counts[a]) > 0) parts.push_back(shares(activations[a].text() + " point", counts[a]));
    }
  } else {
    parts.push_back(shares("point", all));
  }
  said.push_back(as_sentence(join(parts, "; ")));
}

void add_band(Sentences& said, const analysis::PointGrid& grid) {
  if (grid.extent(analysis::weight_variance_axis) < 2) return;
  const auto [band, known, unknown] = widest_band(grid);
  if (known == 0) return;
  const std::string layers = counted(grid.sweep().grid.depth.back().value(), "layer");
  if (!band) {
    said.push_back(
        fmt::format("None of the deepest networks ({}) {} stable at a weight variance of the grid.", layers,
                    unknown == 0 ? "is" : "has so far been found"));
    return;
  }
  AxisSet named = analysis::every_axis;
  named[analysis::weight_variance_axis] = named[analysis::depth_axis] = false;
  const std::string whose = named_point(band->point, grid.sweep().grid, named);
  said.push_back(
      band->low == band->high
          ? fmt::format("Of the deepest networks ({}) none is stable at more than single weight "
                        "variances of the grid, as {} at {:.4g}.",
                        layers, whose, band->low)
          : fmt::format("Of the deepest networks ({}) the widest stable band of weight variances is "
                        "that of {}: {:.4g} to {:.4g}.",
                        layers, whose, band->low, band->high));
}

void add_causes(Sentences& said, const analysis::PointGrid& grid) {
  std::map<analysis::Cause, std::int64_t> counts;
  std::int64_t all = 0;
  grid.for_each_member(analysis::every_axis, {}, [&](const analysis::PointAnalysis& analysis) {
    const bool leaves =
        analysis.regime == analysis::Regime::vanishing || analysis.regime == analysis::Regime::exploding;
    if (leaves && analysis.cause) ++counts[*analysis.cause], ++all;
  });
  if (all == 0) return;
  std::vector<std::pair<std::int64_t, analysis::Cause>> sorted;
  for (const auto& [cause, count] : counts) sorted.emplace_back(-count, cause);
  std::sort(sorted.begin(), sorted.end());
  if (all == 1) {
    said.push_back(
        fmt::format("The one point that vanishes or explodes does so {}.", cause_text(sorted[0].second)));
    return;
  }
  std::vector<std::string> parts;
  for (const auto& [count, cause] : sorted)
    parts.push_back(fmt::format("{} {}{}", -count, parts.empty() ? (count == -1 ? "does so " : "do so ") : "",
                                cause_text(cause)));
  said.push_back(fmt::format("Of the {} points that vanish or explode, {}.", all, listed(parts)));
}

}  // namespace varprop::report
