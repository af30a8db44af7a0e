// φ and φ' of an array of pre-activations: the one place where the engines with one input evaluate
// activations.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/network/activations/activation.hpp"

namespace varprop::workers {

/// How a layer evaluates its activation, at pre-activations z = scale·ζ.
struct ActivationPass {
  Activation activation;
  std::optional<Slopes> linear;  ///< in its place: φ is two straight lines at this size of signal
  double scale;                  ///< of z
  std::optional<TailUnits> tail = std::nullopt;  ///< in these units, where the whole layer is in its tail
};

/// α = φ(z) and σ = φ'(z) of n neurons. Shapes: all [the same multiple of 8, at least n]; α and σ are zero
/// beyond n. Equal bits on every instruction set.
void activate(const ActivationPass& pass, std::int64_t n, std::span<const double> zeta,
              std::span<double> alpha, std::span<double> sigma);

/// The smallest decays of φ and φ' among the neurons: the units for a layer in its tail. Where ζ = 0 there is
/// no neuron.
TailUnits find_tail_units(const ActivationPass& pass, std::span<const double> zeta);

}  // namespace varprop::workers
