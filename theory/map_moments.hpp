// Higher moments of φ and φ' at a variance q, of which the corrections at finite width are made.
#pragma once

#include <array>

#include "theory/mean_field.hpp"

namespace varprop {

/// All with z ~ N(0, q); derivatives with respect to q.
struct MapMoments {
  double V, D, V_second, D_first, D_second;
  double phi_2_variance;  // E (φ² − V)²
  double slope_4;         // E φ'⁴
  double phi_2_slope_2;   // E φ²φ'²
  double z_2_slope_2;     // E z²φ'²
  double z_phi_slope;     // E z φφ'
};

inline constexpr std::array map_moment_list{&MapMoments::V,           &MapMoments::D,
                                            &MapMoments::V_second,    &MapMoments::D_first,
                                            &MapMoments::D_second,    &MapMoments::phi_2_variance,
                                            &MapMoments::slope_4,     &MapMoments::phi_2_slope_2,
                                            &MapMoments::z_2_slope_2, &MapMoments::z_phi_slope};

/// The moments, and how far the quadrature's error may move each.
struct EstimatedMapMoments {
  MapMoments value, error;
};

/// Derivatives by Hermite weights, d/dq E f = E f (Z²−1)/(2q) and d²/dq² E f = E f (Z⁴−6Z²+3)/(4q²), so that
/// kinks need no φ''. q > 0, and however large: what cancels is left out before it is averaged.
EstimatedMapMoments map_moments(const MeanField& mean_field, double q);

}  // namespace varprop
