// The words for what happens to a variance through the depth of a network.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "analysis/parameter.hpp"
#include "core/point/choices.hpp"

namespace varprop {

/// In order of severity, the mildest first: the combined regime of a point is the severer of its two
/// directions'.
enum class Regime : std::uint8_t { stable, undecided, erratic, vanishing, exploding, extinct };

template <>
struct Choices<Regime> {
  static constexpr std::string_view noun = "regime";
  static constexpr std::array words{std::pair{Regime::stable, std::string_view("stable")},
                                    std::pair{Regime::undecided, std::string_view("undecided")},
                                    std::pair{Regime::erratic, std::string_view("erratic")},
                                    std::pair{Regime::vanishing, std::string_view("vanishing")},
                                    std::pair{Regime::exploding, std::string_view("exploding")},
                                    std::pair{Regime::extinct, std::string_view("extinct")}};
};

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

}  // namespace varprop
