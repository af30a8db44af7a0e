#include "theory/finite_width/gradient_correction.hpp"

#include <array>
#include <cmath>

#include "core/errors.hpp"
#include "core/network/activations/activation.hpp"
#include "theory/infinite_width/infinite_width.hpp"
#include "theory/means/log_ratio.hpp"
#include "theory/means/quadrature.hpp"

namespace varprop::theory {

namespace {

/// All with z ~ N(0, q); derivatives with respect to q.
struct MapMoments {
  double V, D, V_second, D_first, D_second;
  double phi_2_variance;  // E (φ² − V)²
  double slope_4;         // E φ'⁴
  double phi_2_slope_2;   // E φ²φ'²
  double z_2_slope_2;     // E z²φ'²
  double z_phi_slope;     // E z φφ'
};

constexpr std::array map_moment_list{&MapMoments::V,           &MapMoments::D,
                                     &MapMoments::V_second,    &MapMoments::D_first,
                                     &MapMoments::D_second,    &MapMoments::phi_2_variance,
                                     &MapMoments::slope_4,     &MapMoments::phi_2_slope_2,
                                     &MapMoments::z_2_slope_2, &MapMoments::z_phi_slope};

/// The moments, and how far the quadrature's error may move each.
struct EstimatedMapMoments {
  MapMoments value, error;
};

/// What φ looks like on one side of 0 where most of the signal is: its tangent at 0 while q is below the
/// square of φ's scale, else its asymptote; of an asymptote that rises its slope only. None of a power.
struct Line {
  double slope;
  double level;
};

Line line_of(const ActivationFacts& facts, const Phi& phi, double q, bool negative) {
  if (facts.power != 0) return {0, 0};
  const auto side = [negative](const Slopes& slopes) { return negative ? slopes.negative : slopes.positive; };
  if (q < facts.kinks.scale * facts.kinks.scale) return {side(facts.at_zero), 0};
  constexpr double far = 1e300;
  const bool levels_out = side(facts.at_infinity) == 0 && !facts.oscillates();
  return {side(facts.at_infinity), levels_out ? phi.value(negative ? -far : far) : 0};
}

/// φ where a pre-activation x = √q z stands.
struct At {
  double x, z2;       // z2 = z²
  double phi, slope;  // φ(x), φ'(x)
  const Line& line;   // on the side of x
};

template <class F>
Integral mean_at(const MeanField& mean_field, double q, const F& f) {
  const ActivationFacts& facts = mean_field.facts();
  const double phase = std::sqrt(effective_variance(facts, q) / q);
  const Phi phi(mean_field.activation());
  const Line negative = line_of(facts, phi, q, true), positive = line_of(facts, phi, q, false);
  return gaussian_mean(facts.kinks, q, [&](double x, double z) {
    const auto [value, slope] = phi(phase * x);
    return f(At{x, z * z, value, slope, x < 0 ? negative : positive});
  });
}

double squared(double x) {
  return x * x;
}
double hermite_2(double z2) {
  return z2 - 1;
}
double hermite_4(double z2) {
  return z2 * (z2 - 6) + 3;
}

/// Derivatives by Hermite weights, d/dq E f = E f (Z²−1)/(2q) and d²/dq² E f = E f (Z⁴−6Z²+3)/(4q²), so that
/// kinks need no φ''. q > 0, and however large: what cancels is left out before it is averaged.
///
/// From f that of the line is subtracted before it is differentiated, whose contribution is zero: it would
/// only cancel.
EstimatedMapMoments map_moments(const MeanField& mean_field, double q) {
  VARPROP_EXPECT(q > 0);
  EstimatedMapMoments moments{};
  const auto put = [&](double MapMoments::*moment, const Integral& mean, double divisor = 1) {
    moments.value.*moment = mean.value / divisor;
    moments.error.*moment = mean.error / divisor;
  };
  const auto mean = [&](const auto& f) { return mean_at(mean_field, q, f); };
  const auto bent_square = [](const At& at) {
    return squared(at.phi) - squared(at.line.slope * at.x) - squared(at.line.level);
  };
  const auto bent_slope = [](const At& at) { return squared(at.slope) - squared(at.line.slope); };
  const Integral V = mean_field.V(q);
  put(&MapMoments::V, V);
  put(&MapMoments::D, mean_field.D(q));
  put(&MapMoments::V_second, mean([&](const At& at) { return bent_square(at) * hermite_4(at.z2); }),
      4 * q * q);
  put(&MapMoments::D_first, mean([&](const At& at) { return bent_slope(at) * hermite_2(at.z2); }), 2 * q);
  put(&MapMoments::D_second, mean([&](const At& at) { return bent_slope(at) * hermite_4(at.z2); }),
      4 * q * q);
  put(&MapMoments::phi_2_variance, mean([&](const At& at) { return squared(squared(at.phi) - V.value); }));
  put(&MapMoments::slope_4, mean([](const At& at) { return squared(squared(at.slope)); }));
  put(&MapMoments::phi_2_slope_2, mean([](const At& at) { return squared(at.phi * at.slope); }));
  put(&MapMoments::z_2_slope_2, mean([](const At& at) { return squared(at.x * at.slope); }));
  put(&MapMoments::z_phi_slope, mean([](const At& at) { return at.x * at.phi * at.slope; }));
  return moments;
}

}  // namespace

Uncertainty uncertainty_of(const MeanField& mean_field, Variances variances, const InfiniteWidth& limit) {
  if (mean_field.facts().homogeneous() || !limit.q_star || *limit.q_star == 0.0) return {};
  const double q = *limit.q_star, weight = variances.weight;
  const MapMoments moments = map_moments(mean_field, q).value;
  Uncertainty error;
  error.q_star = weight * mean_field.V(q).error / std::abs(1 - limit.chi_q);
  error.chi = weight * (mean_field.D(q).error + std::abs(moments.D_first) * error.q_star);
  error.chi_q = weight * (mean_field.V_prime(q).error + std::abs(moments.V_second) * error.q_star);
  if (limit.xi_q) error.xi_q = *limit.xi_q * *limit.xi_q * error.chi_q / std::abs(limit.chi_q);
  const double chi_slope = moments.D + weight * moments.D_first * moments.V / (1 - limit.chi_q);  // dχ/dσ_w²
  error.critical_weight_variance = error.chi / std::abs(chi_slope);
  return error;
}

namespace {

/// N = σ_w⁴ E(φ² − V)²: the variance, times n, that one layer adds to s² = σ_w²|a|²/n + σ_b².
double noise(const MapMoments& E, double weight) {
  return weight * weight * E.phi_2_variance;
}

GradientCorrection correction_at(const MapMoments& E, double weight, double q, double chi, double chi_q) {
  const double M = E.slope_4 / (E.D * E.D);
  const double N = noise(E, weight);
  const double lambda_1 = E.D_first / E.D;
  const double lambda_2 = E.D_second / E.D - lambda_1 * lambda_1;
  const double A = E.phi_2_slope_2;
  const double t = weight / (q * chi) * (E.z_2_slope_2 - weight * E.z_phi_slope * E.z_phi_slope / q) /
                   (1 - chi_q * chi_q / chi);
  const double decay = 1 - chi_q, decay_2 = 1 - chi_q * chi_q;
  const std::array kappa_1_terms{-0.5 * (3 * M - 1),
                                 lambda_1 * weight * E.V_second * N / (2 * decay * decay_2),
                                 lambda_2 * N / (2 * decay_2), weight * A / (E.D * q) * (t - 1)};
  double kappa_1 = 0, size = 0;
  for (const double term : kappa_1_terms) kappa_1 += term, size += std::abs(term);
  const double fluctuation =
      3 * M - 1 + lambda_1 * lambda_1 * N / (decay * decay) + 2 * lambda_1 * weight * (A / E.D - E.V) / decay;
  return {kappa_1, fluctuation, 0.5 * size * size / (1 - chi_q * chi_q / chi)};
}

/// κ₁ and v of two straight lines; the share of χ²_n in it is −1 and 2.
GradientCorrection straight_correction(const Slopes& slopes, WeightDistribution weights) {
  const double v = 3 * slope_kurtosis(slopes) - 1;
  if (weights == WeightDistribution::orthogonal) return {1 - 0.5 * v, v - 2, 0};
  return {-0.5 * v, v, 0};
}

/// Why no expansion about q* holds; nothing where one does.
std::optional<Reason> obstacle(const InfiniteWidth& limit) {
  if (!limit.q_star) return limit.q_star.reason();
  if (*limit.q_star == 0.0) return Reason::no_expansion_at_0;
  if (limit.chi_q >= 1) return Reason::chi_q_not_below_1;
  return std::nullopt;
}

}  // namespace

ValueOrReason<GradientCorrection> gradient_correction(const MeanField& mean_field, Variances variances,
                                                      const InfiniteWidth& limit,
                                                      WeightDistribution weights) {
  if (weights != WeightDistribution::gaussian && weights != WeightDistribution::orthogonal) {
    return Reason::only_gaussian_and_orthogonal;
  }
  const ActivationFacts& facts = mean_field.facts();
  if (const auto slopes = slopes_without_fixed_point(facts, variances, limit))
    return straight_correction(*slopes, weights);
  if (const auto why = obstacle(limit)) return *why;
  if (weights == WeightDistribution::orthogonal) {
    if (facts.homogeneous() && facts.at_zero.negative == facts.at_zero.positive)
      return GradientCorrection{0, 0, 0};
    return Reason::orthogonal_at_fixed_point;
  }
  if (limit.chi_q * limit.chi_q >= limit.chi) return Reason::chi_q_squared_not_below_chi;
  const double q = *limit.q_star;
  const auto correction =
      correction_at(map_moments(mean_field, q).value, variances.weight, q, limit.chi, limit.chi_q);
  if (!std::isfinite(correction.kappa_1 + correction.fluctuation)) return Reason::moment_out_of_range;
  return correction;
}

GradientCorrection gradient_correction_error(const MeanField& mean_field, Variances variances,
                                             const InfiniteWidth& limit, WeightDistribution weights,
                                             const Uncertainty& uncertainty) {
  GradientCorrection error{0, 0, 0};
  if (weights != WeightDistribution::gaussian ||
      slopes_without_fixed_point(mean_field.facts(), variances, limit) ||
      !gradient_correction(mean_field, variances, limit, weights))
    return error;
  const double q = *limit.q_star, weight = variances.weight, chi = limit.chi, chi_q = limit.chi_q;
  const EstimatedMapMoments E = map_moments(mean_field, q);
  const GradientCorrection here = correction_at(E.value, weight, q, chi, chi_q);
  const auto add = [&](const GradientCorrection& moved) {
    error.kappa_1 += std::abs(moved.kappa_1 - here.kappa_1);
    error.fluctuation += std::abs(moved.fluctuation - here.fluctuation);
  };
  for (const auto moment : map_moment_list) {
    MapMoments moved = E.value;
    moved.*moment += E.error.*moment;
    add(correction_at(moved, weight, q, chi, chi_q));
  }
  const double q_moved = q + uncertainty.q_star;
  add(correction_at(map_moments(mean_field, q_moved).value, weight, q_moved, chi, chi_q));
  add(correction_at(E.value, weight, q, chi + uncertainty.chi, chi_q));
  add(correction_at(E.value, weight, q, chi, chi_q + uncertainty.chi_q));
  return error;
}

ValueOrReason<ForwardCorrection> forward_correction(const MeanField& mean_field, Variances variances,
                                                    const InfiniteWidth& limit) {
  if (const auto why = obstacle(limit)) return *why;
  const double q = *limit.q_star;
  const MapMoments E = map_moments(mean_field, q).value;
  const double spread = noise(E, variances.weight) / (1 - limit.chi_q * limit.chi_q);
  const double bend = variances.weight * E.V_second * spread / (2 * (1 - limit.chi_q) * q);
  const double drift = bend - spread / (2 * q * q) - 1, relative = spread / (q * q);
  const ForwardCorrection correction{drift, relative + 2, 0.5 * squared(std::abs(drift) + relative)};
  if (!std::isfinite(correction.drift + correction.fluctuation)) return Reason::moment_out_of_range;
  return correction;
}

double length_neglected(const ForwardCorrection& correction, std::int64_t width) {
  const double relative_spread = correction.fluctuation - 2;
  return 8 * (std::abs(correction.drift) + relative_spread) / static_cast<double>(width);
}

}  // namespace varprop::theory
