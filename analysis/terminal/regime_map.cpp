#include "analysis/terminal/regime_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

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

/// Draws the maps of one sweep.
class MapPrinter {
 public:
  MapPrinter(const Sweep& sweep, const std::vector<std::optional<Regime>>& regimes, std::ostream& out,
             bool coloured)
      : sweep_(sweep),
        regimes_(regimes),
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
  std::optional<Regime> regime_at(const Indices& at) const {
    return regimes_[static_cast<std::size_t>(index_.position(at))];
  }

  std::string letter(std::optional<Regime> regime) const {
    const std::string plain(1, letter_of(regime));
    return coloured_ ? in_colour(plain, colour_of(regime)) : plain;
  }

  double weight_variance(std::size_t i) const { return sweep_.grid.weight_variance[i].value(); }
  void print_row(Indices at) const;
  std::string stable_range(Indices at) const;

  const Sweep& sweep_;
  const std::vector<std::optional<Regime>>& regimes_;
  std::ostream& out_;
  bool coloured_;
  GridIndex index_;
  Indices shape_;
  std::vector<std::size_t> shown_;  ///< indices of the weight variances that have a letter
};

void MapPrinter::print_legend() const {
  out_ << '\n';
  for (const auto& [regime, word] : EnumWords<Regime>::words) {
    out_ << fmt::format("{}{} {}", regime == Regime::stable ? "" : "   ", letter(regime), word);
  }
  const std::size_t last = shape_[weight_variance_axis] - 1;
  out_ << (last == 0 ? fmt::format("\nOf weight_variance {:.4g}", weight_variance(0))
                     : fmt::format("\nFrom left to right: weight_variance {:.4g} to {:.4g}",
                                   weight_variance(0), weight_variance(last)));
  if (shown_.size() < shape_[weight_variance_axis]) {
    out_ << fmt::format(" ({} of {} values shown)", shown_.size(), shape_[weight_variance_axis]);
  }
  out_ << '\n';
}

/// "stable 1.2 to 1.9", over all weight variances of a row; other regimes may lie within.
std::string MapPrinter::stable_range(Indices at) const {
  std::optional<double> low, high;
  bool any = false, all = true;
  for (std::size_t i = 0; i < shape_[weight_variance_axis]; ++i) {
    at[weight_variance_axis] = i;
    any = any || regime_at(at).has_value();
    all = all && regime_at(at).has_value();
    if (regime_at(at) != Regime::stable) continue;
    if (!low) low = weight_variance(i);
    high = weight_variance(i);
  }
  if (!any) return "no result yet";
  if (!low) return all ? "stable at none" : "not stable so far";
  return low == high ? fmt::format("stable at {:.4g}", *low)
                     : fmt::format("stable {:.4g} to {:.4g}", *low, *high);
}

void MapPrinter::print_row(Indices at) const {
  std::string letters;
  for (const std::size_t i : shown_) {
    at[weight_variance_axis] = i;
    letters += letter(regime_at(at));
  }
  out_ << fmt::format("{:>8} {:>13}   {}   {}\n", coordinate_text(sweep_.grid.depth[at[depth_axis]]),
                      coordinate_text(sweep_.grid.width[at[width_axis]]), letters, stable_range(at));
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
