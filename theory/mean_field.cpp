#include "theory/mean_field.hpp"

#include <algorithm>

#include "core/activations/scalar.hpp"

namespace varprop {

MeanField::MeanField(const Activation& activation) : activation_(activation), facts_(activation.facts()) {}

Estimate MeanField::V(double q) const {
  const double at_zero = facts_.value_at_zero;
  if (q == 0.0) return {at_zero * at_zero, 0.0};
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
  return scalar::visit(activation_, [&](const auto& phi) {
    return gaussian_mean(facts_.kinks, q, [&](double x, double) {
      const double slope = phi(scalar::Arithmetic<double>{}, x).slope;
      return slope * slope;
    });
  });
}

Estimate MeanField::V_prime(double q) const {
  if (q == 0.0) return {mean_square(facts_.at_zero), 0.0};
  const double sqrt_q = std::sqrt(q);
  return scalar::visit(activation_, [&](const auto& phi) {
    return gaussian_mean(facts_.kinks, q, [&](double x, double z) {
      const auto at = phi(scalar::Arithmetic<double>{}, x);
      return z * (at.value / sqrt_q) * at.slope;
    });
  });
}

double mean_square(const Slopes& slopes) {
  return 0.5 * (slopes.negative * slopes.negative + slopes.positive * slopes.positive);
}

}  // namespace varprop
