#include "analysis/terminal/regime_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "analysis/points/point_grid.hpp"
#include "core/errors.hpp"

namespace varprop::analysis {

namespace {

constexpr std::size_t most_maps = 8, most_rows = 12, most_letters = 44;

using Indices = GridIndices;

/// What one map shows.
constexpr AxisSet within_map = axes_of<WeightVariance, Width, Depth>();

/// "tanh, bias_variance 0.05": the coordinates that tell this map from the others.
std::string map_title(const Sweep& sweep, const Indices& at) {
  std::string title;
  std::size_t i = 0;
  for_each_axis([&](const auto& axis) {
    const auto& values = sweep.grid.*axis.values;
    const bool tells = i == 0 || (!within_map[i] && values.size() > 1);
    if (tells && i > 0) title += fmt::format(", {} ", axis.name);
    if (tells) title += coordinate_text(values[at[i]]);
    ++i;
  });
  return title;
}

constexpr std::array regime_words = std::to_array<MapWord>({{"stable", '=', TerminalColour::green},
                                                            {"undecided", '?', TerminalColour::plain},
                                                            {"erratic", '~', TerminalColour::yellow},
                                                            {"vanishing", 'v', TerminalColour::blue},
                                                            {"exploding", '^', TerminalColour::red},
                                                            {"extinct", 'x', TerminalColour::magenta}});
constexpr std::array distance_words = std::to_array<MapWord>({{"kept", '=', TerminalColour::green},
                                                              {"undecided", '?', TerminalColour::plain},
                                                              {"alike", '0', TerminalColour::blue},
                                                              {"apart", '/', TerminalColour::red},
                                                              {"extinct", 'x', TerminalColour::magenta}});

/// The words are those of the enum, in its order.
template <class E, std::size_t size>
constexpr bool names(const std::array<MapWord, size>& words) {
  for (std::size_t i = 0; i < size; ++i) {
    if (EnumWords<E>::words[i].second != words[i].word) return false;
  }
  return size == EnumWords<E>::words.size();
}
static_assert(names<Regime>(regime_words) && names<DistanceRegime>(distance_words));

template <class E>
WordsOfPoints places_of(const std::vector<std::optional<E>>& words_of, std::span<const MapWord> words) {
  WordsOfPoints points{words, {}};
  for (const std::optional<E>& word : words_of)
    points.places.push_back(word ? std::optional(static_cast<std::size_t>(*word)) : std::nullopt);
  return points;
}

/// Draws the maps of one sweep.
class MapPrinter {
 public:
  MapPrinter(const Sweep& sweep, const WordsOfPoints& points, std::ostream& out, bool coloured)
      : sweep_(sweep),
        points_(points),
        out_(out),
        coloured_(coloured),
        index_(sweep.grid_index()),
        shape_(sweep.shape()) {
    const std::size_t count = shape_[weight_variance_axis];
    const std::size_t stride = (count + most_letters - 1) / most_letters;
    for (std::size_t i = 0; i < count; i += stride) shown_.push_back(i);
  }

  void print_legend() const;
  void print_map(const Indices& at) const;

  /// Goes to the next combination of the axes that a map does not show. False after the last.
  bool advance(Indices& at) const { return index_.advance(at, all_but(within_map)); }

 private:
  std::optional<std::size_t> word_at(const Indices& at) const {
    return points_.places[static_cast<std::size_t>(index_.position(at))];
  }

  std::string letter(std::optional<std::size_t> place) const {
    if (!place) return " ";
    const MapWord& word = points_.words[*place];
    const std::string plain(1, word.letter);
    return coloured_ ? in_colour(plain, word.colour) : plain;
  }

  double weight_variance(std::size_t i) const { return sweep_.grid.weight_variance[i].value(); }
  void print_row(Indices at) const;
  std::string range_of_first_word(Indices at) const;

