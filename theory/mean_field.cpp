#include "theory/mean_field.hpp"

#include <algorithm>

#include "core/activations/scalar.hpp"

namespace varprop {

MeanField::MeanField(const Activation& activation) : activation_(activation), facts_(activation.facts()) {}

Estimate MeanField::V(double q) const {
  const double at_zero = facts_.value_at_zero;
  if (q == 0.0) return {at_zero * at_zero, 0.0};
  q = felt_variance(facts_, q);
  // In units of √q, so that the square of a tiny φ does not leave the range.
  const double unit_squared = at_zero == 0.0 ? q : std::max(1.0, q);
  const double unit = std::sqrt(unit_squared);
  const Estimate scaled = scalar::visit(activation_, [&](const auto& phi) {
    return gaussian_mean(facts_.kinks, q, [&](double x, double) {
      const double value = phi(scalar::Arithmetic<double>{}, x).value / unit;
      return value * value;
    });
  });
  return {unit_squared * scaled.value, unit_squared * scaled.error};
}

Estimate MeanField::D(double q) const {
  if (q == 0.0) return {mean_square(facts_.at_zero), 0.0};
  q = felt_variance(facts_, q);
  return scalar::visit(activation_, [&](const auto& phi) {
    return gaussian_mean(facts_.kinks, q, [&](double x, double) {
      const double slope = phi(scalar::Arithmetic<double>{}, x).slope;
      return slope * slope;
    });
  });
}

/// Where φ(0) ≠ 0 in the form E φ'² + φφ'', which is the same for a φ without kinks (Stein): the other one
/// would be a small difference divided by a small q.
Estimate MeanField::V_prime(double q) const {
  if (facts_.value_at_zero != 0.0) {
    VARPROP_EXPECT(facts_.kinks.count == 0);
    return scalar::visit(activation_, [&](const auto& phi) {
      return gaussian_mean(facts_.kinks, q, [&](double x, double) {
        const auto at = phi(scalar::Arithmetic<double>{}, x);
        return at.slope * at.slope + at.value * phi.curvature(scalar::Arithmetic<double>{}, x);
      });
    });
  }
  if (q == 0.0) return {mean_square(facts_.at_zero), 0.0};
  if (felt_variance(facts_, q) < q) return {0.0, 0.0};
  const double sqrt_q = std::sqrt(q);
  return scalar::visit(activation_, [&](const auto& phi) {
    return gaussian_mean(facts_.kinks, q, [&](double x, double z) {
      const auto at = phi(scalar::Arithmetic<double>{}, x);
      return z * (at.value / sqrt_q) * at.slope;
    });
  });
}

double felt_variance(const ActivationFacts& facts, double q) {
  return facts.oscillates ? std::min(q, 40.0) : q;
}

double mean_square(const Slopes& slopes) {
  return 0.5 * (slopes.negative * slopes.negative + slopes.positive * slopes.positive);
}

}  // namespace varprop
