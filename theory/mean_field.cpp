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

/// φ(0) apart, whose part E Z φ(0) φ'/√q is φ(0) E φ'' (Stein): divided by a small √q it would drown the rest. φ'' is
/// averaged over ±x, where that of an odd φ − φ(0) is zero.
Estimate MeanField::V_prime(double q) const {
  const double at_zero = facts_.value_at_zero;
  VARPROP_EXPECT(at_zero == 0.0 || facts_.kinks.count == 0);
  if (at_zero == 0.0 && felt_variance(facts_, q) < q) return {0.0, 0.0};
  const double sqrt_q = std::sqrt(q);
  return scalar::visit(activation_, [&](const auto& phi) {
    constexpr scalar::Arithmetic<double> m;
    if (q == 0.0) return Estimate{mean_square(facts_.at_zero) + (at_zero == 0.0 ? 0.0 : at_zero * phi.curvature(m, 0.0)), 0.0};
    return gaussian_mean(facts_.kinks, q, [&](double x, double z) {
      const auto at = phi(m, x);
      const double bent = at_zero == 0.0 ? 0.0 : 0.5 * (phi.curvature(m, x) + phi.curvature(m, -x));
      return z * ((at.value - at_zero) / sqrt_q) * at.slope + at_zero * bent;
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
