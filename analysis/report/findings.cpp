#include "analysis/report/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/report/named_point.hpp"

namespace varprop {

namespace {

constexpr std::size_t most_findings = 8, most_activations = 3, most_critical = 2;
constexpr std::size_t fp16 = 1, bf16 = 2;
static_assert(number_formats[fp16].name == "fp16" && number_formats[bf16].name == "bf16");

using Sentences = std::vector<std::string>;

/// "33 %"; never 0 or 100 % of what is some or not all.
std::string share_text(std::int64_t part, std::int64_t whole) {
  const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  if (part > 0 && percent < 1) return "less than 1 %";
  if (part < whole && percent > 99) return "more than 99 %";
  return fmt::format("{:.0f} %", percent);
}

std::string listed(const std::vector<std::string>& parts) {
  if (parts.size() < 2) return parts.empty() ? "" : parts.front();
  return join({parts.begin(), parts.end() - 1}) + " and " + parts.back();
}

using RegimeCounts = std::map<Regime, std::int64_t>;

std::int64_t total(const RegimeCounts& counts) {
  std::int64_t sum = 0;
  for (const auto& [regime, count] : counts) sum += count;
  return sum;
}

/// "of 648 tanh points 33 % are stable, 39 % exploding and 21 % vanishing": stable, then the two commonest.
std::string shares(const std::string& whose, const RegimeCounts& counts) {
  const std::int64_t all = total(counts);
  std::vector<std::pair<std::int64_t, Regime>> others;
  for (const auto& [regime, count] : counts) {
    if (regime != Regime::stable) others.emplace_back(-count, regime);
  }
  std::sort(others.begin(), others.end());
  const auto stable = counts.find(Regime::stable);
  std::vector<std::string> parts{stable == counts.end() ? "none is stable"
                                                        : share_text(stable->second, all) + " are stable"};
  for (std::size_t i = 0; i < std::min<std::size_t>(2, others.size()); ++i)
    parts.push_back(share_text(-others[i].first, all) + " " + std::string(word_of(others[i].second)));
  return fmt::format("of {} {}, {}", all, whose, listed(parts));
}

void add_progress(Sentences& said, const AnalysisSummary& summary) {
  const std::int64_t units = summary.sweep.unit_count();
  if (summary.batches_done == units) return;
  said.push_back(fmt::format(
      "This is a part of the sweep: {} of {} batches are done, and {} of {} points have no result yet.",
      summary.batches_done, units, std::count(summary.regimes.begin(), summary.regimes.end(), std::nullopt),
      summary.regimes.size()));
}

void add_shares(Sentences& said, const AnalysisSummary& summary) {
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
      if (total(counts[a]) > 0) parts.push_back(shares(activations[a].text() + " points", counts[a]));
    }
  } else {
    parts.push_back(shares("points", all));
  }
  std::string sentence = join(parts, "; ") + ".";
  sentence[0] = 'O';
  said.push_back(std::move(sentence));
}

/// One law for each activation: the one whose interval is the narrowest.
std::vector<const Law*> headlines_of(const std::vector<Law>& critical) {
  std::vector<const Law*> headlines;
  const auto width = [](const Law& law) {
    return law.interval ? (law.interval->high - law.interval->low) / *law.estimate : INFINITY;
  };
  for (const Law& law : critical) {
    if (headlines.empty() || !(headlines.back()->point.activation == law.point.activation))
      headlines.push_back(&law);
    else if (width(law) < width(*headlines.back()))
      headlines.back() = &law;
  }
  return headlines;
}

