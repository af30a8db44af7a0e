#include "theory/means/mean_field.hpp"

#include <algorithm>

#include "core/errors.hpp"
#include "core/network/activations/activation.hpp"
#include "theory/means/quadrature.hpp"

namespace varprop::theory {

MeanField::MeanField(const Activation& activation) : activation_(activation), facts_(activation.facts()) {}

namespace {

Integral scaled(const Integral& integral, double factor) {
  return {factor * integral.value, factor * integral.error};
}

}  // namespace

Integral MeanField::V(double q) const {
  if (facts_.power == 0) return V_within_range(q);
  VARPROP_EXPECT(q >= 0);
  return scaled(V_within_range(1), std::pow(q, facts_.power));
}

Integral MeanField::D(double q) const {
  if (facts_.power == 0) return D_within_range(q);
  VARPROP_EXPECT(q >= 0);
  return scaled(D_within_range(1), std::pow(q, facts_.power - 1));
}

Integral MeanField::V_within_range(double q) const {
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

Integral MeanField::D_within_range(double q) const {
  if (q == 0.0) return {mean_square(facts_.at_zero), 0.0};
  q = effective_variance(facts_, q);
  const Phi phi(activation_);
  return gaussian_mean(facts_.kinks, q, [&](double x, double) {
    const double slope = phi.slope(x);
    return slope * slope;
  });
}

namespace {

/// Σ over the kinks k of f(k) times the jump of φ' there times the density of √q Z: what φ'' has in them.
template <class F>
double mean_over_kinks(const Phi& phi, const Kinks& kinks, double q, const F& f) {
  constexpr double one_over_sqrt_2_pi = 0.39894228040143267794;
  double sum = 0;
  for (std::size_t i = 0; i < kinks.count && q > 0; ++i) {
    const double k = kinks.at[i], step = 1e-9 * kinks.scale, z = k / std::sqrt(q);
    const double jump = phi.slope(k + step) - phi.slope(k - step);
    sum += f(k) * jump * one_over_sqrt_2_pi * std::exp(-0.5 * z * z) / std::sqrt(q);
  }
  return sum;
}

/// E φ'² + φφ'', the same as E Z φφ'/√q (Stein).
Integral slope_by_curvature(const Phi& phi, const Kinks& kinks, double q) {
  Integral mean = gaussian_mean(kinks, q, [&](double x, double) {
    const auto at = phi(x);
    return at.slope * at.slope + at.value * phi.curvature(x);
  });
  mean.value += mean_over_kinks(phi, kinks, q, [&](double k) { return phi.value(k); });
  return mean;
}

/// E Z (φ − φ(0)) φ'/√q + φ(0) E φ'': φ(0) apart, by the same identity. φ'' is averaged over ±x, where that
/// of an odd φ − φ(0) is zero.
Integral slope_about_zero(const Phi& phi, const Kinks& kinks, double at_zero, double q) {
  const double sqrt_q = std::sqrt(q);
  Integral mean = gaussian_mean(kinks, q, [&](double x, double z) {
    const auto at = phi(x);
    const double bent = 0.5 * (phi.curvature(x) + phi.curvature(-x));
    return z * ((at.value - at_zero) / sqrt_q) * at.slope + at_zero * bent;
  });
  mean.value += at_zero * mean_over_kinks(phi, kinks, q, [](double) { return 1.0; });
  return mean;
}

}  // namespace

/// Where φ(0) ≠ 0, E Z φφ'/√q is a small difference over a small √q, and E φ'² + φφ'' one of terms 1/q as
/// large as it where φ saturates: each has its half of the line.
Integral MeanField::V_prime(double q) const {
  const Phi phi(activation_);
  if (const double at_zero = facts_.value_at_zero; at_zero != 0.0) {
    return q < 1 ? slope_by_curvature(phi, facts_.kinks, q) : slope_about_zero(phi, facts_.kinks, at_zero, q);
  }
  if (q == 0.0) return {mean_square(facts_.at_zero), 0.0};
  if (facts_.power != 0) return scaled(V_within_range(1), facts_.power * std::pow(q, facts_.power - 1));
  if (effective_variance(facts_, q) < q) return {0.0, 0.0};
  const double sqrt_q = std::sqrt(q);
  return gaussian_mean(facts_.kinks, q, [&](double x, double z) {
    const auto at = phi(x);
    return z * (at.value / sqrt_q) * at.slope;
  });
}

double effective_variance(const ActivationFacts& facts, double q) {
  return facts.oscillates() ? std::min(q, 40.0 / (facts.frequency * facts.frequency)) : q;
}

double mean_square(const Slopes& slopes) {
  return 0.5 * (slopes.negative * slopes.negative + slopes.positive * slopes.positive);
}

}  // namespace varprop::theory
