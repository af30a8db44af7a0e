// Exact simulation of one finite network with two inputs, without its weight matrices.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "workers/kernels/drawn_pair_layer.hpp"
#include "workers/network/network_sample.hpp"
#include "workers/network/random_network.hpp"
#include "workers/network/stop_flag.hpp"
#include "workers/two_inputs/cosine.hpp"
#include "workers/two_inputs/pair_outcome.hpp"

namespace varprop::workers {

/// A vector's components along e₁ = a₁/|a₁| and e₂, the direction of what a₂ − a₁ has beside e₁. A direction
/// that does not exist (a zero or a parallel vector) has component 0.
struct Components {
  double e_1 = 0;
  double e_2 = 0;
};

/// e₁ and e₂ of one layer's signals, in terms of the sums' α and Δ (or α₂, in its place), whose cosine
/// `basis` has. However a₂ was scaled since, e₂ is the same direction. `parallel`: what went on has no e₂.
class SignalSpan {
 public:
  SignalSpan(const PairSums& sums, const DifferenceGeometry& basis, bool parallel)
      : sums_(sums),
        cosine_(basis.cosine),
        over_alpha_(sums.alpha_alpha > 0 ? 1 / std::sqrt(sums.alpha_alpha) : 0),
        over_delta_(basis.e_squared.zero() || !(sums.delta_delta > 0) ? 0 : 1 / std::sqrt(sums.delta_delta)),
        over_sine_(basis.squared_sine > 0 && over_delta_ > 0 && !parallel ? 1 / std::sqrt(basis.squared_sine)
                                                                          : 0) {}

  bool has_e_1() const { return over_alpha_ > 0; }
  bool has_e_2() const { return over_sine_ > 0; }
  Components of_xi_1() const { return components(sums_.alpha_xi_1, sums_.delta_xi_1); }
  Components of_xi_2() const { return components(sums_.alpha_xi_2, sums_.delta_xi_2); }

  /// Coefficients of α and Δ that make up the vector with these components.
  struct Coefficients {
    double alpha, delta;
  };
  Coefficients coefficients(const Components& v) const {
    const double along_delta = v.e_2 * over_sine_;
    return {(v.e_1 - cosine_ * along_delta) * over_alpha_, along_delta * over_delta_};
  }

 private:
  Components components(double alpha_product, double delta_product) const {
    const double e_1 = alpha_product * over_alpha_;
    return {e_1, (delta_product * over_delta_ - cosine_ * e_1) * over_sine_};
  }

  const PairSums& sums_;
  double cosine_;
  double over_alpha_, over_delta_, over_sine_;
};

/// Of the weights W^l: the signals a^{l−1} that went in, and how the pre-activations z^l came out.
struct PairPassage {
  DifferenceGeometry signal;  ///< u = a₁, e = a₂ − a₁
  double root_rho;            ///< √ρ, ρ = k|a₁|²/s²
  double root_one_minus_rho;  ///< √(1 − ρ) = σ_b/s
  PairMixture mixture;
  DirectionSums directions{};  ///< of the normals in the mixture; for orthogonal weights only
};

/// Products of ε₁ and ε₂ with the unit vectors δ̂₁ and f̂, f = δ₂ − δ₁, and the cosine of these two.
struct PairProjections {
  double epsilon_1_first, epsilon_2_first;
  double epsilon_1_difference, epsilon_2_difference;
  double cosine, sine;
};

/// Gaussian weights. In the basis e₁, e₂ of the signals (SignalSpan), with c, s the cosine and sine of a₁ and
/// a₂ − a₁ and r² = s² + (1−ρ)c²:
///     z₁ = s ε₁,  z₂ − z₁ = s_w (√ρ c ε₁ + r ε₂),
///     Wᵀ[δ₁ f] = √k (R [ξ₁ ξ₂] X + [e₁ e₂] M Eᵀ[δ₁ f]),   M = [√ρ, (1−ρ)c/r; 0, s/r],
///     R = I − [e₁ e₂](I₂ − θ g gᵀ)[e₁ e₂]ᵀ,   θ = √(1−ρ)/r,   g = (s, −c),
/// X the triangular root of the gradients' Gram matrix (docs/engines.md, "Two inputs"): the conditional law
/// of a Gaussian matrix given its action on two vectors, in a basis that stays well conditioned when the
/// inputs become alike; r = 0 (parallel signals, no bias) reveals no more than one signal does.
struct GaussianPairWeights {
  static bool needs_directions() { return false; }

  static PairMixture mixture(const PairPassage& p, std::int64_t) {
    const double c = p.signal.cosine;
    const double q = p.root_one_minus_rho * c;
    return {1, 0, p.root_rho * c, std::sqrt(std::fma(q, q, p.signal.squared_sine))};
  }