void add_critical(Sentences& said, const AnalysisSummary& summary) {
  const auto headlines = headlines_of(summary.critical_variances);
  for (std::size_t i = 0; i < std::min(headlines.size(), most_critical); ++i) {
    const Law& law = *headlines[i];
    std::string sentence =
        fmt::format("Gradients of {} neither vanish nor explode at weight variance {:.4g}",
                    named_point(law.point, summary.sweep.grid, law.applies), *law.estimate);
    if (!law.applies[width_axis]) sentence += " in the limit of infinite width";
    if (law.interval)
      sentence += fmt::format(" (95 % interval {:.4g} to {:.4g})", law.interval->low, law.interval->high);
    if (law.theory) sentence += fmt::format("; theory says {:.4g}", *law.theory);
    said.push_back(sentence + ".");
  }
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

WidestBand widest_band(const PointGrid& grid) {
  WidestBand widest;
  grid.for_each_group(free_axes({weight_variance_axis, depth_axis}), [&](PointGrid::Indices at) {
    at[depth_axis] = grid.extent(depth_axis) - 1;
    std::optional<Band> run;
    grid.for_each_member(free_axes({weight_variance_axis}), at, [&](const PointAnalysis& analysis) {
      ++(analysis.regime ? widest.known : widest.unknown);
      if (analysis.regime != Regime::stable) return run.reset();
      const double variance = analysis.point.weight_variance.value();
      if (!run) run = Band{variance, variance, analysis.point};
      run->high = variance;
      if (!widest.band || run->width() > widest.band->width()) widest.band = run;
    });
  });
  return widest;
}

void add_band(Sentences& said, const PointGrid& grid) {
  if (grid.extent(weight_variance_axis) < 2) return;
  const auto [band, known, unknown] = widest_band(grid);
  if (known == 0) return;
  const std::int32_t depth = grid.sweep().grid.depth.back().value();
  if (!band) {
    said.push_back(fmt::format("None of the deepest networks ({} layers) {} stable at a weight variance of the grid.",
                               depth, unknown == 0 ? "is" : "has so far been found"));
    return;
  }
  Coordinates named = all_coordinates();
  named[weight_variance_axis] = named[depth_axis] = false;
  const std::string whose = named_point(band->point, grid.sweep().grid, named);
  said.push_back(band->low == band->high
                     ? fmt::format("Of the deepest networks ({} layers) none is stable at more than single weight "
                                   "variances of the grid, as {} at {:.4g}.",
                                   depth, whose, band->low)
                     : fmt::format("Of the deepest networks ({} layers) the widest stable band of weight variances is "
                                   "that of {}: {:.4g} to {:.4g}.",
                                   depth, whose, band->low, band->high));
}

const char* cause_text(Cause cause) {
  switch (cause) {
    case Cause::rate:
      return "at the rate of infinite width";
    case Cause::finite_width:
      return "for their finite width alone";
    case Cause::power_law:
      return "by a power law";
    case Cause::fixed_point:
      return "because the signal settles out of range";
    case Cause::transient:
      return "on the way to where rates hold";
  }
  return "";
}

void add_causes(Sentences& said, const PointGrid& grid) {
  std::map<Cause, std::int64_t> counts;
  std::int64_t all = 0;
  FreeAxes every{};
  every.fill(true);
  grid.for_each_member(every, {}, [&](const PointAnalysis& analysis) {
    const bool leaves = analysis.regime == Regime::vanishing || analysis.regime == Regime::exploding;
    if (leaves && analysis.cause) ++counts[*analysis.cause], ++all;
  });
  if (all == 0) return;
  std::vector<std::pair<std::int64_t, Cause>> sorted;
  for (const auto& [cause, count] : counts) sorted.emplace_back(-count, cause);
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::string> parts;
  for (const auto& [count, cause] : sorted)
    parts.push_back(fmt::format("{} {}{}", -count, parts.empty() ? (count == -1 ? "does so " : "do so ") : "",
                                cause_text(cause)));
  said.push_back(fmt::format("Of the {} points that vanish or explode, {}.", all, listed(parts)));
}

/// How often a format is left in one way.
struct Leaving {
  std::size_t quantity, format, exit;
  std::int64_t points = 0, stable = 0;
  const PointAnalysis* example = nullptr;  ///< a stable one where there is one
};

Leaving count_leaving(const PointGrid& grid, std::size_t quantity, std::size_t format, std::size_t exit) {
  Leaving leaving{quantity, format, exit};
  FreeAxes every{};
  every.fill(true);
  grid.for_each_member(every, {}, [&](const PointAnalysis& analysis) {
    if (analysis.exits[quantity].layer[format][exit] == 0) return;
    const bool stable = analysis.regime == Regime::stable;
    if (!leaving.example || (stable && leaving.stable == 0)) leaving.example = &analysis;
    ++leaving.points;
    leaving.stable += stable;
  });
  return leaving;
}

std::string leaving_text(const Leaving& leaving) {
  constexpr std::array<const char*, 3> nouns{"the signal", "the gradient", "the weight gradient"};
  const bool overflow = range_exits[leaving.exit].exit == RangeExit::overflow;
  return fmt::format("in {} {} {}", number_formats[leaving.format].name, nouns[leaving.quantity],
                     overflow ? "overflows" : "rounds to 0");
}

/// What a half-precision format loses of stable networks, which no regime warns of; else of any.
void add_formats(Sentences& said, const PointGrid& grid) {
  std::optional<Leaving> worst;
  for (std::size_t quantity = 0; quantity < positive_quantities.size(); ++quantity) {
    for (const std::size_t format : {fp16, bf16}) {
      for (std::size_t exit = 0; exit < range_exits.size(); ++exit) {
        if (range_exits[exit].exit == RangeExit::subnormal) continue;
        const Leaving found = count_leaving(grid, quantity, format, exit);
        const auto rank = [](const Leaving& x) { return std::pair(x.stable, x.points); };
        if (found.points > 0 && (!worst || rank(found) > rank(*worst))) worst = found;
      }
    }
  }
  if (!worst) return;
  const PointAnalysis& example = *worst->example;
  const std::string where =
      fmt::format("{}, from layer {} {}", named_point(example.point, grid.sweep().grid, all_coordinates()),
                  example.exits[worst->quantity].layer[worst->format][worst->exit],
                  positive_quantities[worst->quantity] == Quantity::forward ? "upwards" : "downwards");
  std::string sentence =
      worst->stable > 0
          ? fmt::format("{} at {} of the points that are stable ({} of all), such as {}.", leaving_text(*worst),
                        worst->stable, worst->points, where)
          : fmt::format("{} at {} points, none of them stable, such as {}.", leaving_text(*worst), worst->points,
                        where);
  sentence[0] = 'I';
  said.push_back(std::move(sentence));
}

void add_agreement(Sentences& said, const PointGrid& grid) {
  constexpr double two_sided = 1.96;
  constexpr std::int64_t least_rates = 20;
  std::int64_t rates = 0, near = 0;
  FreeAxes every{};
  every.fill(true);
  grid.for_each_member(every, {}, [&](const PointAnalysis& analysis) {
    const auto& expected = analysis.theory.backward_rate_n;
    if (!analysis.backward || !analysis.backward->rate || !expected) return;
    const auto z = z_score(parameter_of(*analysis.backward->rate), *expected);
    if (z) ++rates, near += std::abs(*z) < two_sided;
  });
  if (rates < least_rates) return;
  said.push_back(fmt::format(
      "Of {} backward rates that theory predicts at their width, {} have it within their 95 % interval.", rates,
      share_text(near, rates)));
}

void add_laws(Sentences& said, const std::vector<Law>& laws) {
  if (laws.empty()) return;
  std::int64_t holding = 0;
  std::map<std::string, std::int64_t> refusals;
  for (const Law& law : laws) law.holds() ? ++holding : ++refusals[law.refusal];
  const auto commonest = std::max_element(refusals.begin(), refusals.end(),
                                          [](const auto& a, const auto& b) { return a.second < b.second; });
  std::string sentence = fmt::format("Of {} parameters of laws that were looked for, {} hold", laws.size(), holding);
  if (commonest != refusals.end()) {
    sentence += fmt::format("; the commonest reason to refuse one ({} of {}): {}", commonest->second,
                            static_cast<std::int64_t>(laws.size()) - holding, commonest->first);
  }
  said.push_back(sentence + ".");
}

}  // namespace

