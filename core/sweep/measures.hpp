// What is measured of every network, each measure declared once: the words of a sweep file, the datasets of
// a results file, the records of units, the columns and the curves follow from these declarations and their
// order.
//
// To add a measure: declare it as those below are, append it to AllMeasures, and say how it is read off a
// network (workers/network/network_sample.hpp).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>

#include "core/format_version.hpp"
#include "core/math/moments.hpp"
#include "core/text/words.hpp"

namespace varprop {

/// What a sweep may ask for. Those of positive numbers come from one input's pass; `correlation` simulates
/// two inputs and tells how alike they become; `ntk` is of whole networks.
enum class Quantity {
  forward,
  backward,
  weight_gradient,
  correlation,
  activations,
  ntk,
  groups,
  branch_gradient
};

/// What stands at a layer of a network: a number ≥ 0, told by its logarithm; or how far two vectors overlap,
/// a cosine c, kept with its distance 1 − c from full agreement. A `total` is a number ≥ 0 of a whole network
/// instead, whatever layers are recorded: nothing but its logarithm of every replica.
enum class ProfileKind { positive, overlap, total };

/// Which way a profile comes about: up from the input, or down from the output.
enum class Travel { up, down };

/// What is recorded under one name at every recorded layer of every network, or once of every network.
struct Profile {
  std::string_view name;        ///< what its datasets begin with
  std::string_view symbol;      ///< at layer l
  std::string_view definition;  ///< its formula, for long names and docs
  ProfileKind kind;
  Travel travel;
  /// The dataset of what every replica has where the travel ends (of a total: what it has), as a logarithm;
  /// empty where there is none.
  std::string_view of_replicas = {}, of_replicas_meaning = {};
};

struct ForwardMeasure {
  static constexpr Quantity quantity = Quantity::forward;
  static constexpr std::string_view name = "forward";
  static constexpr FormatVersion since = first_format;
  static constexpr std::array profiles{
      Profile{"forward", "q_l", "q_l = |z^l|²/n, mean square pre-activation of layer l",
              ProfileKind::positive, Travel::up, "forward_last", "ln q_L of every replica"}};
};

struct BackwardMeasure {
  static constexpr Quantity quantity = Quantity::backward;
  static constexpr std::string_view name = "backward";
  static constexpr FormatVersion since = first_format;
  static constexpr std::array profiles{
      Profile{"backward", "g_l", "g_l = |δ^l|², squared norm of the gradient with respect to z^l",
              ProfileKind::positive, Travel::down, "backward_first", "ln g_1 of every replica"}};
};

struct WeightGradientMeasure {
  static constexpr Quantity quantity = Quantity::weight_gradient;
  static constexpr std::string_view name = "weight_gradient";
  static constexpr FormatVersion since = first_format;
  static constexpr std::array profiles{Profile{
      "weight_gradient", "ω_l", "ω_l = |δ^l|²|a^(l-1)|², squared Frobenius norm of the gradient of W^l",
      ProfileKind::positive, Travel::down}};
};

struct CorrelationMeasure {
  static constexpr Quantity quantity = Quantity::correlation;
  static constexpr std::string_view name = "correlation";
  static constexpr FormatVersion since = first_format;
  static constexpr std::array profiles{
      Profile{"correlation", "c_l", "c_l, cosine of z^l of two inputs", ProfileKind::overlap, Travel::up},
      Profile{"gradient_correlation", "γ_l",
              "γ_l, cosine of δ^l of two inputs under the same output gradient", ProfileKind::overlap,
              Travel::down}};
};

struct ActivationsMeasure {
  static constexpr Quantity quantity = Quantity::activations;
  static constexpr std::string_view name = "activations";
  static constexpr FormatVersion since{1, 2};
  static constexpr std::array profiles{
      Profile{"activations", "A_l", "A_l = |a^l|²/n, mean square of the activations a^l = φ(z^l) of layer l",
              ProfileKind::positive, Travel::up}};
};

/// The diagonal of the network's own neural tangent kernel, ⟨v, z^L⟩ in standard parametrization.
struct NtkMeasure {
  static constexpr Quantity quantity = Quantity::ntk;
  static constexpr std::string_view name = "ntk";
  static constexpr FormatVersion since{1, 2};
  static constexpr std::array profiles{
      Profile{"ntk_weight", "Θ_W", "Θ_W = Σ_l ω_l, squared norm of the gradient of the weights of all layers",
              ProfileKind::total, Travel::down, "ntk_weight", "ln Θ_W of every replica, Θ_W = Σ_l ω_l"},
      Profile{"ntk_bias", "Θ_b", "Θ_b = Σ_l g_l, squared norm of the gradient of the biases of all layers",
              ProfileKind::total, Travel::down, "ntk_bias", "ln Θ_b of every replica, Θ_b = Σ_l g_l"}};
};

constexpr Profile gradient_of(std::string_view name, std::string_view symbol, std::string_view definition) {
  return {name, symbol, definition, ProfileKind::positive, Travel::down};
}

/// ω_l, a matrix a profile, in the order of MatrixRole: fill where the block has no such matrix.
struct GroupsMeasure {
  static constexpr Quantity quantity = Quantity::groups;
  static constexpr std::string_view name = "groups";
  static constexpr FormatVersion since{1, 2};
  static constexpr std::array profiles{
      gradient_of("weight_gradient_in", "ω_in",
                  "|∂ℓ/∂W|² of the matrix into the hidden layer (mlp: W₁, glu: W₂)"),
      gradient_of("weight_gradient_gate", "ω_gate", "|∂ℓ/∂W|² of the gate's matrix (glu: W₁)"),
      gradient_of("weight_gradient_out", "ω_out",
                  "|∂ℓ/∂W|² of the matrix out of the hidden layer (mlp: W₂, glu: W₃, residual and plain: W)"),
      gradient_of("weight_gradient_query", "ω_Q", "|∂ℓ/∂W_Q|²"),
      gradient_of("weight_gradient_key", "ω_K", "|∂ℓ/∂W_K|²"),
      gradient_of("weight_gradient_value", "ω_V", "|∂ℓ/∂W_V|²"),
      gradient_of("weight_gradient_attention_out", "ω_O", "|∂ℓ/∂W_O|²")};
};

struct BranchGradientMeasure {
  static constexpr Quantity quantity = Quantity::branch_gradient;
  static constexpr std::string_view name = "branch_gradient";
  static constexpr FormatVersion since{1, 2};
  static constexpr std::array profiles{gradient_of(
      "branch_gradient", "(∂ℓ/∂β)²", "(∂ℓ/∂β)², squared gradient of the branch's scale in layer l")};
};

template <class... Measure>
struct MeasureList {};

}  // namespace varprop