  /// |Wᵀδ|² per |δ|² and per unit of y.
  static Magnitude gain(const Magnitude& k, std::int64_t) { return k; }

  static GradientMixture gradient(const PairPassage& p, const SignalSpan& span, const PairSums&,
                                  const PairProjections& to) {
    GradientMixture mixture;
    mixture.x_21 = to.cosine;
    mixture.x_22 = to.sine;
    const Components xi_1 = span.of_xi_1(), xi_2 = span.of_xi_2();
    const Components xi_d{std::fma(to.cosine, xi_1.e_1, to.sine * xi_2.e_1),
                          std::fma(to.cosine, xi_1.e_2, to.sine * xi_2.e_2)};
    const auto first = span.coefficients(known(p, xi_1, to.epsilon_1_first, to.epsilon_2_first));
    const auto second = span.coefficients(known(p, xi_d, to.epsilon_1_difference, to.epsilon_2_difference));
    mixture.u_11 = first.alpha, mixture.u_12 = first.delta;
    mixture.u_21 = second.alpha, mixture.u_22 = second.delta;
    return mixture;
  }

 private:
  /// −(I₂ − θ g gᵀ) E₂ᵀξ + M (ε₁ᵀδ, ε₂ᵀδ).
  static Components known(const PairPassage& p, const Components& xi, double epsilon_1, double epsilon_2) {
    const double c = p.signal.cosine, s = std::sqrt(p.signal.squared_sine), r = p.mixture.across;
    const double over_r = r > 0 ? 1 / r : 0;
    const double kept = p.root_one_minus_rho * over_r * (s * xi.e_1 - c * xi.e_2);  // θ gᵀE₂ᵀξ
    const double q = p.root_one_minus_rho;
    return {kept * s - xi.e_1 + p.root_rho * epsilon_1 + q * q * c * over_r * epsilon_2,
            -kept * c - xi.e_2 + s * over_r * epsilon_2};
  }
};

/// Haar-orthogonal weights times σ_w. With a₁ = |a₁|e₁, a₂ − a₁ = |a₂ − a₁|(c e₁ + s e₂) and q₁, q₂ two
/// random orthonormal vectors (Gram–Schmidt of ε₁, ε₂): W e_i = σ_w q_i, and
///     Wᵀδ = σ_w (Σ e_i q_iᵀδ + H(δ − Σ q_i q_iᵀδ)),
/// H a random isometry onto what is orthogonal to e₁, e₂ (Gram–Schmidt of ξ₁, ξ₂). For n ≥ 4.
struct OrthogonalPairWeights {
  static bool needs_directions() { return true; }

  static PairMixture mixture(const PairPassage& p, std::int64_t width) {
    const double root_n = std::sqrt(static_cast<double>(width));
    const double norm = std::sqrt(p.directions.e_11);
    const double across = root_n * std::sqrt(p.signal.squared_sine) / std::sqrt(second_square(p.directions));
    const double along = root_n * p.signal.cosine / norm - across * (p.directions.e_12 / p.directions.e_11);
    return {p.root_rho * root_n / norm, p.root_one_minus_rho, along, across};
  }

  static Magnitude gain(const Magnitude& k, std::int64_t width) {
    return k * Magnitude::from(static_cast<double>(width));
  }

  static GradientMixture gradient(const PairPassage& p, const SignalSpan& span, const PairSums& sums,
                                  const PairProjections& to) {
    const Components first = revealed(p, span, to.epsilon_1_first, to.epsilon_2_first);
    const Components second = revealed(p, span, to.epsilon_1_difference, to.epsilon_2_difference);
    const double c_1 = std::sqrt(rest(1, first, first));
    const double t_1 = c_1 > 0 ? (to.cosine - first.e_1 * second.e_1 - first.e_2 * second.e_2) / c_1 : 0;
    const double t_2 = std::sqrt(std::max(0.0, rest(1, second, second) - t_1 * t_1));
    return mix(span, sums, first, second, c_1, t_1, t_2);
  }

 private:
  /// |ε₂|² beside ε₁.
  static double second_square(const DirectionSums& e) { return e.e_22 - e.e_12 * (e.e_12 / e.e_11); }

  /// q₁ᵀδ and q₂ᵀδ.
  static Components revealed(const PairPassage& p, const SignalSpan& span, double epsilon_1,
                             double epsilon_2) {
    const DirectionSums& e = p.directions;
    const double beside = epsilon_2 - e.e_12 / e.e_11 * epsilon_1;
    return {span.has_e_1() ? epsilon_1 / std::sqrt(e.e_11) : 0,
            span.has_e_2() ? beside / std::sqrt(second_square(e)) : 0};
  }

  static double rest(double product, const Components& a, const Components& b) {
    return std::max(0.0, product - a.e_1 * b.e_1 - a.e_2 * b.e_2);
  }

