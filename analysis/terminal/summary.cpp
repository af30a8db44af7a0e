#include "analysis/terminal/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/points/point_grid.hpp"
#include "analysis/terminal/regime_map.hpp"
#include "core/errors.hpp"
#include "core/text/words.hpp"

namespace varprop::analysis {

namespace {

void count_missing(AnalysisSummary& summary, const std::string& column,
                   const std::optional<Direction>& direction) {
  if (direction && !direction->rate) ++summary.missing[column][direction->rate.reason()];
}

std::string text_of_missing_points(const AnalysisSummary& summary) {
  const std::int64_t points = summary.points_without_result;
  if (points == 0) return "every point has results of some of its batches";
  return counted(points, "point has", "points have") + " no result yet";
}

/// In tenths, cut off: what is not complete is never 100.0 %.
std::string percentage_below_100(std::int64_t part, std::int64_t whole) {
  return fmt::format("{:.1f}",
                     std::floor(1000.0 * static_cast<double>(part) / static_cast<double>(whole)) / 10);
}

void print_progress(const AnalysisSummary& summary, std::ostream& out) {
  const std::int64_t units = summary.sweep.unit_count();
  out << fmt::format("{}: {}, ", summary.results.string(), counted(std::ssize(summary.regimes), "point"));
  if (summary.batches_done == units) {
    out << fmt::format("{} done.\n", units == 1 ? "its one batch" : fmt::format("all {} batches", units));
  } else {
    out << fmt::format("{} of {} done ({} %), {} failed.\n", summary.batches_done,
                       counted(units, "batch", "batches"), percentage_below_100(summary.batches_done, units),
                       summary.batches_failed);
    out << fmt::format("This is a part of the sweep: {}.\n", text_of_missing_points(summary));
  }
  if (summary.shard) {
    out << fmt::format("The file holds {}: {} in others, which varprop merge joins to it.\n",
                       text_of(summary.shard), counted(summary.batches_elsewhere, "batch is", "batches are"));
  }
  if (summary.sweep.batches == 1) out << "One batch a point: rates have no standard errors.\n";
  if (summary.sweep.batches < 3)
    out << "Fewer than 3 batches a point: laws have no intervals, and none holds.\n";
  if (!summary.sweep.measures_quantity(Quantity::forward)) out << "The forward variance was not measured.\n";
  if (!summary.sweep.measures_quantity(Quantity::backward)) out << "The gradient was not measured.\n";
}

constexpr std::size_t most_critical_variances = 12;
constexpr std::size_t name_width = 18;  // of the activation's column

/// The points of one activation, by word.
struct WordCounts {
  std::int64_t points = 0, without_result = 0;
  std::vector<std::int64_t> by_word;
};

std::vector<WordCounts> count_by_activation(const AnalysisSummary& summary, const WordsOfPoints& points) {
  std::vector<WordCounts> counts(summary.sweep.grid.activation.size());
  for (WordCounts& row : counts) row.by_word.resize(points.words.size());
  for (std::size_t p = 0; p < points.places.size(); ++p) {
    const GridIndices at = summary.sweep.indices(PointIndex(static_cast<std::int64_t>(p)));
    WordCounts& row = counts[at[axis_position<Activation>]];
    ++row.points;
    if (const auto place = points.places[p]) {
      ++row.by_word[*place];
    } else {
      ++row.without_result;
    }
  }
  return counts;
}

void print_counts(const AnalysisSummary& summary, const WordsOfPoints& points, std::ostream& out) {
  out << fmt::format("\n{:<{}} {:>9}", "activation", name_width, "points");
  for (const MapWord& word : points.words) out << fmt::format(" {:>9}", word.word);
  out << fmt::format(" {:>9}\n", "no result");
  const auto counts = count_by_activation(summary, points);
  for (std::size_t a = 0; a < counts.size(); ++a) {
    const std::string name = summary.sweep.grid.activation[a].text();
    const bool alone = name.size() > name_width;  // a long name stands on a line of its own
    if (alone) out << name << '\n';
    out << fmt::format("{:<{}} {:>9}", alone ? "" : name, name_width, counts[a].points);
    for (const std::int64_t count : counts[a].by_word) out << fmt::format(" {:>9}", count);
    out << fmt::format(" {:>9}\n", counts[a].without_result);
  }
}

/// How the variances fare, where one of them was measured.
void print_regimes(const AnalysisSummary& summary, std::ostream& out, bool coloured) {
  if (!summary.sweep.measures_quantity(Quantity::forward) &&
      !summary.sweep.measures_quantity(Quantity::backward))
    return;
  out << fmt::format("Stable: the variance changes by less than a factor {} through the whole depth.\n",
                     shortest(summary.factor));
  const WordsOfPoints points = words_of_points(summary.regimes);
  print_counts(summary, points, out);
  print_maps(summary.sweep, points, out, coloured);
}

/// What becomes of two inputs, where they were simulated.
void print_distances(const AnalysisSummary& summary, std::ostream& out, bool coloured) {
  if (summary.distances.empty()) return;
  const bool tokens =
      std::ranges::any_of(summary.sweep.grid.tokens, [](const Tokens& T) { return T != Tokens(1); });
  out << fmt::format(
      "\n{} {}: their distance 1 - c shrinks (alike) or grows (apart) by more than a\n"
      "factor {} through the whole depth, or is kept.\n",
      tokens ? "Tokens of cosine" : "Two inputs of correlation",
      shortest(*summary.sweep.network.input_correlation), shortest(summary.factor));
  const WordsOfPoints points = words_of_points(summary.distances);
  print_counts(summary, points, out);
  print_maps(summary.sweep, points, out, coloured);
}

/// After "612": of points that are not stable.
const char* remedy_text(Remedy remedy) {
  switch (remedy) {
    case Remedy::weight_variance:
      return "at another weight variance (nearest_stable_weight_variance)";
    case Remedy::branch_scale:
      return "at another branch scale (nearest_stable_branch_scale)";
    case Remedy::biases:
      return "with another bias variance (stable_bias_variance)";
    case Remedy::width:
      return "if they were wider (stable_width)";
    case Remedy::depth:
      return "if they had fewer layers (stable_depth)";
    case Remedy::width_and_variance:
      return "if they were wider, at another weight variance (stable_width)";
    case Remedy::networks:
      return "perhaps, were there more networks a point (undecided)";
    case Remedy::unknown:
      return "by nothing that is known";
  }
  return "";
}

void print_remedies(const AnalysisSummary& summary, std::ostream& out) {
  if (summary.remedies.empty()) return;
  out << "\nPoints that are not stable would be, each counted once (columns of points.csv):\n";
  for (const auto& [remedy, points] : summary.remedies)
    out << fmt::format("  {:>7} {}\n", points, remedy_text(remedy));
}

void print_narrow_layers(const AnalysisSummary& summary, std::ostream& out) {
  if (summary.narrow.points > 0) out << '\n' << wrapped(narrow_layer_text(summary.narrow)) << '\n';
}

void print_missing(const AnalysisSummary& summary, std::ostream& out) {
  if (!summary.missing.empty()) out << '\n';
  for (const auto& [column, reasons] : summary.missing) {
    for (const auto& [reason, points] : reasons) {
      out << fmt::format("{} is empty at {}: {}.\n", column, counted(points, "point"), sentence_of(reason));
    }
  }
}

/// "tanh, gaussian, bias_variance 0.05": what a critical variance is of, but for its width.
std::string subject_of(const Law& law) {
  std::vector<std::string> parts;
  std::size_t i = 0;
  for_each_axis([&](const auto& axis) {
    const std::size_t position = i++;
    const auto& x = law.point.*axis.value;
    if (!law.applies[position] || position == width_axis || goes_without_saying(axis, x)) return;
    const std::string text = coordinate_text(x);
    parts.push_back(NumericCoordinate<std::decay_t<decltype(x)>> ? fmt::format("{} {}", axis.name, text)
                                                                 : text);
  });
  return join(parts);
}

std::string width_text(const Law& law) {
  return law.applies[width_axis] ? fmt::format("width {}", law.point.width.value()) : "infinite width";
}

void print_critical_variances(const AnalysisSummary& summary, std::ostream& out) {
  if (summary.critical_variances.empty()) return;
  out << "\nCritical weight variance, where gradients neither vanish nor explode\n"
      << "(of the widest networks where it is known; all widths are in laws.csv):\n";
  std::size_t printed = 0;
  for (const Law& law : summary.critical_variances) {
    if (++printed > most_critical_variances) {
      out << fmt::format("  and {} more in the table\n",
                         summary.critical_variances.size() - most_critical_variances);
      break;
    }
    out << fmt::format("  {}\n    {}: {:.4g}", subject_of(law), width_text(law), *law.estimate);
    if (law.interval) out << fmt::format(" ({:.4g} to {:.4g})", law.interval->low, law.interval->high);
    if (law.theory) out << fmt::format(", theory {:.4g}", *law.theory);
    out << '\n';
  }
}

void print_laws(const AnalysisSummary& summary, std::ostream& out) {
  print_critical_variances(summary, out);
  out << "\nLaws, a parameter a row of laws.csv, which says why where it is refused:\n";
  for (const auto& [law, word] : EnumWords<LawName>::words) {
    const auto count = [law = law](const std::map<LawName, std::int64_t>& counts) {
      const auto found = counts.find(law);
      return found == counts.end() ? 0 : found->second;
    };
    const std::int64_t holding = count(summary.laws_holding), refused = count(summary.laws_refused);
    if (holding + refused > 0) {
      out << fmt::format("  {:<25} {:>7} {}{:>7} refused\n", word, holding,
                         holding == 1 ? "holds, " : "hold,  ", refused);
    }
  }
}

void print_report(const AnalysisSummary& summary, std::ostream& out) {
  if (summary.report.empty()) {
    out << "\nNo report.html: " << summary.without_report << ".\n"
        << "The charts:  " << (summary.directory / "charts").string() << "  (Vega-Lite)\n";
  } else {
    out << "\nThe report:  " << summary.report.string() << "  (opens in any browser)\n";
  }
  if (!summary.figures.empty()) out << "Figures:     " << summary.figures << '\n';
}

bool same_subject(const Law& a, const Law& b) {
  return a.point.without<WeightVariance, Width, Depth>() == b.point.without<WeightVariance, Width, Depth>();
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

std::string narrow_layer_text(const NarrowLayers& narrow) {
  return fmt::format(
      "One narrow layer rules the spread over networks at {}: it is more than half of the sum of 1/n over "
      "hidden layers. Most of all at {}: layer {}, of {}, is {:.0f} % of it.",
      counted(narrow.points, "point"), point_in_words(*narrow.example), narrow.widths.narrowest_layer,
      counted(narrow.widths.least, "neuron"), 100 * narrow.widths.share);
}

namespace {

void add_narrow_layer(NarrowLayers& narrow, const Point& point) {
  if (has_stream(point.block) || equal_widths(point)) return;
  const theory::HiddenWidths widths = theory::hidden_widths(point);
  if (widths.share <= 0.5 || point.depth.value() < 3) return;
  if (narrow.points++ > 0 && widths.share <= narrow.widths.share) return;
  narrow.example = point, narrow.widths = widths;
}

}  // namespace

void add_point(AnalysisSummary& summary, const PointAnalysis& analysis) {
  VARPROP_EXPECT(static_cast<std::int64_t>(summary.regimes.size()) < summary.sweep.point_count());
  summary.regimes.push_back(analysis.regime);
  if (summary.sweep.measures_quantity(Quantity::correlation))
    summary.distances.push_back(analysis.pair ? analysis.pair->regime : std::nullopt);
  if (analysis.batches_done == 0) ++summary.points_without_result;
  if (const auto remedy = remedy_of(analysis)) ++summary.remedies[*remedy];
  if (analysis.batches_done == 0) return;
  add_narrow_layer(summary.narrow, analysis.point);
  count_missing(summary, "forward_rate", analysis.forward);
  count_missing(summary, "backward_rate", analysis.backward);
}

void add_laws(AnalysisSummary& summary, const std::vector<Law>& laws) {
  auto& headlines = summary.critical_variances;
  for (const Law& law : laws) {
    ++(law.holds() ? summary.laws_holding : summary.laws_refused)[law.law];
    if (law.law != LawName::critical_weight_variance || !law.holds()) continue;
    // Widths come in ascending order, and their limit last: the last one of a subject is the one to show.
    if (!headlines.empty() && same_subject(headlines.back(), law)) {
      headlines.back() = law;
    } else {
      headlines.push_back(law);
    }
  }
}

void print_summary(const AnalysisSummary& summary, std::ostream& out, bool coloured) {
  print_progress(summary, out);
  print_regimes(summary, out, coloured);
  print_distances(summary, out, coloured);
  print_remedies(summary, out);
  print_narrow_layers(summary, out);
  print_laws(summary, out);
  print_missing(summary, out);
  print_report(summary, out);
  out << "Every point: " << (summary.directory / "points.csv").string() << '\n';
  out << "Every law:   " << (summary.directory / "laws.csv").string() << '\n';
  out << "Both, with profiles: " << (summary.directory / "analysis.h5").string() << '\n';
}

}  // namespace varprop::analysis