  const Sweep& sweep_;
  const WordsOfPoints& points_;
  std::ostream& out_;
  bool coloured_;
  GridIndex index_;
  Indices shape_;
  std::vector<std::size_t> shown_;  ///< indices of the weight variances that have a letter
};

void MapPrinter::print_legend() const {
  out_ << '\n';
  for (std::size_t i = 0; i < points_.words.size(); ++i)
    out_ << fmt::format("{}{} {}", i == 0 ? "" : "   ", letter(i), points_.words[i].word);
  const std::size_t last = shape_[weight_variance_axis] - 1;
  out_ << (last == 0 ? fmt::format("\nOf weight_variance {:.4g}", weight_variance(0))
                     : fmt::format("\nFrom left to right: weight_variance {:.4g} to {:.4g}",
                                   weight_variance(0), weight_variance(last)));
  if (shown_.size() < shape_[weight_variance_axis]) {
    out_ << fmt::format(" ({} of {} values shown)", shown_.size(), shape_[weight_variance_axis]);
  }
  out_ << '\n';
}

/// "stable 1.2 to 1.9", over all weight variances of a row; other words may lie within.
std::string MapPrinter::range_of_first_word(Indices at) const {
  std::optional<double> low, high;
  bool any = false, all = true;
  for (std::size_t i = 0; i < shape_[weight_variance_axis]; ++i) {
    at[weight_variance_axis] = i;
    any = any || word_at(at).has_value();
    all = all && word_at(at).has_value();
    if (word_at(at) != std::size_t{0}) continue;
    if (!low) low = weight_variance(i);
    high = weight_variance(i);
  }
  if (!any) return "no result yet";
  const std::string_view word = points_.words.front().word;
  if (!low) return all ? fmt::format("{} at none", word) : fmt::format("not {} so far", word);
  return low == high ? fmt::format("{} at {:.4g}", word, *low)
                     : fmt::format("{} {:.4g} to {:.4g}", word, *low, *high);
}

void MapPrinter::print_row(Indices at) const {
  std::string letters;
  for (const std::size_t i : shown_) {
    at[weight_variance_axis] = i;
    letters += letter(word_at(at));
  }
  out_ << fmt::format("{:>8} {:>13}   {}   {}\n", coordinate_text(sweep_.grid.depth[at[depth_axis]]),
                      coordinate_text(sweep_.grid.width[at[width_axis]]), letters, range_of_first_word(at));
}

void MapPrinter::print_map(const Indices& origin) const {
  out_ << '\n' << map_title(sweep_, origin) << '\n' << fmt::format("{:>8} {:>13}\n", "depth", "width");
  const std::size_t rows = shape_[depth_axis] * shape_[width_axis];
  for (std::size_t row = 0; row < std::min(rows, most_rows); ++row) {
    Indices at = origin;
    at[depth_axis] = row / shape_[width_axis];
    at[width_axis] = row % shape_[width_axis];
    print_row(at);
  }
  if (rows > most_rows)
    out_ << fmt::format("{:>8} more {} in the table\n", rows - most_rows,
                        rows == most_rows + 1 ? "row" : "rows");
}

}  // namespace

WordsOfPoints words_of_points(const std::vector<std::optional<Regime>>& regimes) {
  return places_of(regimes, regime_words);
}

WordsOfPoints words_of_points(const std::vector<std::optional<DistanceRegime>>& regimes) {
  return places_of(regimes, distance_words);
}

char letter_of(std::optional<Regime> regime) {
  return regime ? regime_words[static_cast<std::size_t>(*regime)].letter : ' ';
}

char letter_of(std::optional<DistanceRegime> regime) {
  return regime ? distance_words[static_cast<std::size_t>(*regime)].letter : ' ';
}

void print_maps(const Sweep& sweep, const WordsOfPoints& points, std::ostream& out, bool coloured) {
  VARPROP_EXPECT(static_cast<std::int64_t>(points.places.size()) == sweep.point_count());
  const MapPrinter printer(sweep, points, out, coloured);
  printer.print_legend();
  Indices at{};
  std::size_t maps = 0;
  bool more = true;
  for (; more && maps < most_maps; ++maps) {
    printer.print_map(at);
    more = printer.advance(at);
  }
  if (more) out << "\nMore combinations of the other axes are in the table.\n";
}

}  // namespace varprop::analysis
