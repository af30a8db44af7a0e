// One point of a sweep: one random-network ensemble whose signal and gradient are measured.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/activations/activation.hpp"
#include "core/math/magnitude.hpp"
#include "core/point/choices.hpp"
#include "core/point/strong.hpp"

namespace varprop {

/// σ_w²: the weights' variance times n (fan_in) or the variance itself (none). Finite, > 0.
using WeightVariance = Strong<struct WeightVarianceTag, double>;
/// σ_b²: the biases' variance. Finite, ≥ 0.
using BiasVariance = Strong<struct BiasVarianceTag, double>;
/// n: neurons in every layer, the input included. From 1.
using Width = Strong<struct WidthTag, std::int64_t>;
/// L: layers of weights. From 1 to 2²⁰ − 1.
using Depth = Strong<struct DepthTag, std::int32_t>;

/// Raised whenever any simulated number changes. Files of another version are not resumed or merged.
inline constexpr int numerics_version = 3;

inline constexpr std::int64_t largest_width = std::int64_t{1} << 40;
inline constexpr std::int64_t largest_dense_width = std::int64_t{1} << 20;
/// Orthogonal matrices are made in O(n³) time: for checking the conditional engine, not for sweeps.
inline constexpr std::int64_t largest_dense_orthogonal_width = 256;
inline constexpr std::int32_t largest_depth = (std::int32_t{1} << 20) - 1;

/// The coordinates of a point, one member per axis of the grid (core/sweep/axes.hpp).
struct Point {
  Activation activation;
  Weights weights;
  WeightVariance weight_variance;
  BiasVariance bias_variance;
  Width width;
  Depth depth;

  friend bool operator==(const Point&, const Point&) = default;
};

/// What all points of a sweep have in common and what their numbers depend on.
struct Ensemble {
  VarianceScaling variance_scaling = VarianceScaling::fan_in;
  InputDistribution input = InputDistribution::sphere;
  Engine engine = Engine::automatic;
  /// c_0, cosine of the two inputs, from −1 to 1; nothing where one input is simulated.
  std::optional<double> input_correlation = std::nullopt;

  friend bool operator==(const Ensemble&, const Ensemble&) = default;
};

/// Var W_ij = σ_w²/n or σ_w². A double could not hold the smallest σ_w² over n.
Magnitude entry_variance(const Point& point, VarianceScaling scaling);

/// The text that names a point's numbers. Fixed key order, shortest round-trip numbers, the engine resolved:
///     numerics_version=3;activation=tanh;weights=gaussian;weight_variance=1.5;bias_variance=0;width=64;depth=16;
///     variance_scaling=fan_in;input=sphere;engine=conditional;inputs=1
/// A key that a later version adds stands here only where it is not at its default.
std::string canonical_text(const Point& point, const Ensemble& ensemble);

/// 64-bit FNV-1a: h of a point's canonical text selects its random numbers.
std::uint64_t hash_text(std::string_view text);

}  // namespace varprop
