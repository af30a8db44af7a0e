// Networks beyond the plain one as their simulation needs them: a residual stream, blocks that read and write
// it, tokens, and the variance of every matrix as a number.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "core/math/magnitude.hpp"
#include "core/network/activations/activation.hpp"
#include "core/network/axes.hpp"
#include "core/network/block.hpp"
#include "core/network/point.hpp"
#include "core/network/settings.hpp"

namespace varprop {

/// A point's networks in the symbols of their equations.
struct StreamNetwork {
  Block block = Block::mlp;
  Activation activation = Activation::parse("relu");
  Norm norm = Norm::none;
  WeightDistribution weights = WeightDistribution::gaussian;  ///< any but orthogonal
  std::int64_t n = 1;                                         ///< width of the stream
  std::int32_t L = 1;                                         ///< layers
  double skip = 1;                                            ///< α
  double branch_scale = 1;                                    ///< β, its power of L done
  std::int64_t m = 1;                                         ///< hidden width of mlp and glu
  ByRole<Magnitude> variance{};                               ///< k: Var W_ij of each matrix itself
  Magnitude bias_variance{};                                  ///< σ_b², where the equations have biases
  std::int32_t heads = 1;                                     ///< H, divides n
  std::int32_t tokens = 1;                                    ///< T ≤ n
  double keep = 1;                                            ///< p
  AttentionMask mask = AttentionMask::none;
  AttentionScale scale = AttentionScale::sqrt;
  InputDistribution input = InputDistribution::sphere;  ///< of a single token; several are on the sphere
  double input_mean_square = 1;                         ///< E|x_t|²/n
  double input_correlation = 0;                         ///< c_0: cosine of any two tokens
};

/// The networks of a point.
StreamNetwork stream_network(const Point& point, const NetworkSettings& settings);

/// n_out n_in of a matrix of a stream's layer; 0 where it has none.
double weights_of(const Point& point, MatrixRole role);
/// Weights of a layer: the sum over its matrices.
double weights_of_layer(const Point& point);
/// m.
std::int64_t hidden_width(const Point& point);
/// β = branch_scale · L^(−branch_power).
double branch_scale(const Point& point);

}  // namespace varprop
