// A weight variance as lines of PyTorch, Keras and JAX.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/network/activations/activation.hpp"
#include "core/network/axes.hpp"

namespace varprop::driver {

/// What the layers are to begin with.
struct InitRecipe {
  Activation activation;
  WeightDistribution weights;
  double weight_variance;  ///< σ_w² = n Var W_ij
  double bias_variance;    ///< σ_b², of normal biases
  std::int64_t width;      ///< n

  double gain() const;                ///< σ_w: of xavier, orthogonal
  double standard_deviation() const;  ///< of a weight: σ_w/√n
  double bound() const;               ///< of uniform weights: √3 σ_w/√n
};

/// Programs that set every linear layer of a torch.nn.Module named model, each by itself: by the standard
/// deviation or the bound at this width, then by the gain, which other widths have too (xavier_ of layers
/// that are not square takes the mean of both), then by fan_in.
std::vector<std::string> torch_lines(const InitRecipe& recipe);

/// A program that makes a Dense layer; none where Keras has no such law. The activation stands in it where
/// Keras has it by the same formula.
std::vector<std::string> keras_lines(const InitRecipe& recipe);

/// A program that makes kernel_init, bias_init and a matrix of weights W.
std::vector<std::string> jax_lines(const InitRecipe& recipe);

/// What Keras' and JAX' VarianceScaling call a law: "untruncated_normal" and "normal"; empty where they have
/// none.
std::string_view keras_distribution(WeightDistribution weights);
std::string_view jax_distribution(WeightDistribution weights);

}  // namespace varprop::driver
