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
#include "core/network/point.hpp"
#include "core/sweep/measures.hpp"

namespace varprop::workers {

/// How alike two vectors are: their cosine, and its distance from 1, which stays exact where the cosine
/// rounds to 1.
struct Cosine {
  double value;        ///< c, from −1 to 1
  Magnitude distance;  ///< 1 − c
};

/// Of one network, element l − first_layer is layer l, l = first_layer..L: from 1 of plain networks, from 0,
/// the input, of those with a stream. The first three belong to the first input.
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

  /// Of networks of blocks alone: ω_l of each matrix, (∂ℓ/∂β)², and Θ_b.
  ByRole<std::vector<Magnitude>> groups{};
  std::vector<Magnitude> branch_gradient{};
  std::optional<Magnitude> ntk_bias{};
  std::int32_t first_layer = 1;

  explicit NetworkSample(std::size_t L)
      : forward(L), backward(L), weight_gradient(L), correlation(L), gradient_correlation(L) {}
  /// Of a point's networks.
  explicit NetworkSample(const Point& point)
      : NetworkSample(static_cast<std::size_t>(point.depth.value()) + (has_stream(point.block) ? 1 : 0)) {
    first_layer = has_stream(point.block) ? 0 : 1;
  }

  /// Asks the engines for the activations, too.
  void ask_for_activations() { activations.resize(forward.size()); }
  bool asks_for_activations() const { return !activations.empty(); }

  /// From layer l < L on (of streams l ≤ L) the signal is beyond every magnitude: so are φ' and every
  /// gradient but the last.
  void explode(std::int32_t l) {
    const auto first = static_cast<std::ptrdiff_t>(l - first_layer);
    std::fill(forward.begin() + first, forward.end(), Magnitude::infinity());
    if (asks_for_activations())
      std::fill(activations.begin() + first, activations.end(), Magnitude::infinity());
    std::fill(correlation.begin() + first, correlation.end(), std::nullopt);
    std::ranges::fill(backward, Magnitude::infinity());
    backward.back() = Magnitude::from(1);
    std::ranges::fill(weight_gradient, Magnitude::infinity());
    std::ranges::fill(gradient_correlation, std::nullopt);
    for (auto& of_role : groups.values) std::ranges::fill(of_role, Magnitude::infinity());
    std::ranges::fill(branch_gradient, Magnitude::infinity());
    if (ntk_bias) ntk_bias = Magnitude::infinity();
  }
};

inline constexpr std::string_view weight_gradient_of = "weight_gradient_";

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

/// ω_l of one matrix; a plain network's only one is W^l.
template <MatrixRole role>
Magnitude read_group(const NetworkSample& sample, std::size_t i) {
  const auto& of_role = sample.groups[role];
  return of_role.empty() ? sample.weight_gradient[i] : of_role[i];
}

template <class... Measure>
constexpr auto positive_readings_with(MeasureList<Measure...>) {
  using Sample = const NetworkSample&;
  return std::array{
      PositiveReading{"forward", [](Sample s, std::size_t i) { return s.forward[i]; }},
      PositiveReading{"backward", [](Sample s, std::size_t i) { return s.backward[i]; }},
      PositiveReading{"weight_gradient", [](Sample s, std::size_t i) { return s.weight_gradient[i]; }},
      PositiveReading{"activations", [](Sample s, std::size_t i) { return s.activations[i]; }},
      PositiveReading{"weight_gradient_in", read_group<MatrixRole::in>},
      PositiveReading{"weight_gradient_gate", read_group<MatrixRole::gate>},
      PositiveReading{"weight_gradient_out", read_group<MatrixRole::out>},
      PositiveReading{"weight_gradient_query", read_group<MatrixRole::query>},
      PositiveReading{"weight_gradient_key", read_group<MatrixRole::key>},
      PositiveReading{"weight_gradient_value", read_group<MatrixRole::value>},
      PositiveReading{"weight_gradient_attention_out", read_group<MatrixRole::attention_out>},
      PositiveReading{"branch_gradient", [](Sample s, std::size_t i) { return s.branch_gradient[i]; }},
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
    TotalReading{"ntk_bias",
                 [](const NetworkSample& s) { return s.ntk_bias ? *s.ntk_bias : sum_of(s.backward); }}};

/// The first layer of which networks of this block have a profile; nothing where they have none at all.
inline std::optional<std::int32_t> first_layer_of(const Profile& profile, Block block) {
  for (std::size_t role = 0; role < matrix_roles; ++role) {
    const bool named = profile.name.substr(0, weight_gradient_of.size()) == weight_gradient_of &&
                       profile.name.substr(weight_gradient_of.size()) == matrix_role_names[role];
    if (named && !has_matrix(block, static_cast<MatrixRole>(role))) return std::nullopt;
    if (named) return 1;
  }
  if (profile.name == "branch_gradient" && !has_stream(block)) return std::nullopt;
  if (profile.name == "activations" && !has_activation(block)) return std::nullopt;
  const bool of_the_stream =
      profile.kind == ProfileKind::overlap || profile.name == "forward" || profile.name == "backward";
  return has_stream(block) && of_the_stream ? 0 : 1;
}

/// The reading of a profile among those of its kind.
template <class Readings>
constexpr auto reading_of(const Profile& profile, const Readings& readings) {
  for (const auto& reading : readings) {
    if (reading.profile == profile.name) return reading.at;
  }
  throw "a profile that nothing reads off a network";
}

}  // namespace varprop::workers
