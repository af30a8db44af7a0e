// The Anderson–Darling test of normality, mean 0 and variance 1 given.
#pragma once

#include <vector>

namespace varprop::benchmarks {

/// A² = −N − (1/N) Σᵢ (2i − 1) (ln Φ(z₍ᵢ₎) + ln Φ(−z₍N+1−i₎)), z₍₁₎ ≤ … ≤ z₍N₎ (Anderson, Darling 1954).
double anderson_darling(std::vector<double> z);

/// P(A² ≤ x) as N → ∞, to 2·10⁻⁶ (Marsaglia, Marsaglia 2004, "Evaluating the Anderson–Darling distribution").
double anderson_darling_distribution(double x);

}  // namespace varprop::benchmarks
