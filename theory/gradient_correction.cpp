#include "theory/gradient_correction.hpp"

#include <cmath>

#include "theory/free_running.hpp"
#include "theory/log_ratio.hpp"
#include "theory/map_moments.hpp"

namespace varprop {

namespace {

constexpr const char* out_of_range = "a fourth moment at q* leaves the range of doubles";

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
  const double kappa_1 = -0.5 * (3 * M - 1) + lambda_1 * weight * E.V_second * N / (2 * decay * decay_2) +
                         lambda_2 * N / (2 * decay_2) + weight * A / (E.D * q) * (t - 1);
  const double fluctuation =
      3 * M - 1 + lambda_1 * lambda_1 * N / (decay * decay) + 2 * lambda_1 * weight * (A / E.D - E.V) / decay;
  return {kappa_1, fluctuation};
}

/// κ₁ and v of two straight lines; the share of χ²_n in it is −1 and 2.
GradientCorrection straight_correction(const Slopes& slopes, Weights weights) {
  const double v = 3 * slope_kurtosis(slopes) - 1;
  if (weights == Weights::orthogonal) return {1 - 0.5 * v, v - 2};
  return {-0.5 * v, v};
}

/// Why no expansion about q* holds; empty where one does.
std::string obstacle(const InfiniteWidth& limit) {
  if (!limit.q_star) return limit.q_star.reason();
  if (*limit.q_star == 0.0) return "q* = 0: there is no expansion in 1/n about it";
  if (limit.chi_q >= 1) return "chi_q is not below 1";
  return "";
}

}  // namespace

Reasoned<GradientCorrection> gradient_correction(const MeanField& mean_field, Variances variances,
                                                 const InfiniteWidth& limit, Weights weights) {
  using Result = Reasoned<GradientCorrection>;
  if (weights != Weights::gaussian && weights != Weights::orthogonal) {
    return Result::none("known for gaussian and orthogonal weights only");
  }
  const ActivationFacts& facts = mean_field.facts();
  if (const auto slopes = free_running_slopes(facts, variances, limit))
    return straight_correction(*slopes, weights);
  if (const std::string why = obstacle(limit); !why.empty()) return Result::none(why);
  if (weights == Weights::orthogonal) {
    if (facts.homogeneous() && facts.at_zero.negative == facts.at_zero.positive)
      return GradientCorrection{0, 0};
    return Result::none("not known for orthogonal weights at a fixed point q* > 0");
  }
  if (limit.chi_q * limit.chi_q >= limit.chi) return Result::none("chi_q squared is not below chi");
  const double q = *limit.q_star;
  const auto correction =
      correction_at(map_moments(mean_field, q).value, variances.weight, q, limit.chi, limit.chi_q);
  if (!std::isfinite(correction.kappa_1 + correction.fluctuation)) return Result::none(out_of_range);
  return correction;
}

GradientCorrection gradient_correction_error(const MeanField& mean_field, Variances variances,
                                             const InfiniteWidth& limit, Weights weights,
                                             const Uncertainty& uncertainty) {
  GradientCorrection error{0, 0};
  if (weights != Weights::gaussian || free_running_slopes(mean_field.facts(), variances, limit) ||
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

Reasoned<ForwardCorrection> forward_correction(const MeanField& mean_field, Variances variances,
                                               const InfiniteWidth& limit) {
  if (const std::string why = obstacle(limit); !why.empty()) return Reasoned<ForwardCorrection>::none(why);
  const double q = *limit.q_star;
  const MapMoments E = map_moments(mean_field, q).value;
  const double spread = noise(E, variances.weight) / (1 - limit.chi_q * limit.chi_q);
  const double bend = variances.weight * E.V_second * spread / (2 * (1 - limit.chi_q) * q);
  const ForwardCorrection correction{bend - spread / (2 * q * q) - 1, spread / (q * q) + 2};
  if (!std::isfinite(correction.drift + correction.fluctuation)) {
    return Reasoned<ForwardCorrection>::none(out_of_range);
  }
  return correction;
}

}  // namespace varprop
