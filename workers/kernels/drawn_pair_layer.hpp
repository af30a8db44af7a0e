// The O(n) part of the conditional engine with two inputs: passes over the neurons of one layer.
#pragma once

#include <cstdint>
#include <optional>

#include "core/random/stream.hpp"
#include "workers/kernels/activate.hpp"
#include "workers/network/random_network.hpp"
#include "workers/network/stop_flag.hpp"

namespace varprop::workers {

/// The pre-activations of both inputs as mixtures of standard normals: z₁ = s ζ with ζ = first·ε₁ + bias·b,
/// and z₂ − z₁ = s_w ω with ω = along·ε₁ + across·ε₂. (b: the biases where ε₁ does not contain them.)
struct PairMixture {
  double first = 1;
  double bias = 0;
  double along = 0;
  double across = 1;
};

/// The streams of one layer, each of n normals.
struct PairStreams {
  Stream epsilon_1, epsilon_2, bias, xi_1, xi_2;
};

/// What a branch makes of φ neuron by neuron: h = φ(z) ⊙ t m/p, with a gate's values t and dropout's masks,
/// independent of one another, where there are any. h takes the place of φ in sums, and what goes back
/// through φ, or to the values, that of slopes; differences are in the units of the first.
struct PairHidden {
  struct Values {
    Stream epsilon_1, epsilon_2;
  };
  std::optional<Values> values;  ///< t₁ ∝ ε̃₁, t₂ − t₁ ∝ step·ω̃, ω̃ mixed from both as ω is
  std::optional<DropoutMask> mask;  ///< column 0 the first's, 1 the second's
  bool to_values = false;           ///< what goes back: to t, not through φ
  double step = 0;
  double difference = 0, bending = 0;  ///< of φ's differences and bends their units in those of the first
  double first = 1, second = 1;        ///< apart: the units of both slopes in those of the larger
};

/// What a pass runs over.
struct PairPass {
  PairActivationPass activation;
  PairMixture mixture;
  PairStreams streams;
  std::int64_t n;
  const StopFlag* stop;                ///< looked at every few hundred neurons; once raised the sums are void
  const PairHidden* hidden = nullptr;  ///< must outlive the pass; none: h = φ(z)
};

/// Sums over the neurons of a layer: ζ, ω as above; α, Δ the activation of the first and the difference of
/// both (PairRange); ξ₁, ξ₂ the fresh normals of the gradients. Of h where the pass has one.
struct PairSums {
  double zeta_zeta, zeta_omega, omega_omega;
  double alpha_alpha, alpha_delta, delta_delta;
  double second_alpha_squared;  ///< Σ φ(z₂)²: exactly 0 where the second signal is extinct
  double slope_squared;         ///< Σ φ'(z₁)²
  double second_slope_squared;  ///< Σ φ'(z₂)²
  double alpha_xi_1, alpha_xi_2, delta_xi_1, delta_xi_2;
  double xi_11, xi_12, xi_22;
  double value_squared, second_value_squared;  ///< Σ φ(z₁)², Σ φ(z₂)², of φ itself as those of slopes are
};
PairSums sum_pair(const PairPass& pass);

/// How the gradients' vectors before φ' come about: Wᵀδ₁ ∝ y₁ = x₁₁ξ₁ + u₁₁α + u₁₂Δ and Wᵀ(δ₂ − δ₁) ∝ y_d =
/// x₂₁ξ₁ + x₂₂ξ₂ + u₂₁α + u₂₂Δ; then d₁ = φ'(z₁) y₁, d₂ = φ'(z₂)(y₁ + turn·y_d) and f = share·φ'(z₂) y_d +
/// bending·bend·y₁ + of_second·d₂ + of_first·d₁.
struct GradientMixture {
  double x_11 = 1, x_21 = 0, x_22 = 0;
  double u_11 = 0, u_12 = 0, u_21 = 0, u_22 = 0;
  double share = 0;
  double bending = 0;
  double turn = 0;
  double of_first = 0, of_second = 0;
};

/// Sums of d₁, f and d₂, and their products with ε₁ and ε₂ (to values: ε̃₁ and ε̃₂).
struct PairGradientSums {
  double first_first, first_difference, difference_difference;
  double epsilon_1_first, epsilon_2_first, epsilon_1_difference, epsilon_2_difference;
  double second_second, first_second, epsilon_1_second, epsilon_2_second;
  double first_fresh;  ///< Σ (φ'(z₁) x₁₁ξ₁)²: what Σd₁² would be of fresh normals alone
};
PairGradientSums sum_pair_gradient(const PairPass& pass, const GradientMixture& mixture);

/// The smallest decays of both signals, apart.
PairTailUnits find_tail_units(const PairPass& pass);

/// Σε₁², Σε₁ε₂, Σε₂² alone.
struct DirectionSums {
  double e_11, e_12, e_22;
};
DirectionSums sum_directions(const PairStreams& streams, std::int64_t n, const StopFlag* stop);

}  // namespace varprop::workers
