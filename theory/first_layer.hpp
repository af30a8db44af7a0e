// Where a simulated network starts: its variances in the field's convention, its first layer, its input.
#pragma once

#include "core/point/point.hpp"
#include "theory/fixed_points.hpp"

namespace varprop {

/// σ_w² = n Var W_ij and σ_b² of a point, whatever the variance scaling.
Variances variances_of(const Point& point, VarianceScaling scaling);

/// q_1 = σ_w² E|x|²/n + σ_b², with E|x|²/n = 1 for every input distribution.
double first_layer_variance(Variances variances);

/// ⟨ln(|x|²/n)⟩ of the network's input: 0 where |x|² = n, ψ(n/2) − ln(n/2) where it is χ²_n, and for uniform
/// x_i, with S = |x|²/n and M(s) = E e^{−s x_i²} = √π erf(√(3s))/(2√(3s)),
///     ⟨ln S⟩ = ∫₀^∞ (e^{−t} − M(t/n)ⁿ) dt/t   (ln 3 − 2 at n = 1, about −2/(5n) at large n).
double mean_log_input_square(InputDistribution input, Width width);

}  // namespace varprop
