// Expectations over two Gaussian signals u₁, u₂ of variance q and correlation c = cos θ.
//
//     u₁ = s + d,  u₂ = s − d,  s ~ N(0, q cos²(θ/2)),  d ~ N(0, q sin²(θ/2)) independent
//
// In s and d nothing cancels where c is near ±1. Nested 21-point Gauss–Kronrod rules: an outer one over d > 0
// (what is averaged must not change when u₁ and u₂ do change places), an inner one over s. Panels of the
// inner rule end at the kinks of φ(u₁) and φ(u₂), s = k − d and s = k + d; those of the outer one where two
// such lines cross. Panels are at most 2 wide in units of the standard deviation, and no wider in s than 2 or
// their distance from u₁ = 0 and u₂ = 0 (the scale of φ). What is farther out than 8 standard deviations is
// left out: less than 1e-13.
#pragma once

#include <array>
#include <cmath>
#include <vector>

#include "core/activations/traits.hpp"
#include "theory/quadrature.hpp"

namespace varprop {

/// Two numbers that are averaged side by side, because both follow from the same values of φ.
using Two = std::array<double, 2>;

/// The nodes of a rule on [−1, 1], with the weights of two embedded rules.
struct NestedRule {
  static constexpr std::size_t size = 21;
  std::array<double, size> node;
  std::array<double, size> weight;         ///< 21-point Kronrod
  std::array<double, size> coarse_weight;  ///< 10-point Gauss; 0 where it has no node
};
const NestedRule& nested_rule();

/// Two averages, and the distances to those of the embedded rule.
struct TwoEstimates {
  Two value{}, error{};
};

/// How u₁ and u₂ vary together.
class PairSpread {
 public:
  /// q > 0, θ from 0 to π. Of an oscillating φ the phases of s and d matter alone (felt_variance).
  PairSpread(double q, double angle, const ActivationFacts& facts);

  double s_deviation() const { return s_deviation_; }
  double d_deviation() const { return d_deviation_; }

  /// d_deviation² over q sin²(θ/2): below 1 for oscillating φ only.
  double felt_share() const { return felt_share_; }

  /// The ends of the panels in d/d_deviation, from 0.
  std::vector<double> outer_ends() const;
  /// The ends of the panels in s/s_deviation for this d ≥ 0.
  std::vector<double> inner_ends(double d) const;

 private:
  double widest(double deviation) const;

  double s_deviation_, d_deviation_, felt_share_;
  bool oscillates_;
  std::vector<double> kinks_{0.0};  // φ'' may jump at 0 where φ' does not
};

/// ∫ f(z) exp(−z²/2)/√(2π) dz over panels; f returns TwoEstimates.
template <class F>
TwoEstimates nested_mean(const std::vector<double>& ends, const F& f) {
  constexpr double one_over_sqrt_2_pi = 0.39894228040143267794;
  const NestedRule& rule = nested_rule();
  TwoEstimates sum;
  for (std::size_t p = 0; p + 1 < ends.size(); ++p) {
    const double center = 0.5 * (ends[p] + ends[p + 1]), scale = 0.5 * (ends[p + 1] - ends[p]);
    Two difference{};
    for (std::size_t i = 0; i < NestedRule::size; ++i) {
      const double z = std::fma(scale, rule.node[i], center);
      const double density = scale * one_over_sqrt_2_pi * std::exp(-0.5 * z * z);
      const TwoEstimates at = f(z);
      for (std::size_t k = 0; k < 2; ++k) {
        sum.value[k] += density * rule.weight[i] * at.value[k];
        sum.error[k] += density * rule.weight[i] * at.error[k];
        difference[k] += density * (rule.weight[i] - rule.coarse_weight[i]) * at.value[k];
      }
    }
    for (std::size_t k = 0; k < 2; ++k) sum.error[k] += std::abs(difference[k]);
  }
  return sum;
}

/// E f(s, d, d/d_deviation) for f that returns Two; f must not change when u₁ and u₂ change places.
template <class F>
std::array<Estimate, 2> pair_mean(const PairSpread& spread, const F& f) {
  const auto outer = nested_mean(spread.outer_ends(), [&](double z_d) {
    const double d = spread.d_deviation() * z_d;
    return nested_mean(spread.inner_ends(d), [&](double z_s) {
      const double s = spread.s_deviation() * z_s;
      return TwoEstimates{f(s, d, z_d), {}};
    });
  });
  return {Estimate{2 * outer.value[0], 2 * outer.error[0]}, Estimate{2 * outer.value[1], 2 * outer.error[1]}};
}

}  // namespace varprop
