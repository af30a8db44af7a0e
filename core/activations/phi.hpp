// φ at plain doubles, for code that is compiled once for all activations.
#pragma once

#include "core/activations/activation.hpp"

namespace varprop {

/// One activation's φ, φ' and φ'' through the system's libm, by calls through pointers: loops over it need
/// not be templates over 16 activations. What it computes is bit for bit scalar::evaluate<double>
/// (core/activations/scalar.hpp).
class Phi {
 public:
  explicit Phi(const Activation& activation);

  /// φ(z) and φ'(z).
  ValueAndSlope<double> operator()(double z) const { return value_and_slope_(parameter_, z); }
  /// One of them, at half the price where they have little in common.
  double value(double z) const { return value_(parameter_, z); }
  double slope(double z) const { return slope_(parameter_, z); }
  /// φ''(z) between the kinks, as the definitions have it (core/activations/all-inl.hpp).
  double curvature(double z) const { return curvature_(parameter_, z); }

 private:
  double parameter_;
  ValueAndSlope<double> (*value_and_slope_)(double parameter, double z);
  double (*value_)(double parameter, double z);
  double (*slope_)(double parameter, double z);
  double (*curvature_)(double parameter, double z);
};

}  // namespace varprop
