// What an engine measures of one random network, and which of it belongs to which measure.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/errors.hpp"
#include "core/math/magnitude.hpp"
#include "core/sweep/measures.hpp"

namespace varprop::workers {

/// How alike two vectors are: their cosine, and its distance from 1, which stays exact where the cosine
/// rounds to 1.
struct Cosine {
  double value;        ///< c, from −1 to 1
  Magnitude distance;  ///< 1 − c
};

/// Of one network, element l − 1 is layer l, l = 1..L. The first three belong to the first input.
struct NetworkSample {
  std::vector<Magnitude> forward;          ///< q_l = |z^l|²/n
  std::vector<Magnitude> backward;         ///< g_l = |δ^l|²
  std::vector<Magnitude> weight_gradient;  ///< ω_l = |δ^l|²|a^{l−1}|²
  /// |a^l|²/n, a^L = φ(z^L) included, of which nobody else asks; empty where it is not asked for, and then
  /// engines spend nothing on it.
  std::vector<Magnitude> activations{};
  /// c_l and γ_l, cosines of z^l and of δ^l of the two inputs; nothing where either vector is zero, and
  /// untouched by engines of one input.
  std::vector<std::optional<Cosine>> correlation, gradient_correlation;

  explicit NetworkSample(std::size_t L)
      : forward(L), backward(L), weight_gradient(L), correlation(L), gradient_correlation(L) {}

  /// Asks the engines for the activations, too.
  void ask_for_activations() { activations.resize(forward.size()); }
  bool asks_for_activations() const { return !activations.empty(); }

  /// From layer l < L on the signal is beyond every magnitude: so are φ' and every gradient but the last.
  void explode(std::int32_t l) {
    const auto first = static_cast<std::ptrdiff_t>(l) - 1;
    std::fill(forward.begin() + first, forward.end(), Magnitude::infinity());
    if (asks_for_activations())
      std::fill(activations.begin() + first, activations.end(), Magnitude::infinity());
    std::fill(correlation.begin() + first, correlation.end(), std::nullopt);
    std::ranges::fill(backward, Magnitude::infinity());
    backward.back() = Magnitude::from(1);
    std::ranges::fill(weight_gradient, Magnitude::infinity());
    std::ranges::fill(gradient_correlation, std::nullopt);
  }
};

inline Magnitude sum_of(const std::vector<Magnitude>& all) {
  Magnitude sum;
  for (const Magnitude& x : all) sum = sum + x;
  return sum;
}

/// How a profile of core/sweep/measures.hpp is read off: element l − 1 of it.
struct PositiveReading {
  std::string_view profile;
  Magnitude (*at)(const NetworkSample&, std::size_t i);
};
struct OverlapReading {
  std::string_view profile;
  const std::optional<Cosine>& (*at)(const NetworkSample&, std::size_t i);
};
/// How a total is read off the whole network.
struct TotalReading {
  std::string_view profile;
  Magnitude (*at)(const NetworkSample&);
};

template <class... Measure>
constexpr auto positive_readings_with(MeasureList<Measure...>) {
  using Sample = const NetworkSample&;
  return std::array{
      PositiveReading{"forward", [](Sample s, std::size_t i) { return s.forward[i]; }},
      PositiveReading{"backward", [](Sample s, std::size_t i) { return s.backward[i]; }},
      PositiveReading{"weight_gradient", [](Sample s, std::size_t i) { return s.weight_gradient[i]; }},
      PositiveReading{"activations", [](Sample s, std::size_t i) { return s.activations[i]; }},
      PositiveReading{Measure::name, [](Sample s, std::size_t i) { return Measure::read(s, i); }}...};
}
inline constexpr auto positive_readings = positive_readings_with(ExtraMeasures{});

inline constexpr std::array overlap_readings{
    OverlapReading{"correlation",
                   [](const NetworkSample& s, std::size_t i) -> const std::optional<Cosine>& {
                     return s.correlation[i];
                   }},
    OverlapReading{"gradient_correlation",
                   [](const NetworkSample& s, std::size_t i) -> const std::optional<Cosine>& {
                     return s.gradient_correlation[i];
                   }}};

inline constexpr std::array total_readings{
    TotalReading{"ntk_weight", [](const NetworkSample& s) { return sum_of(s.weight_gradient); }},
    TotalReading{"ntk_bias", [](const NetworkSample& s) { return sum_of(s.backward); }}};

/// The reading of a profile among those of its kind.
template <class Readings>
constexpr auto reading_of(const Profile& profile, const Readings& readings) {
  for (const auto& reading : readings) {
    if (reading.profile == profile.name) return reading.at;
  }
  throw "a profile that nothing reads off a network";
}

}  // namespace varprop::workers
