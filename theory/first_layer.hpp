// Where a simulated network starts: its variances in the field's convention, its first layer, its input.
#pragma once

#include "core/point/point.hpp"
#include "theory/fixed_points.hpp"

namespace varprop {

/// σ_w² = n Var W_ij and σ_b² of a point, whatever the variance scaling.
Variances variances_of(const Point& point, VarianceScaling scaling);

/// q_1 = σ_w² E|x|²/n + σ_b², with E|x|²/n = 1 for every input distribution.
double first_layer_variance(Variances variances);

/// ⟨ln(|x|²/n)⟩ of the network's input.
double mean_log_input_square(InputDistribution input);

}  // namespace varprop
