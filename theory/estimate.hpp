// A number that was computed by quadrature.
#pragma once

namespace varprop {

/// The outcome of a quadrature.
struct Estimate {
  double value;
  double
      error;  ///< absolute: the distance to the embedded 15-point Gauss rule, summed over panels; pessimistic
};

}  // namespace varprop
