// How one layer of n neurons changes the length of a signal, exactly, where φ is two straight lines: mean and
// variance of the logarithm of a random ratio.
#pragma once

#include <cstdint>
#include <functional>

#include "core/network/activations/activation.hpp"
#include "core/network/axes.hpp"
#include "theory/reason.hpp"

namespace varprop::theory {

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

/// The law of ln(|z'|²/|z|²) − ln(σ_w² D) for one layer of n neurons without bias, z' = Wφ(z), D = (φ'(−)² +
/// φ'(+)²)/2. For Gaussian weights the ratio is S/n, with S the sum of n squared normals that are each
/// weighed with φ'(−)²/D or φ'(+)²/D by their signs:
///
///     |φ'(−)| = |φ'(+)| (linear, abs)    S = χ²_n                    m = ψ(n/2) − ln(n/2),  v = ψ₁(n/2)
///     one slope zero (ReLU)              S = 2χ²_K, K ~ Bin(n, ½),    m = E ψ(K/2) − ln(n/4),
///                                        given K > 0                 v = E ψ₁(K/2) + Var ψ(K/2)
///     any two (leaky ReLU)               E e^{−tS} = (½(1 + 2tφ'(−)²/D)^{−½} + ½(1 + 2tφ'(+)²/D)^{−½})ⁿ
///
/// Sums are exact up to n = 2²⁴, beyond it −(3M−1)/(2n) and (3M−1)/n stand with M = Eφ'⁴/D² (relative error
/// of order 1/n). Orthogonal weights keep |Wa| = σ_w|a|, so that the factor χ²_n/n, which is independent of
/// the rest, is not there: m and v are less by those of the linear network.
///
/// The same law holds for ln(|δ^l|²/|δ^{l+1}|²). In a network with an input on the sphere, for Gaussian
/// weights, ⟨ln g_1⟩ = (L−1)(ln χ + m), Var = (L−1)v, and ⟨ln q_L⟩ = ln σ_w² + (L−1)(ln χ + m) + m_linear,
/// Var = (L−1)v + v_linear; for orthogonal ones without m_linear and v_linear.
ValueOrReason<LogRatioLaw> slopes_log_ratio(const Slopes& slopes, std::int64_t width,
                                            WeightDistribution weights);

/// The same of a homogeneous activation.
ValueOrReason<LogRatioLaw> exact_log_ratio(const ActivationFacts& facts, std::int64_t width,
                                           WeightDistribution weights = WeightDistribution::gaussian);

/// The same with dropout, of ln(|ã'|²/|ã|²) − ln(σ_w² D/p), ã the signal that W reads, and of squared
/// gradient norms: each of the n terms of S stands with probability p, times 1/p, and S > 0 is given. ReLU: S
/// = (2/p)χ²_K, K ~ Bin(n, p/2). Beyond n = 2²⁴ −(3M/p−1)/(2n) and (3M/p−1)/n stand. p = 1: as above.
/// Gaussian weights.
LogRatioLaw dropout_log_ratio(const Slopes& slopes, std::int64_t width, double keep);

/// Of ln(g_l/g_{l+1}) of a layer between others with an RMS norm before φ, without biases, whatever σ_w²:
/// ln χ²_{K−1} − ln χ'²_K, K the living neurons, Bin(n, ½) given K ≥ 2 for ReLU, n for linear φ.
ValueOrReason<LogRatioLaw> normed_log_ratio(const ActivationFacts& facts, std::int64_t width);

/// Mean change of ln sin²θ of a small angle between two signals, for one layer of n ≥ 2 neurons without bias
/// and Gaussian weights: E ln Q − E ln|a|², a = φ(z), Q the part beside a of e = φ'(z) ∘ d, d normal. With K
/// positive neurons and β ~ Beta(K/2, (n−K)/2) the share of |z|² that they have, s± = φ'(±)²,
///
///     Q = s₊χ²_{K−1} + s₋χ²_{n−K−1} + χ²_1 s₊s₋/(s₊β + s₋(1−β))
///
/// one size of slopes ψ((n−1)/2) − ψ(n/2), whatever the angle if φ is linear; one slope 0 E[ψ((K−1)/2) −
/// ψ(K/2)] given K ≥ 2; else by the transform of Q, β by quadrature, beyond n = 48 by three points. To first
/// order −M/n, M = Eφ'⁴/D²; from n = 128 on the next order is that of n = 128. Orthogonal weights keep
/// angles: less the linear network's.
ValueOrReason<double> angle_log_ratio(const ActivationFacts& facts, std::int64_t width,
                                      WeightDistribution weights);

/// χ²_n/n: the first layer, which no activation precedes; and every layer of a linear network.
LogRatioLaw linear_log_ratio(std::int64_t width);

/// The fourth cumulant of the same logarithm where one slope is zero (ReLU): with μ_k, and κ₂ … κ₄ = ψ₁ …
/// ψ₃(k/2), the mean and the cumulants given K = k, d = μ_k − m: E[κ₄ + 3κ₂² + 4κ₃d + 6κ₂d² + d⁴] − 3v². It
/// falls like n⁻³; n up to 2²⁴.
double one_sided_fourth_cumulant(std::int64_t width);

/// M = Eφ'⁴/D² of two straight lines: 1 for one line, 2 for ReLU.
double slope_kurtosis(const Slopes& slopes);

/// Of a gamma variable of mean 1 and this variance ≥ 0: ψ(α) − ln α and ψ₁(α) with α = 1/variance, by their
/// asymptotic series from α = 8 on. Relative error 1e-6.
LogRatioLaw log_gamma_law(double variance);

/// E W⁴/(E W²)² − 3 of one weight: 0 also of orthogonal ones, −6/5 of uniform ones.
double excess_kurtosis(WeightDistribution weights);

}  // namespace varprop::theory
