#include "theory/mean_field.hpp"

#include <algorithm>

#include "core/errors.hpp"
#include "core/network/activations/activation.hpp"
#include "theory/quadrature.hpp"

namespace varprop::theory {

MeanField::MeanField(const Activation& activation) : activation_(activation), facts_(activation.facts()) {}

Integral MeanField::V(double q) const {
  const double at_zero = facts_.value_at_zero;
  if (q == 0.0) return {at_zero * at_zero, 0.0};
  q = effective_variance(facts_, q);
  // In units of √q, so that the square of a tiny φ does not leave the range.
  const double unit_squared = at_zero == 0.0 ? q : std::max(1.0, q);
  const double unit = std::sqrt(unit_squared);
  const Phi phi(activation_);
  const Integral scaled = gaussian_mean(facts_.kinks, q, [&](double x, double) {
    const double value = phi.value(x) / unit;
    return value * value;
  });
  return {unit_squared * scaled.value, unit_squared * scaled.error};
}

Integral MeanField::D(double q) const {
  if (q == 0.0) return {mean_square(facts_.at_zero), 0.0};
  q = effective_variance(facts_, q);
  const Phi phi(activation_);
  return gaussian_mean(facts_.kinks, q, [&](double x, double) {
    const double slope = phi.slope(x);
    return slope * slope;
  });
}

namespace {

/// E φ'² + φφ'', the same as E Z φφ'/√q for a φ without kinks (Stein).
Integral slope_by_curvature(const Phi& phi, double q) {
  return gaussian_mean({}, q, [&](double x, double) {
    const auto at = phi(x);
    return at.slope * at.slope + at.value * phi.curvature(x);
  });
}

/// E Z (φ − φ(0)) φ'/√q + φ(0) E φ'': φ(0) apart, by the same identity. φ'' is averaged over ±x, where that
/// of an odd φ − φ(0) is zero.
Integral slope_about_zero(const Phi& phi, double at_zero, double q) {
  const double sqrt_q = std::sqrt(q);
  return gaussian_mean({}, q, [&](double x, double z) {
    const auto at = phi(x);
    const double bent = 0.5 * (phi.curvature(x) + phi.curvature(-x));
    return z * ((at.value - at_zero) / sqrt_q) * at.slope + at_zero * bent;
  });
}

}  // namespace

/// Where φ(0) ≠ 0, E Z φφ'/√q is a small difference over a small √q, and E φ'² + φφ'' one of terms 1/q as
/// large as it where φ saturates: each has its half of the line.
Integral MeanField::V_prime(double q) const {
  const Phi phi(activation_);
  if (const double at_zero = facts_.value_at_zero; at_zero != 0.0) {
    VARPROP_EXPECT(facts_.kinks.count == 0);
    return q < 1 ? slope_by_curvature(phi, q) : slope_about_zero(phi, at_zero, q);
  }
  if (q == 0.0) return {mean_square(facts_.at_zero), 0.0};
  if (effective_variance(facts_, q) < q) return {0.0, 0.0};
  const double sqrt_q = std::sqrt(q);
  return gaussian_mean(facts_.kinks, q, [&](double x, double z) {
    const auto at = phi(x);
    return z * (at.value / sqrt_q) * at.slope;
  });
}

double effective_variance(const ActivationFacts& facts, double q) {
  return facts.oscillates ? std::min(q, 40.0) : q;
}

double mean_square(const Slopes& slopes) {
  return 0.5 * (slopes.negative * slopes.negative + slopes.positive * slopes.positive);
}

}  // namespace varprop::theory
