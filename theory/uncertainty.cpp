#include "theory/uncertainty.hpp"

#include <cmath>

#include "theory/map_moments.hpp"

namespace varprop {

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

}  // namespace varprop
