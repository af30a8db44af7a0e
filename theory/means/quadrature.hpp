// Expectations over a standard normal Z of functions of Z and x = √q Z that are smooth between the kinks of
// φ.
//
//     E f(x, Z) = ∫ f(√q z, z) exp(−z²/2)/√(2π) dz
//
// Composite 31-point Gauss–Kronrod rule. Panels end at 0 and at the kinks (z = kink/√q), are at most 1.25
// wide in z (the scale of the weight), and in x no wider than the scale of φ or their distance from 0 (all
// activations vary on a scale, mostly 1, near the origin and slower farther out). So the rule holds its
// accuracy from the smallest q to the largest, where φ is seen by |z| ~ 1/√q only; a φ that oscillates is not
// asked for q > 40 scale² (effective_variance), where panels are 8 scales wide in x. |z| > 10 is left out,
// below 1e-21 of any f that grows like z⁴, but behind kinks that are farther out, within which φ may be 0.
#pragma once

#include <functional>
#include <vector>

#include "core/network/activations/activation.hpp"

namespace varprop::theory {

/// A number that was computed by quadrature.
struct Integral {
  double value;
  double
      error;  ///< absolute: the distance to the embedded 15-point Gauss rule, summed over panels; pessimistic
};

/// The ends of the panels in z, ascending, from −10 to 10 and behind kinks farther out.
std::vector<double> panel_ends(const Kinks& kinks, double q);

/// E f(√q Z, Z) for f(x, z) smooth between the given kinks of x; q ≥ 0. The rule is compiled once, for any f:
/// a call by way of a function object costs less than φ.
Integral gaussian_mean(const Kinks& kinks, double q, const std::function<double(double x, double z)>& f);

}  // namespace varprop::theory
