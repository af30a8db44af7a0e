// One quantity through the layers of one point, all done batches together.
#pragma once

#include <cstdint>
#include <vector>

#include "analysis/point_results.hpp"

namespace varprop {

/// An element for each recorded layer of the point. The same numbers as if all networks had been one batch.
struct PooledProfile {
  std::vector<double> log_mean;      ///< ⟨ln X_l⟩ over living networks; NaN without one
  std::vector<double> log_variance;  ///< unbiased variance of ln X_l over them; NaN below two
  std::vector<double>
      log_of_mean;  ///< ln of the arithmetic mean of X_l over all networks; NaN where all are extinct
  std::vector<std::int32_t> extinct;  ///< networks with X_l = 0
};

/// Pools batches exactly: means and variances by counts (Chan, Golub & LeVeque 1983), logarithms of means as
/// a sum of exponentials. `replicas_per_batch` R.
PooledProfile pool_batches(const PointResults& results, const QuantityResults& quantity,
                           std::int32_t replicas_per_batch);

/// Whether an arithmetic mean of X may be believed: √((e^v − 1)/T) < 0.1 with v = Var ln X, T networks: the
/// relative error of a mean of log-normal numbers.
bool reliable_mean(double log_variance, double networks);

}  // namespace varprop
