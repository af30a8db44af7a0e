// How far the quadrature's error may move what is predicted from it.
#pragma once

#include "theory/infinite_width.hpp"

namespace varprop {

/// Absolute errors: that of V over 1 − χ_q is one of q*; that of D and, by dD/dq, that of q* are ones of χ;
/// that of V' and, by V'', that of q* are ones of χ_q. 0 where the value is exact or does not exist.
/// Pessimistic by orders of magnitude (theory/quadrature.hpp).
struct Uncertainty {
  double q_star = 0;
  double chi = 0;
  double chi_q = 0;
  double xi_q = 0;
  double critical_weight_variance =
      0;  ///< where `variances` are those of the edge of chaos: that of χ over dχ/dσ_w²
};

Uncertainty uncertainty_of(const MeanField& mean_field, Variances variances, const InfiniteWidth& limit);

}  // namespace varprop
