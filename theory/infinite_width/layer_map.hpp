// A layer of infinite width as a map: what it does to a signal on its way up and to a gradient on its way
// down; and the layer where a simulated network starts.
#pragma once

#include <vector>

#include "core/network/point.hpp"
#include "theory/means/mean_field.hpp"

namespace varprop::theory {

/// The variances of weights (times fan-in) and biases: σ_w² and σ_b².
struct Variances {
  double weight;
  double bias;
};

/// What is followed from layer to layer, in logarithms: nothing leaves the range of doubles but signals that
/// die out or grow ever faster, whose logarithms become infinite.
struct LayerState {
  double log_q;  ///< ln of the signal's variance

  friend bool operator==(const LayerState&, const LayerState&) = default;
};

struct LayerStep {
  LayerState next;
  double log_gradient_factor;  ///< ln(g_l/g_{l+1}): what the layer does to a squared gradient norm
};

/// A kind of layer. Fixed points and critical variances are for maps that do not depend on l; profiles for
/// all.
class LayerMap {
 public:
  virtual ~LayerMap() = default;

  /// From layer l to l + 1; l counts from 1.
  LayerStep step(const LayerState& state, int l) const {
    return {next(state, l), log_gradient_factor(state, l)};
  }
  virtual LayerState next(const LayerState& state, int l) const = 0;
  virtual double log_gradient_factor(const LayerState& state, int l) const = 0;
  /// Whether every layer is alike, so that a state that stays where it is will stay there.
  virtual bool alike() const = 0;
};

/// z' = Wφ(z) + b: q' = σ_w² V(q) + σ_b², and a squared gradient norm takes the factor σ_w² D(q). Beyond
/// 1e±290 V is taken for the straight line that it is there to double precision (a power of q where φ is
/// one). `mean_field` outlives the map.
class PlainLayer : public LayerMap {
 public:
  PlainLayer(const MeanField& mean_field, Variances variances)
      : mean_field_(mean_field), variances_(variances) {}

  LayerState next(const LayerState& state, int l) const override;
  double log_gradient_factor(const LayerState& state, int l) const override;
  bool alike() const override { return true; }

 private:
  const MeanField& mean_field_;
  Variances variances_;
};

/// The states of layers 1 … L. A sequence that has settled is not computed on.
std::vector<LayerState> layer_profile(const LayerMap& map, LayerState first, int depth);

/// Goes on from the last layer of a profile, which has one, to layer `depth`.
void extend_profile(std::vector<LayerState>& profile, const LayerMap& map, int depth);

/// ln(g_l/g_{l+1}) for l = 1 … L: of every layer of a profile.
std::vector<double> log_gradient_factors(const LayerMap& map, const std::vector<LayerState>& profile);

/// ln q_1 … ln q_L of plain layers, from ln q_1 on.
std::vector<double> log_variance_profile(const MeanField& mean_field, Variances variances, double log_first_q,
                                         int depth);

/// ln A_{l−1} = ln((q_l − σ_b²)/σ_w²): the mean square of what the weights of a layer were given, M or
/// V(q_{l−1}).
double log_given_square(Variances variances, double log_q);

/// Σ ln(σ_w² D(q_l)) over l = 1 … L − 1: ln g_1 of infinite width, for a profile as above.
double log_gradient_gain(const MeanField& mean_field, Variances variances, const std::vector<double>& log_q);

/// σ_w² = n Var W_ij and σ_b² of a point, whatever the variance scaling.
Variances variances_of(const Point& point, VarianceScaling scaling);

/// q_1 = σ_w² M + σ_b², M = E|x|²/n.
double first_layer_variance(Variances variances, double input_mean_square = 1);

/// ⟨ln(|x|²/n)⟩ of an input with E|x|²/n = 1: 0 where |x|² = n, ψ(n/2) − ln(n/2) where it is χ²_n, and for
/// uniform x_i, with S = |x|²/n and M(s) = E e^{−s x_i²} = √π erf(√(3s))/(2√(3s)),
///     ⟨ln S⟩ = ∫₀^∞ (e^{−t} − M(t/n)ⁿ) dt/t   (ln 3 − 2 at n = 1, about −2/(5n) at large n).
double mean_log_input_square(InputDistribution input, Width width);

/// The same for E|x|²/n = M: with ln M.
double mean_log_input_square(const NetworkSettings& settings, Width width);

}  // namespace varprop::theory
