// Expectations over a standard normal Z of functions of Z and x = √q Z that are smooth between the kinks of
// φ.
//
//     E f(x, Z) = ∫ f(√q z, z) exp(−z²/2)/√(2π) dz
//
// Composite 31-point Gauss–Kronrod rule. Panels end at 0 and at the kinks (z = kink/√q), are at most 1.25
// wide in z (the scale of the weight), and in x no wider than 1 or their distance from 0 (the scale of φ: all
// activations vary on a scale of about 1 near the origin and slower farther out). So the rule holds its
// accuracy from the smallest q to the largest, where φ is seen by |z| ~ 1/√q only; a φ that oscillates is not
// asked for q > 40 (felt_variance), where panels are 8 wide in x. |z| > 10 is left out:
// below 1e-21 of any f that grows like z⁴.
#pragma once

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <vector>

#include "core/activations/traits.hpp"
#include "theory/estimate.hpp"

namespace varprop {

/// The ends of the panels in z, ascending, from −10 to 10.
std::vector<double> panel_ends(const Kinks& kinks, double q);

/// One panel: the rule on f(√q z, z) exp(−z²/2)/√(2π) for z in [a, b].
template <class F>
Estimate integrate_panel(const F& f, double sqrt_q, double a, double b) {
  constexpr double one_over_sqrt_2_pi = 0.39894228040143267794;
  const double center = 0.5 * (a + b), scale = 0.5 * (b - a);
  const auto integrand = [&](double t) {
    const double z = std::fma(scale, t, center);
    return scale * one_over_sqrt_2_pi * std::exp(-0.5 * z * z) * f(sqrt_q * z, z);
  };
  Estimate panel{};
  panel.value = boost::math::quadrature::gauss_kronrod<double, 31>::integrate(integrand, -1.0, 1.0, 0, 0.0,
                                                                              &panel.error);
  return panel;
}

/// E f(√q Z, Z) for f(x, z) smooth between the given kinks of x; q ≥ 0.
template <class F>
Estimate gaussian_mean(const Kinks& kinks, double q, const F& f) {
  const std::vector<double> ends = panel_ends(kinks, q);
  const double sqrt_q = std::sqrt(q);
  Estimate sum{0, 0};
  for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
    const Estimate panel = integrate_panel(f, sqrt_q, ends[i], ends[i + 1]);
    sum.value += panel.value;
    sum.error += panel.error;
  }
  return sum;
}

}  // namespace varprop