// A build may have measures of its own: a header that declares them, each with `read` for how it is read off
// a network, and their list as varprop::ExtraMeasures (VARPROP_EXTRA_MEASURES in CMakeLists.txt).
#if defined(VARPROP_EXTRA_MEASURES)
#include VARPROP_EXTRA_MEASURES
#else
namespace varprop {
using ExtraMeasures = MeasureList<>;
}
#endif

namespace varprop {

template <class... A, class... B>
MeasureList<A..., B...> joined(MeasureList<A...>, MeasureList<B...>);
using AllMeasures =
    decltype(joined(MeasureList<ForwardMeasure, BackwardMeasure, WeightGradientMeasure, CorrelationMeasure,
                                ActivationsMeasure, NtkMeasure, GroupsMeasure, BranchGradientMeasure>{},
                    ExtraMeasures{}));

/// A measure's declaration as a value.
struct Measure {
  Quantity quantity;
  std::string_view name;
  FormatVersion since;
  std::span<const Profile> profiles;

  constexpr const Profile& first() const { return profiles.front(); }
};

template <class... M>
constexpr auto measure_table(MeasureList<M...>) {
  return std::array{Measure{M::quantity, M::name, M::since, M::profiles}...};
}
inline constexpr auto all_measures = measure_table(AllMeasures{});

constexpr const Measure& measure_of(Quantity quantity) {
  for (const Measure& measure : all_measures) {
    if (measure.quantity == quantity) return measure;
  }
  throw "a quantity that no measure declares";
}

/// Of one positive number a layer: what rates, laws and tables are of.
constexpr bool is_positive(const Measure& measure) {
  return measure.profiles.size() == 1 && measure.profiles.front().kind == ProfileKind::positive;
}

/// A number of whole networks, and the measure that it comes with.
struct Total {
  const Profile* profile;
  Quantity quantity;
};

/// Calls f(total) for the totals of all measures, in order.
template <class F>
constexpr void for_each_total(F f) {
  for (const Measure& measure : all_measures) {
    for (const Profile& profile : measure.profiles) {
      if (profile.kind == ProfileKind::total) f(Total{&profile, measure.quantity});
    }
  }
}
inline constexpr auto all_totals = [] {
  constexpr auto count = [] {
    std::size_t totals = 0;
    for_each_total([&](const Total&) { ++totals; });
    return totals;
  }();
  std::array<Total, count> all{};
  std::size_t i = 0;
  for_each_total([&](const Total& total) { all[i++] = total; });
  return all;
}();

/// Where a total stands among them.
constexpr std::size_t position_of_total(std::string_view name) {
  for (std::size_t i = 0; i < all_totals.size(); ++i) {
    if (all_totals[i].profile->name == name) return i;
  }
  throw "a total that no measure declares";
}

/// The profiles of overlaps of all measures, in order.
inline constexpr auto all_overlaps = [] {
  constexpr auto of_measure = [](const Measure& measure) {
    return static_cast<std::size_t>(
        std::count_if(measure.profiles.begin(), measure.profiles.end(),
                      [](const Profile& p) { return p.kind == ProfileKind::overlap; }));
  };
  constexpr auto count = [of_measure] {
    std::size_t overlaps = 0;
    for (const Measure& measure : all_measures) overlaps += of_measure(measure);
    return overlaps;
  }();
  std::array<const Profile*, count> all{};
  std::size_t i = 0;
  for (const Measure& measure : all_measures) {
    for (const Profile& profile : measure.profiles) {
      if (profile.kind == ProfileKind::overlap) all[i++] = &profile;
    }
  }
  return all;
}();

/// Where an overlap stands among them.
constexpr std::size_t position_of_overlap(std::string_view name) {
  for (std::size_t i = 0; i < all_overlaps.size(); ++i) {
    if (all_overlaps[i]->name == name) return i;
  }
  throw "an overlap that no measure declares";
}

/// The measures of positive numbers, in order.
inline constexpr auto positive_quantities = [] {
  constexpr auto count = static_cast<std::size_t>(std::count_if(
      all_measures.begin(), all_measures.end(), [](const Measure& m) { return is_positive(m); }));
  std::array<Quantity, count> all{};
  std::size_t i = 0;
  for (const Measure& measure : all_measures) {
    if (is_positive(measure)) all[i++] = measure.quantity;
  }
  return all;
}();

template <>
struct EnumWords<Quantity> {
  static constexpr std::string_view noun = "measure";
  static constexpr auto words = std::apply(
      [](const auto&... measure) {
        return std::array{std::pair{measure.quantity, measure.name}...};
      },
      all_measures);
};

/// The symbol of a quantity at layer l.
constexpr std::string_view symbol(Quantity quantity) {
  return measure_of(quantity).first().symbol;
}

/// How one number is stored.
enum class Element { float64, int32 };

/// A dataset over the layers: how its name ends, what it tells of the profile, and since when files have it.
template <class Moments>
struct Statistic {
  std::string_view suffix;
  Element element;
  std::string_view meaning;  ///< " of " and the profile's definition follow
  double (*of)(const Moments&);
  FormatVersion since = first_format;
};

/// What is told of a positive number over the replicas of a batch.
inline constexpr std::array positive_statistics{
    Statistic<LogMoments>{"_log_mean", Element::float64,
                          "mean over the batch's non-extinct replicas of the natural logarithm",
                          [](const LogMoments& m) { return m.log_mean(); }},
    Statistic<LogMoments>{"_log_variance", Element::float64,
                          "unbiased variance over the batch's non-extinct replicas of the natural logarithm",
                          [](const LogMoments& m) { return m.log_variance(); }},
    Statistic<LogMoments>{"_log_of_mean", Element::float64,
                          "natural logarithm of the arithmetic mean over the batch's replicas",
                          [](const LogMoments& m) { return m.log_of_mean(); }},
    Statistic<LogMoments>{"_extinct", Element::int32, "number of the batch's replicas with a zero",
                          [](const LogMoments& m) { return static_cast<double>(m.extinct()); }}};

/// The same of an overlap: of c, and of 1 − c.
struct OverlapMoments {
  Moments values;
  LogMoments distances;
  std::int64_t without = 0;  ///< replicas that have no cosine: one of the two is zero
};
inline constexpr FormatVersion format_of_counts{1, 2};  ///< files before it do not say what means are over
inline constexpr std::array overlap_statistics{
    Statistic<OverlapMoments>{"_mean", Element::float64, "mean over the batch's replicas",
                              [](const OverlapMoments& m) { return m.values.mean(); }},
    Statistic<OverlapMoments>{"_variance", Element::float64, "unbiased variance over the batch's replicas",
                              [](const OverlapMoments& m) { return m.values.variance(); }},
    Statistic<OverlapMoments>{"_log_distance_mean", Element::float64,
                              "mean of the natural logarithm of its distance from 1,",
                              [](const OverlapMoments& m) { return m.distances.log_mean(); }},
    Statistic<OverlapMoments>{"_log_distance_variance", Element::float64,
                              "unbiased variance of the natural logarithm of its distance from 1,",
                              [](const OverlapMoments& m) { return m.distances.log_variance(); }},
    Statistic<OverlapMoments>{"_extinct", Element::int32,
                              "number of the batch's replicas without a cosine, one of the two being zero,",
                              [](const OverlapMoments& m) { return static_cast<double>(m.without); },
                              format_of_counts},
    Statistic<OverlapMoments>{
        "_log_distance_extinct", Element::int32,
        "number of the batch's replicas without a logarithm of the distance from 1,",
        [](const OverlapMoments& m) { return static_cast<double>(m.without + m.distances.extinct()); },
        format_of_counts}};

/// The newest of what a measure's datasets ask for.
constexpr FormatVersion newest_dataset_of(const Measure& measure) {
  FormatVersion newest = measure.since;
  for (const Profile& profile : measure.profiles) {
    if (profile.kind != ProfileKind::overlap) continue;
    for (const auto& statistic : overlap_statistics) newest = std::max(newest, statistic.since);
  }
  return newest;
}

}  // namespace varprop
