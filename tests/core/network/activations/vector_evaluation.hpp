// Activations of whole arrays through the vector code, with the instruction set that is chosen at run time.
#pragma once

#include <span>
#include <vector>

#include "core/network/activations/activation.hpp"

namespace varprop::test {

/// φ, φ', φ'' and the tail's four parts at many points; the tail is empty where φ has none.
struct Evaluation {
  std::vector<double> value, slope, curvature;
  std::vector<double> tail_value, tail_value_decay, tail_slope, tail_slope_decay;
};

/// Shape: z of any size.
Evaluation evaluate_with_vectors(const Activation& activation, std::span<const double> z);

}  // namespace varprop::test
