// What a layer of infinite width does to two Gaussian signals of equal variance (Poole et al. 2016,
// arXiv:1606.05340).
#pragma once

#include "theory/mean_field.hpp"

namespace varprop::theory {

/// Averages over two signals u₁, u₂ of variance q and correlation c = cos θ:
///
///     C(c) = E φ(u₁)φ(u₂),    K(c) = E φ'(u₁)φ'(u₂) = C'(c)/q,    C(1) = V, K(1) = D
///     K̄(c) = (1/(1−c)) ∫_c^1 K = (V − C)/(q(1−c)) = E (φ(u₁) − φ(u₂))² / E (u₁ − u₂)²
///
/// K̄ instead of C, so that nothing cancels where c is near 1. Relative accuracy 1e-12.
struct PairMeans {
  Integral K;
  Integral K_bar;
};

/// K and K̄ for q > 0 and θ from 0 to π: in closed form for homogeneous φ (Cho & Saul 2009), else a double
/// integral (about a millisecond; tens of them from q = 1e6 on).
PairMeans pair_means(const MeanField& mean_field, double q, double angle);

/// 1 − cos θ and its inverse, accurate at both ends.
double distance_of_angle(double angle);
double angle_of_distance(double distance);

}  // namespace varprop::theory
