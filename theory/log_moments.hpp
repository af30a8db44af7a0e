// The logarithm of a random ratio: its mean and variance, from a Laplace transform.
#pragma once

#include <functional>

namespace varprop {

/// Mean m and variance v of the logarithm of a random ratio.
struct LogRatioLaw {
  double mean;
  double variance;
};

/// Of ln S for S > 0 of mean 1, given p(t) = ln E e^{−tS} (Frullani's integral and its derivative):
///
///     E ln S = ∫₀^∞ (e^{−t} − e^{p(t)}) dt/t,    E ln² S = −2 ∫₀^∞ (e^{−t} − e^{p(t)}) (ln t + γ) dt/t
///
/// By the trapezoidal rule in y = ln t, which converges exponentially: the integrand is smooth and falls at
/// both ends. e^p must be negligible at y = `last`; it falls slowest, like t^{−1/2}, for the square of one
/// neuron. The relative error is about 1e-16/Var S.
LogRatioLaw log_moments(const std::function<double(double)>& p, double last = 95);

}  // namespace varprop