std::vector<std::string> findings(const PointGrid& grid, const AnalysisSummary& summary,
                                  const std::vector<Law>& laws) {
  Sentences said;
  add_progress(said, summary);
  add_shares(said, summary);
  add_critical(said, summary);
  add_band(said, grid);
  add_causes(said, grid);
  add_formats(said, grid);
  add_laws(said, laws);
  add_agreement(said, grid);
  if (said.size() > most_findings) said.resize(most_findings);
  return said;
}

std::vector<std::string> missing_notes(const AnalysisSummary& summary) {
  Sentences notes;
  for (const Quantity quantity : positive_quantities) {
    if (!summary.sweep.measures_quantity(quantity))
      notes.push_back(fmt::format("{} was not measured.", word_of(quantity)));
  }
  if (summary.shard) {
    notes.push_back(fmt::format("The file holds {}: {} batches are in others, which varprop merge joins to it.",
                                text_of(summary.shard), summary.batches_elsewhere));
  }
  if (summary.sweep.batches < 3) notes.push_back("Fewer than 3 batches a point: means have no intervals, and no law holds.");
  for (const auto& [column, reasons] : summary.missing) {
    for (const auto& [reason, points] : reasons)
      notes.push_back(fmt::format("{} is empty at {} points: {}.", column, points, reason));
  }
  return notes;
}

}  // namespace varprop