  /// y₁ = Σ e_i first_i + c₁h₁ and y_d = Σ e_i second_i + t₁h₁ + t₂h₂, h₁, h₂ from ξ₁, ξ₂.
  static GradientMixture mix(const SignalSpan& span, const PairSums& sums, const Components& first,
                             const Components& second, double c_1, double t_1, double t_2) {
    const Components xi_1 = span.of_xi_1(), xi_2 = span.of_xi_2();
    const double S_11 = sums.xi_11 - xi_1.e_1 * xi_1.e_1 - xi_1.e_2 * xi_1.e_2;
    const double S_12 = sums.xi_12 - xi_1.e_1 * xi_2.e_1 - xi_1.e_2 * xi_2.e_2;
    const double S_22 = sums.xi_22 - xi_2.e_1 * xi_2.e_1 - xi_2.e_2 * xi_2.e_2;
    GradientMixture m;
    m.x_11 = c_1 / std::sqrt(S_11);
    m.x_22 = t_2 / std::sqrt(S_22 - S_12 * (S_12 / S_11));
    m.x_21 = t_1 / std::sqrt(S_11) - m.x_22 * (S_12 / S_11);
    const auto u_1 = span.coefficients({first.e_1 - m.x_11 * xi_1.e_1, first.e_2 - m.x_11 * xi_1.e_2});
    const auto u_2 = span.coefficients({second.e_1 - m.x_21 * xi_1.e_1 - m.x_22 * xi_2.e_1,
                                        second.e_2 - m.x_21 * xi_1.e_2 - m.x_22 * xi_2.e_2});
    m.u_11 = u_1.alpha, m.u_12 = u_1.delta;
    m.u_21 = u_2.alpha, m.u_22 = u_2.delta;
    return m;
  }
};

/// The conditional engine with two inputs of equal norm and cosine c_0: any activation, O(n) time a layer,
/// O(L) memory; the normals of a layer are drawn anew on the way back. Both signals and both gradients are
/// kept as the first and the difference of both, each at size 1 with its norm beside it, so that 1 − c and
/// 1 − γ keep their digits however alike the inputs become.
template <class PairWeights>
class PairEngine {
 public:
  PairEngine(const Point& point, const NetworkSettings& settings, const PointKey& key);

  /// Simulates network number `replica` (counted through all batches). Throws Stopped if `stop` is raised
  /// meanwhile.
  void operator()(std::uint32_t replica, NetworkSample& sample, const StopFlag& stop);

 private:
  struct Layer {
    PairPassage passage;  ///< through W^l
    PairSizes sizes;
    PairRange range;
    PairSums sums;
    DifferenceGeometry basis;  ///< of α and Δ
  };
  /// Two gradients at a layer: u = δ₁ and e = δ₂|δ₁|/|δ₂| − δ₁. The way back is linear, so the length of δ₂
  /// means nothing to the cosine.
  struct Gradient {
    DifferenceGeometry norms;
    PairProjections projections;
    bool second_alive = true;
  };

  DifferenceGeometry input(std::uint32_t replica) const;
  PairPass pass(std::uint32_t replica, std::int32_t l, const Layer& layer) const;
  PairOutcome through_weights(std::int32_t l, const PairOutcome& signal, const PairSizes& sizes) const;
  void enter(std::uint32_t replica, std::int32_t l, const PairOutcome& signal);
  void sum(std::uint32_t replica, std::int32_t l, Layer& layer);
  void redo_in_tail(std::uint32_t replica, std::int32_t l, Layer& layer, bool both_alive);
  Magnitude squared_last_activations(std::uint32_t replica);
  PairOutcome leave(Layer& layer);
  /// False where the first signal explodes, and with it the rest of the sample.
  bool forward(std::uint32_t replica, NetworkSample& sample);
  void backward(std::uint32_t replica, NetworkSample& sample);
  Gradient output_gradient(std::uint32_t replica) const;
  Gradient step_down(std::uint32_t replica, std::int32_t l, const Gradient& above) const;
  Gradient measured(const PairGradientSums& sums, const EqualNorms& compared) const;
  PairGradientSums sum_gradient(std::uint32_t replica, std::int32_t l, const GradientMixture& mixture) const;
  EqualNorms refine(std::uint32_t replica, std::int32_t l, GradientMixture mixture, const EqualNorms& rough,
                    PairGradientSums& sums) const;

  RandomNetwork network_;
  double input_correlation_;
  const StopFlag* stop_ = nullptr;  ///< of the replica at hand
  std::vector<Layer> layers_;       ///< element l − 1 is layer l
  /// Both signals have been alive so far. Once one has died (no bias), the other goes on alone.
  bool both_alive_ = true;
};

using ConditionalPairEngine = PairEngine<GaussianPairWeights>;
using OrthogonalPairEngine = PairEngine<OrthogonalPairWeights>;

}  // namespace varprop::workers
