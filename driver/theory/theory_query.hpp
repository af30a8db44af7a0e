// The point that `varprop theory` is asked about.
#pragma once

#include <cstdint>
#include <optional>

#include "core/activations/activation.hpp"
#include "core/point/choices.hpp"
#include "theory/fixed_points.hpp"

namespace varprop {

struct TheoryQuery {
  Activation activation;
  Weights weights;
  Variances variances;                      ///< σ_w² times fan-in, and σ_b²
  std::optional<std::int64_t> width;        ///< n; nothing: infinite
  std::optional<int> depth;                 ///< L
  std::optional<double> input_correlation;  ///< c_0
};

}  // namespace varprop
