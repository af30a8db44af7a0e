#include "analysis/terminal/regime_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "analysis/points/point_grid.hpp"
#include "core/errors.hpp"
#include "core/text/terminal_text.hpp"

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

TerminalColour colour_of(std::optional<Regime> regime) {
  if (!regime) return TerminalColour::plain;
  switch (*regime) {
    case Regime::stable:
      return TerminalColour::green;
    case Regime::vanishing:
      return TerminalColour::blue;
    case Regime::exploding:
      return TerminalColour::red;
    case Regime::erratic:
      return TerminalColour::yellow;
    case Regime::extinct:
      return TerminalColour::magenta;
    case Regime::undecided:
      break;
  }
  return TerminalColour::plain;
}

/// Points of one width and depth, by the place of their weight variance.
using Row = std::map<std::size_t, std::optional<Regime>>;

/// What one map shows: rows by the places of their depth and width.
using Rows = std::map<std::pair<std::size_t, std::size_t>, Row>;

/// Draws the maps of one sweep.
class MapPrinter {
 public:
  MapPrinter(const Sweep& sweep, const std::vector<std::optional<Regime>>& regimes, std::ostream& out,
             bool coloured)
      : sweep_(sweep), regimes_(regimes), out_(out), coloured_(coloured), index_(sweep.grid_index()) {}

  void print_legend() const;
  void print_map(const Indices& member) const;
  const GridIndex& index() const { return index_; }

 private:
  Rows rows_of(const Indices& member) const;

  std::string letter(std::optional<Regime> regime) const {
    const std::string plain(1, letter_of(regime));
    return coloured_ ? in_colour(plain, colour_of(regime)) : plain;
  }

  double weight_variance(std::size_t i) const { return sweep_.grid.weight_variance[i].value(); }
  std::string range_text(const Row& row) const;
  std::string stable_range(const Row& row) const;
  std::string letters_of(const Row& row) const;
  std::string single_points(const Row& row) const;

  const Sweep& sweep_;
  const std::vector<std::optional<Regime>>& regimes_;
  std::ostream& out_;
  bool coloured_;
  GridIndex index_;
};

/// Of more weight variances than there are letters in a line, every so many has one.
std::size_t stride_of(std::size_t values) {
  return (values + most_letters - 1) / most_letters;
}

Rows MapPrinter::rows_of(const Indices& member) const {
  Rows rows;
  index_.for_each_member(within_map, member, [&](const Indices& at) {
    rows[{at[depth_axis], at[width_axis]}][at[weight_variance_axis]] =
        regimes_[static_cast<std::size_t>(index_.position(at))];
  });
  return rows;
}

/// "weight_variance 0.5 to 4 (36 of 100 values shown)".
std::string MapPrinter::range_text(const Row& row) const {
  const double low = weight_variance(row.begin()->first), high = weight_variance(row.rbegin()->first);
  if (row.size() == 1) return fmt::format("weight_variance {:.4g}", low);
  const std::size_t stride = stride_of(row.size());
  const std::size_t shown = (row.size() + stride - 1) / stride;
  return fmt::format("weight_variance {:.4g} to {:.4g}", low, high) +
         (shown < row.size() ? fmt::format(" ({} of {} values shown)", shown, row.size()) : "");
}

void MapPrinter::print_legend() const {
  out_ << '\n';
  for (const auto& [regime, word] : EnumWords<Regime>::words) {
    out_ << fmt::format("{}{} {}", regime == Regime::stable ? "" : "   ", letter(regime), word);
  }
  out_ << '\n';
  if (!sweep_.grid.is_product()) return;
  Row all;
  for (std::size_t i = 0; i < sweep_.grid.weight_variance.size(); ++i) all[i] = std::nullopt;
  out_ << (all.size() == 1 ? "Of " : "From left to right: ") << range_text(all) << '\n';
}

/// "stable 1.2 to 1.9", over all weight variances of a row; other regimes may lie within.
std::string MapPrinter::stable_range(const Row& row) const {
  std::optional<double> low, high;
  bool any = false, all = true;
  for (const auto& [place, regime] : row) {
    any = any || regime.has_value();
    all = all && regime.has_value();
    if (regime != Regime::stable) continue;
    if (!low) low = weight_variance(place);
    high = weight_variance(place);
  }
  if (!any) return "no result yet";
  if (!low) return all ? "stable at none" : "not stable so far";
  return low == high ? fmt::format("stable at {:.4g}", *low)
                     : fmt::format("stable {:.4g} to {:.4g}", *low, *high);
}

std::string MapPrinter::letters_of(const Row& row) const {
  const std::size_t stride = stride_of(row.size());
  std::string letters;
  std::size_t i = 0;
  for (const auto& [place, regime] : row) {
    if (i++ % stride == 0) letters += letter(regime);
  }
  return letters;
}

/// "2.1 ^ exploding": of rows whose weight variances are not those of the others.
std::string MapPrinter::single_points(const Row& row) const {
  if (row.size() > 1) return letters_of(row) + "   " + range_text(row) + ", " + stable_range(row);
  const auto regime = row.begin()->second;
  return fmt::format("{}   {}, {}", letter(regime), range_text(row),
                     regime ? word_of(*regime) : "no result yet");
}

bool same_weight_variances(const Row& a, const Row& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return x.first == y.first; });
}

void MapPrinter::print_map(const Indices& member) const {
  const Rows rows = rows_of(member);
  const Row& first = rows.begin()->second;
  const bool a_map = std::all_of(rows.begin(), rows.end(),
                                 [&](const auto& row) { return same_weight_variances(row.second, first); });
  out_ << '\n' << map_title(sweep_, member) << '\n';
  if (a_map && !sweep_.grid.is_product()) out_ << range_text(first) << '\n';
  out_ << fmt::format("{:>8} {:>13}\n", "depth", "width");
  std::size_t printed = 0;
  for (const auto& [place, row] : rows) {
    if (printed++ == most_rows) break;
    out_ << fmt::format("{:>8} {:>13}   {}\n", coordinate_text(sweep_.grid.depth[place.first]),
                        coordinate_text(sweep_.grid.width[place.second]),
                        a_map ? letters_of(row) + "   " + stable_range(row) : single_points(row));
  }
  if (rows.size() > most_rows)
    out_ << fmt::format("{:>8} more {} in the table\n", rows.size() - most_rows,
                        rows.size() == most_rows + 1 ? "row" : "rows");
}

}  // namespace

char letter_of(std::optional<Regime> regime) {
  if (!regime) return ' ';
  switch (*regime) {
    case Regime::stable:
      return '=';
    case Regime::undecided:
      return '?';
    case Regime::erratic:
      return '~';
    case Regime::vanishing:
      return 'v';
    case Regime::exploding:
      return '^';
    case Regime::extinct:
      return 'x';
  }
  return ' ';
}

void print_regime_maps(const Sweep& sweep, const std::vector<std::optional<Regime>>& regimes,
                       std::ostream& out, bool coloured) {
  VARPROP_EXPECT(static_cast<std::int64_t>(regimes.size()) == sweep.point_count());
  const MapPrinter printer(sweep, regimes, out, coloured);
  printer.print_legend();
  std::size_t maps = 0;
  printer.index().for_each_group(within_map, [&](const Indices& at) {
    if (maps++ < most_maps) printer.print_map(at);
  });
  const bool more = maps > most_maps;
  if (more) out << "\nMore combinations of the other axes are in the table.\n";
}

}  // namespace varprop::analysis
