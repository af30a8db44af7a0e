// The words for what happens to a variance through the depth of a network, and why it does.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "analysis/statistics/estimate.hpp"
#include "core/sweep/measures.hpp"
#include "core/text/words.hpp"
#include "theory/networks/point_theory.hpp"

namespace varprop::analysis {

/// In order of severity, the mildest first: the combined regime of a point is the severer of its two
/// directions'.
enum class Regime : std::uint8_t { stable, undecided, erratic, vanishing, exploding, extinct };

}  // namespace varprop::analysis

template <>
struct varprop::EnumWords<varprop::analysis::Regime> {
  static constexpr std::string_view noun = "regime";
  static constexpr std::array words{std::pair{analysis::Regime::stable, std::string_view("stable")},
                                    std::pair{analysis::Regime::undecided, std::string_view("undecided")},
                                    std::pair{analysis::Regime::erratic, std::string_view("erratic")},
                                    std::pair{analysis::Regime::vanishing, std::string_view("vanishing")},
                                    std::pair{analysis::Regime::exploding, std::string_view("exploding")},
                                    std::pair{analysis::Regime::extinct, std::string_view("extinct")}};
};

namespace varprop::analysis {

/// What a regime means, as a clause. F is the factor of a stable change.
std::string_view meaning_of(Regime regime);

/// More extinct networks than this share make a point extinct; fewer networks in range than this make it
/// erratic.
inline constexpr double largest_extinct_share = 0.1;
inline constexpr double least_share_in_range = 0.9;

/// What a regime is decided from: the change of one quantity over the whole depth.
struct TotalChange {
  double extinct_share;   ///< of all networks
  double share_in_range;  ///< p_in: networks with |ln change| < ln F, of all networks
  std::optional<Interval>
      interval;  ///< 95 % interval of the mean ln change Λ; none for fewer than 3 networks
};

/// extinct: share > 0.1 · vanishing: high < −ln F · exploding: low > ln F · |low|, |high| < ln F: stable, or
/// erratic where p_in < 0.9 · else undecided. F = `factor` > 1.
Regime classify(const TotalChange& change, double factor);

/// The severer of two regimes; of one, where the other was not measured.
std::optional<Regime> combine(std::optional<Regime> forward, std::optional<Regime> backward);

/// rate: infinite networks do it, by the same factor in every layer · finite width: only finite networks do ·
/// power law: the edge of chaos, where decay is a power of the layer's number · fixed point: the signal
/// settles out of range · transient: it happens on the way to where rates hold · branches: what the branches
/// of a residual stream add does it.
enum class Cause : std::uint8_t { rate, finite_width, power_law, fixed_point, transient, branches };

}  // namespace varprop::analysis

template <>
struct varprop::EnumWords<varprop::analysis::Cause> {
  static constexpr std::string_view noun = "cause";
  static constexpr std::array words{
      std::pair{analysis::Cause::rate, std::string_view("rate")},
      std::pair{analysis::Cause::finite_width, std::string_view("finite width")},
      std::pair{analysis::Cause::power_law, std::string_view("power law")},
      std::pair{analysis::Cause::fixed_point, std::string_view("fixed point")},
      std::pair{analysis::Cause::transient, std::string_view("transient")},
      std::pair{analysis::Cause::branches, std::string_view("branches")}};
};

namespace varprop::analysis {

/// The cause of one direction's regime, for `quantity` forward or backward. With ρ its rate at infinite width
/// (ln χ; ln χ_q for a signal that nothing holds, else 0), ρ_n that at width n (the measured rate where
/// theory has none, and ρ without either), s = −1 for vanishing and 1 for exploding, the first that holds of
///
///     rate           s (L−1) ρ > ln F
///     finite width   s (L−1) (ρ_n − ρ) > ln F
///     power law      a signal that fades, over fewer layers than |1/ln χ_q|, not homogeneous
///     fixed point    forward, s ln(q*/M) > ln F, M the mean square of the input
///     rate or finite width, whichever is more, where s (L−1) ρ_n > ln F
///     transient      otherwise
///
/// Of a stream: rate where the skip alone does it, s 2L ln α > ln F (of a transformer's two sublayers 4L) and
/// no norm undoes it; else branches. Erratic and extinct points owe it to finite width; others have no cause.
std::optional<Cause> cause_of(Regime regime, Quantity quantity, const Point& point,
                              const theory::PointTheory& theory, std::optional<double> measured_rate,
                              double factor, double input_mean_square = 1);

}  // namespace varprop::analysis
