#include "theory/uncertainty.hpp"

#include <cmath>

#include "theory/map_moments.hpp"

namespace varprop {

Uncertainty uncertainty_of(const MeanField& mean_field, Variances variances, const InfiniteWidth& limit) {
  if (mean_field.facts().homogeneous() || !limit.q_star || *limit.q_star == 0.0) return {};
  const double q = *limit.q_star, weight = variances.weight;
  const double q_error = weight * mean_field.V(q).error / std::abs(1 - limit.chi_q);
  const double slope = std::abs(map_moments(mean_field, q).D_first);
  return {q_error, weight * (mean_field.D(q).error + slope * q_error)};
}

}  // namespace varprop
