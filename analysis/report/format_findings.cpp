#include "analysis/report/finding_kinds.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <utility>

#include "analysis/report/named_point.hpp"
#include "core/text.hpp"

namespace varprop {

namespace {

constexpr std::size_t fp16 = 1, bf16 = 2;
static_assert(number_formats[fp16].name == "fp16" && number_formats[bf16].name == "bf16");

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

}  // namespace

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
          ? fmt::format("{} at {} of the points that are stable ({} of all), such as {}",
                        leaving_text(*worst), worst->stable, worst->points, where)
          : fmt::format("{} at {}{}, such as {}", leaving_text(*worst), counted(worst->points, "point"),
                        example.regime ? ", none of them stable" : "", where);
  said.push_back(as_sentence(std::move(sentence)));
}

}  // namespace varprop
