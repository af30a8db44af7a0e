// φ and φ' of an array of pre-activations, of one signal or of two: the one place where the engines without
// weights evaluate activations.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/network/activations/activation.hpp"
#include "workers/network/signal_range.hpp"

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

/// Where what both signals do at every neuron goes (symbols as in PairRange). Shapes: each [size], zero
/// beyond n.
struct PairArrays {
  /// In six equal parts of `room`, which must outlive this.
  explicit PairArrays(std::span<double> room)
      : alpha(part(room, 0)),
        second_alpha(part(room, 1)),
        difference(part(room, 2)),
        slope(part(room, 3)),
        second_slope(part(room, 4)),
        bend(part(room, 5)) {}

  std::span<double> alpha;         ///< α = φ(z₁)/τ
  std::span<double> second_alpha;  ///< φ(z₂)/τ
  std::span<double> difference;    ///< (a₂ − a₁)/s_w; apart: φ(z₂) in its own units
  std::span<double> slope;         ///< φ'(z₁)
  std::span<double> second_slope;  ///< φ'(z₂)
  std::span<double> bend;          ///< (φ'(z₂) − φ'(z₁))/bending; apart: zero

  static constexpr std::size_t count = 6;

 private:
  static std::span<double> part(std::span<double> room, std::size_t i) {
    return room.subspan(i * (room.size() / count), room.size() / count);
  }
};

/// How both signals of a layer are activated, at z₁ = sζ and z₂ = z₁ + s_w ω.
struct PairActivationPass {
  Activation activation;
  PairRange range;
};

/// The smallest decays of both signals among the neurons. Shapes: ζ, ω as below, of which `scratch` holds as
/// many.
PairTailUnits find_tail_units(const PairActivationPass& pass, std::span<const double> zeta,
                              std::span<const double> omega, std::span<double> scratch);

/// Of n neurons. Shapes: ζ and ω [the same multiple of 8, at least n], of which as many are written to each
/// of `out`. Equal bits on every instruction set.
void activate_pair(const PairActivationPass& pass, std::int64_t n, std::span<const double> zeta,
                   std::span<const double> omega, const PairArrays& out);

}  // namespace varprop::workers
