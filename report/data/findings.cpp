#include "report/data/findings.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

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
  const AxisSet one_depth = axes_of<WeightVariance>();
  grid.for_each_group(one_depth, [&](const GridIndices& at) {
    if (at[analysis::depth_axis] != grid.extent(analysis::depth_axis) - 1) return;
    std::optional<Band> run;
    grid.for_each_member(one_depth, at, [&](const analysis::PointAnalysis& analysis) {
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
    case analysis::Cause::branches:
      return "because of what the branches of their residual streams add";
  }
  return "";
}

constexpr std::size_t most_findings = 8;

void add_progress(Sentences& said, const analysis::AnalysisSummary& summary) {
  const std::int64_t units = summary.sweep.unit_count();
  if (summary.batches_done == units) return;
  const auto points = static_cast<std::int64_t>(summary.regimes.size());
  const std::int64_t missing = summary.points_without_result;
  said.push_back(fmt::format("This is a part of the sweep: {} of {} {} done, and {} of {} {} no result yet.",
                             summary.batches_done, counted(units, "batch", "batches"),
                             summary.batches_done == 1 ? "is" : "are", missing, counted(points, "point"),
                             missing == 1 ? "has" : "have"));
}

constexpr std::size_t most_critical = 2;

/// One law for each activation: the one whose interval is the narrowest.
std::vector<const analysis::Law*> headlines_of(const std::vector<analysis::Law>& critical) {
  std::vector<const analysis::Law*> headlines;
  const auto width = [](const analysis::Law& law) {
    return law.interval ? (law.interval->high - law.interval->low) / *law.estimate : INFINITY;
  };
  for (const analysis::Law& law : critical) {
    if (headlines.empty() || !(headlines.back()->point.activation == law.point.activation))
      headlines.push_back(&law);
    else if (width(law) < width(*headlines.back()))
      headlines.back() = &law;
  }
  return headlines;
}

void add_critical(Sentences& said, const analysis::AnalysisSummary& summary) {
  const auto headlines = headlines_of(summary.critical_variances);
  for (std::size_t i = 0; i < std::min(headlines.size(), most_critical); ++i) {
    const analysis::Law& law = *headlines[i];
    std::string sentence =
        fmt::format("Gradients of {} neither vanish nor explode at weight variance {:.4g}",
                    named_point(law.point, summary.sweep.grid, law.applies), *law.estimate);
    if (!law.applies[analysis::width_axis]) sentence += " in the limit of infinite width";
    if (law.interval)
      sentence += fmt::format(" (95 % interval {:.4g} to {:.4g})", law.interval->low, law.interval->high);
    if (law.theory) sentence += fmt::format("; theory says {:.4g}", *law.theory);
    said.push_back(sentence + ".");
  }
}

void add_agreement(Sentences& said, const analysis::PointGrid& grid) {
  constexpr double two_sided = 1.96;
  constexpr std::int64_t least_rates = 20;
  std::int64_t rates = 0, near = 0;
  grid.for_each_member(analysis::every_axis, {}, [&](const analysis::PointAnalysis& analysis) {
    const auto& expected = analysis.theory.backward_rate_n;
    if (!analysis.backward || !analysis.backward->rate || !expected) return;
    const auto z = z_score(*analysis.backward->rate, *expected, analysis.theory.backward_rate_neglected);
    if (z) ++rates, near += std::abs(*z) < two_sided;
  });
  if (rates < least_rates) return;
  said.push_back(fmt::format(
      "Of {} measured rates of the gradient, {} agree with theory at their width: it lies in their 95 % "
      "interval.",
      rates, share_text(near, rates)));
}

void add_laws(Sentences& said, const std::vector<analysis::Law>& laws) {
  if (laws.empty()) return;
  std::int64_t holding = 0;
  std::map<theory::Reason, std::int64_t, theory::BySentence> refusals;
  for (const analysis::Law& law : laws) law.holds() ? ++holding : ++refusals[*law.refusal];
  const auto commonest = std::max_element(refusals.begin(), refusals.end(),
                                          [](const auto& a, const auto& b) { return a.second < b.second; });
  std::string sentence = fmt::format(
      "Of {} that laws were fitted for (rates, lengths, critical variances: laws.csv), {} the tests",
      counted(static_cast<std::int64_t>(laws.size()), "number"),
      holding == 0   ? "none passes"
      : holding == 1 ? "1 passes"
                     : fmt::format("{} pass", holding));
  if (commonest != refusals.end()) {
    sentence +=
        fmt::format("; the commonest reason to refuse one ({} of {}): {}", commonest->second,
                    static_cast<std::int64_t>(laws.size()) - holding, plain_sentence_of(commonest->first));
  }
  said.push_back(sentence + ".");
}

constexpr std::size_t fp16 = 1, bf16 = 2;
static_assert(analysis::number_formats[fp16].name == "fp16" && analysis::number_formats[bf16].name == "bf16");

/// How often a format is left in one way.
struct Leaving {
  std::size_t quantity, format, exit;
  std::int64_t points = 0, stable = 0;
  const analysis::PointAnalysis* example = nullptr;  ///< a stable one where there is one
};

Leaving count_leaving(const analysis::PointGrid& grid, std::size_t quantity, std::size_t format,
                      std::size_t exit) {
  Leaving leaving{quantity, format, exit};
  grid.for_each_member(analysis::every_axis, {}, [&](const analysis::PointAnalysis& analysis) {
    if (!analysis.exits[quantity].layer[format][exit]) return;
    const bool stable = analysis.regime == analysis::Regime::stable;
    if (!leaving.example || (stable && leaving.stable == 0)) leaving.example = &analysis;
    ++leaving.points;
    leaving.stable += stable;
  });
  return leaving;
}

std::string leaving_text(const Leaving& leaving) {
  const bool overflow = analysis::range_exits[leaving.exit].exit == analysis::RangeExit::overflow;
  return fmt::format("in {} the {} {}", analysis::number_formats[leaving.format].name,
                     quantity_words(positive_quantities[leaving.quantity]).noun,
                     overflow ? "overflows" : "rounds to 0");
}

void add_formats(Sentences& said, const analysis::PointGrid& grid) {
  std::optional<Leaving> worst;
  for (std::size_t quantity = 0; quantity < positive_quantities.size(); ++quantity) {
    for (const std::size_t format : {fp16, bf16}) {
      for (std::size_t exit = 0; exit < analysis::range_exits.size(); ++exit) {
        if (analysis::range_exits[exit].exit == analysis::RangeExit::subnormal) continue;
        const Leaving found = count_leaving(grid, quantity, format, exit);
        const auto rank = [](const Leaving& x) { return std::pair(x.stable, x.points); };
        if (found.points > 0 && (!worst || rank(found) > rank(*worst))) worst = found;
      }
    }
  }
  if (!worst) return;
  const analysis::PointAnalysis& example = *worst->example;
  const std::string where = fmt::format(
      "{}, from layer {} {}", named_point(example.point, grid.sweep().grid, analysis::every_axis),
      *example.exits[worst->quantity].layer[worst->format][worst->exit],
      measure_of(positive_quantities[worst->quantity]).first().travel == Travel::up ? "upwards"
                                                                                    : "downwards");
  std::string sentence =
      worst->stable > 0
          ? fmt::format("{} at {} of the points that are stable ({} of all), such as {}",
                        leaving_text(*worst), worst->stable, worst->points, where)
          : fmt::format("{} at {}{}, such as {}", leaving_text(*worst), counted(worst->points, "point"),
                        example.regime ? ", none of them stable" : "", where);
  said.push_back(as_sentence(std::move(sentence)));
}

}  // namespace

void add_shares(Sentences& said, const analysis::AnalysisSummary& summary) {
  const auto& activations = summary.sweep.grid.activation;
  std::vector<RegimeCounts> counts(activations.size());
  RegimeCounts all;
  for (std::size_t p = 0; p < summary.regimes.size(); ++p) {
    const GridIndices at = summary.sweep.indices(PointIndex(static_cast<std::int64_t>(p)));
    const auto regime = summary.regimes[p];
    if (regime) ++counts[at[axis_position<Activation>]][*regime], ++all[*regime];
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

/// "two inputs of correlation 0.5 become alike at 3 of 12 points, are driven apart at 6 and keep their
/// distance at 3".
void add_distances(Sentences& said, const analysis::AnalysisSummary& summary) {
  using enum analysis::DistanceRegime;
  std::map<analysis::DistanceRegime, std::int64_t> counts;
  std::int64_t all = 0;
  for (const auto& regime : summary.distances) {
    if (regime) ++counts[*regime], ++all;
  }
  if (all == 0) return;
  const std::pair<analysis::DistanceRegime, const char*> words[] = {
      {alike, "become alike at {}"}, {apart, "are driven apart at {}"}, {kept, "keep their distance at {}"}};
  std::vector<std::string> parts;
  for (const auto& [regime, text] : words) {
    if (counts[regime] == 0) continue;
    const std::string count = parts.empty() ? fmt::format("{} of {}", counts[regime], counted(all, "point"))
                                            : std::to_string(counts[regime]);
    parts.push_back(fmt::format(fmt::runtime(text), count));
  }
  if (parts.empty()) return;
  said.push_back(fmt::format(
      "Two inputs of correlation {} {} (their distance 1 - c shrinks or grows by more than a "
      "factor {}, or does not).",
      shortest(*summary.sweep.network.input_correlation), listed(parts), shortest(summary.factor)));
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

std::vector<std::string> findings(const analysis::PointGrid& grid, const analysis::AnalysisSummary& summary,
                                  const std::vector<analysis::Law>& laws) {
  Sentences said;
  add_progress(said, summary);
  add_shares(said, summary);
  add_distances(said, summary);
  add_critical(said, summary);
  add_band(said, grid);
  add_causes(said, grid);
  if (summary.narrow.points > 0) said.push_back(narrow_layer_text(summary.narrow));
  add_formats(said, grid);
  add_laws(said, laws);
  add_agreement(said, grid);
  if (said.size() > most_findings) said.resize(most_findings);
  return said;
}

std::vector<std::string> missing_notes(const analysis::AnalysisSummary& summary) {
  Sentences notes;
  for (const Quantity quantity : summary.sweep.told_quantities()) {
    if (!summary.sweep.measures_quantity(quantity))
      notes.push_back(fmt::format("{} was not measured.", word_of(quantity)));
  }
  if (summary.shard) {
    notes.push_back(fmt::format("The file holds {}: {} {} in others, which varprop merge joins to it.",
                                text_of(summary.shard),
                                counted(summary.batches_elsewhere, "batch", "batches"),
                                summary.batches_elsewhere == 1 ? "is" : "are"));
  }
  if (summary.sweep.batches < 3)
    notes.push_back("Fewer than 3 batches a point: means have no intervals, and no law holds.");
  for (const auto& [column, reasons] : summary.missing) {
    for (const auto& [reason, points] : reasons)
      notes.push_back(
          fmt::format("{} is empty at {}: {}.", column, counted(points, "point"), plain_sentence_of(reason)));
  }
  return notes;
}

}  // namespace varprop::report
