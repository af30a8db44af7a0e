// Higher moments of φ and φ' at a variance q, of which the corrections at finite width are made.
#pragma once

#include "theory/mean_field.hpp"

namespace varprop {

/// All with z ~ N(0, q); derivatives with respect to q.
struct MapMoments {
  double V, D, V_second, D_first, D_second;
  double phi_4;          // E φ⁴
  double slope_4;        // E φ'⁴
  double phi_2_slope_2;  // E φ²φ'²
  double z_2_slope_2;    // E z²φ'²
  double z_phi_slope;    // E z φφ'
};

/// Derivatives by Hermite weights, d/dq E f = E f (Z²−1)/(2q) and d²/dq² E f = E f (Z⁴−6Z²+3)/(4q²), so that
/// kinks need no φ''. q > 0.
MapMoments map_moments(const MeanField& mean_field, double q);

}  // namespace varprop
