// Why a variance leaves its range.
#pragma once

#include <optional>

#include "analysis/point_theory.hpp"
#include "analysis/regimes.hpp"
#include "core/record/quantity.hpp"

namespace varprop {

/// rate: infinite networks do it, by the same factor in every layer · finite width: only finite networks do ·
/// power law: the edge of chaos, where decay is a power of the layer's number · fixed point: the signal
/// settles out of range · transient: it happens on the way to where rates hold.
enum class Cause : std::uint8_t { rate, finite_width, power_law, fixed_point, transient };

template <>
struct Choices<Cause> {
  static constexpr std::string_view noun = "cause";
  static constexpr std::array words{std::pair{Cause::rate, std::string_view("rate")},
                                    std::pair{Cause::finite_width, std::string_view("finite width")},
                                    std::pair{Cause::power_law, std::string_view("power law")},
                                    std::pair{Cause::fixed_point, std::string_view("fixed point")},
                                    std::pair{Cause::transient, std::string_view("transient")}};
};

/// The cause of one direction's regime, for `quantity` forward or backward. With ρ its rate at infinite width
/// (ln χ; ln χ_q for a signal that nothing holds, else 0), ρ_n that at width n, s = −1 for vanishing and 1
/// for exploding, the first that holds of
///
///     rate           s (L−1) ρ > ln F
///     finite width   s (L−1) (ρ_n − ρ) > ln F
///     power law      a signal that fades, over fewer layers than |1/ln χ_q|, not homogeneous
///     fixed point    forward, s ln q* > ln F
///     rate or finite width, whichever is more, where s (L−1) ρ_n > ln F
///     transient      otherwise
///
/// Erratic and extinct points owe it to finite width; others have no cause.
std::optional<Cause> cause_of(Regime regime, Quantity quantity, const Point& point, const PointTheory& theory,
                              double factor);

}  // namespace varprop
