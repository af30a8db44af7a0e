#include "analysis/terminal/regime_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>

#include "analysis/points/point_grid.hpp"
#include "core/errors.hpp"

namespace varprop::analysis {

namespace {

constexpr std::size_t most_maps = 8, most_rows = 12, most_letters = 44;

using Indices = GridIndices;

/// The axis that runs along the lines of a map.
struct AxisAcross {
  std::size_t place = weight_variance_axis;
  std::string_view name;
  std::vector<double> values;
};

/// The weight variance; where that has one value, the axis of numbers that has the most, but for width and
/// depth, which tell the lines.
AxisAcross axis_across(const Grid& grid) {
  AxisAcross across;
  std::size_t i = 0;
  for_each_axis([&](const auto& axis) {
    const auto& values = grid.*axis.values;
    const std::size_t place = i++;
    if constexpr (NumericCoordinate<std::decay_t<decltype(values.front())>>) {
      const bool tells_lines = place == depth_axis || place == width_axis;
      const bool wider =
          place == weight_variance_axis || (grid.weight_variance.size() == 1 &&
                                            values.size() > std::max<std::size_t>(1, across.values.size()));
      if (tells_lines || !wider) return;
      across = {place, axis.name, {}};
      for (const auto& value : values) across.values.push_back(static_cast<double>(value.value()));
    }
  });
  return across;
}

/// "tanh, bias_variance 0.05": the coordinates that tell this map from the others.
std::string map_title(const Sweep& sweep, const AxisSet& within_map, const Indices& at) {
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

/// The words of points of one width and depth, as places in the list of words, by their place along the axis
/// across.
using Row = std::map<std::size_t, std::optional<std::size_t>>;

/// What one map shows: rows by the places of their depth and width.
using Rows = std::map<std::pair<std::size_t, std::size_t>, Row>;

/// Draws the maps of one sweep.
class MapPrinter {
 public:
  MapPrinter(const Sweep& sweep, const WordsOfPoints& points, std::ostream& out, bool coloured)
      : sweep_(sweep),
        points_(points),
        out_(out),
        coloured_(coloured),
        index_(sweep.grid_index()),
        across_(axis_across(sweep.grid)) {
    within_map_[across_.place] = true;
  }

  void print_legend() const;
  void print_map(const Indices& member) const;
  const GridIndex& index() const { return index_; }
  /// The axes of one map.
  const AxisSet& within_map() const { return within_map_; }

 private:
  Rows rows_of(const Indices& member) const;

  std::string letter(std::optional<std::size_t> place) const {
    if (!place) return " ";
    const MapWord& word = points_.words[*place];
    const std::string plain(1, word.letter);
    return coloured_ ? in_colour(plain, word.colour) : plain;
  }

  double across(std::size_t i) const { return across_.values[i]; }
  std::string range_text(const Row& row) const;
  std::string range_of_first_word(const Row& row) const;
  std::string letters_of(const Row& row) const;
  std::string single_points(const Row& row) const;

  const Sweep& sweep_;
  const WordsOfPoints& points_;
  std::ostream& out_;
  bool coloured_;
  GridIndex index_;
  AxisAcross across_;
  AxisSet within_map_ = axes_of<Width, Depth>();
};

/// Of more values than there are letters in a line, every so many has one.
std::size_t stride_of(std::size_t values) {
  return (values + most_letters - 1) / most_letters;
}

Rows MapPrinter::rows_of(const Indices& member) const {
  Rows rows;
  index_.for_each_member(within_map_, member, [&](const Indices& at) {
    rows[{at[depth_axis], at[width_axis]}][at[across_.place]] =
        points_.places[static_cast<std::size_t>(index_.position(at))];
  });
  return rows;
}

/// "weight_variance 0.5 to 4 (36 of 100 values shown)", or another axis.
std::string MapPrinter::range_text(const Row& row) const {
  const double low = across(row.begin()->first), high = across(row.rbegin()->first);
  if (row.size() == 1) return fmt::format("{} {:.4g}", across_.name, low);
  const std::size_t stride = stride_of(row.size());
  const std::size_t shown = (row.size() + stride - 1) / stride;
  return fmt::format("{} {:.4g} to {:.4g}", across_.name, low, high) +
         (shown < row.size() ? fmt::format(" ({} of {} values shown)", shown, row.size()) : "");
}

void MapPrinter::print_legend() const {
  out_ << '\n';
  for (std::size_t i = 0; i < points_.words.size(); ++i)
    out_ << fmt::format("{}{} {}", i == 0 ? "" : "   ", letter(i), points_.words[i].word);
  out_ << '\n';
  if (!sweep_.grid.is_product()) return;
  Row all;
  for (std::size_t i = 0; i < across_.values.size(); ++i) all[i] = std::nullopt;
  out_ << (all.size() == 1 ? "Of " : "From left to right: ") << range_text(all) << '\n';
}

/// "stable 1.2 to 1.9", over all values of a row; other words may lie within.
std::string MapPrinter::range_of_first_word(const Row& row) const {
  std::optional<double> low, high;
  bool any = false, all = true;
  for (const auto& [place, word] : row) {
    any = any || word.has_value();
    all = all && word.has_value();
    if (word != std::size_t{0}) continue;
    if (!low) low = across(place);
    high = across(place);
  }
  if (!any) return "no result yet";
  const std::string_view word = points_.words.front().word;
  if (!low) return all ? fmt::format("{} at none", word) : fmt::format("not {} so far", word);
  return low == high ? fmt::format("{} at {:.4g}", word, *low)
                     : fmt::format("{} {:.4g} to {:.4g}", word, *low, *high);
}

std::string MapPrinter::letters_of(const Row& row) const {
  const std::size_t stride = stride_of(row.size());
  std::string letters;
  std::size_t i = 0;
  for (const auto& [place, word] : row) {
    if (i++ % stride == 0) letters += letter(word);
  }
  return letters;
}

/// "2.1 ^ exploding": of rows whose values are not those of the others.
std::string MapPrinter::single_points(const Row& row) const {
  if (row.size() > 1) return letters_of(row) + "   " + range_text(row) + ", " + range_of_first_word(row);
  const auto word = row.begin()->second;
  return fmt::format("{}   {}, {}", letter(word), range_text(row),
                     word ? points_.words[*word].word : "no result yet");
}

bool same_values(const Row& a, const Row& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return x.first == y.first; });
}

void MapPrinter::print_map(const Indices& member) const {
  const Rows rows = rows_of(member);
  const Row& first = rows.begin()->second;
  const bool a_map =
      std::all_of(rows.begin(), rows.end(), [&](const auto& row) { return same_values(row.second, first); });
  out_ << '\n' << map_title(sweep_, within_map_, member) << '\n';
  if (a_map && !sweep_.grid.is_product()) out_ << range_text(first) << '\n';
  out_ << fmt::format("{:>8} {:>13}\n", "depth", "width");
  std::size_t printed = 0;
  for (const auto& [place, row] : rows) {
    if (printed++ == most_rows) break;
    out_ << fmt::format("{:>8} {:>13}   {}\n", coordinate_text(sweep_.grid.depth[place.first]),
                        coordinate_text(sweep_.grid.width[place.second]),
                        a_map ? letters_of(row) + "   " + range_of_first_word(row) : single_points(row));
  }
  if (rows.size() > most_rows)
    out_ << fmt::format("{:>8} more {} in the table\n", rows.size() - most_rows,
                        rows.size() == most_rows + 1 ? "row" : "rows");
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
  std::size_t maps = 0;
  printer.index().for_each_group(printer.within_map(), [&](const Indices& at) {
    if (maps++ < most_maps) printer.print_map(at);
  });
  const bool more = maps > most_maps;
  if (more) out << "\nMore combinations of the other axes are in the table.\n";
}

}  // namespace varprop::analysis
