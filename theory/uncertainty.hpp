// How far the quadrature's error may move what is predicted from it.
#pragma once

#include "theory/infinite_width.hpp"

namespace varprop {

/// Absolute errors: that of V over 1 − χ_q is one of q*; that of D and, by dD/dq, that of q* are ones of χ. 0
/// where the value is exact or does not exist. Pessimistic by orders of magnitude (theory/quadrature.hpp).
struct Uncertainty {
  double q_star = 0;
  double chi = 0;
};

Uncertainty uncertainty_of(const MeanField& mean_field, Variances variances, const InfiniteWidth& limit);

}  // namespace varprop
