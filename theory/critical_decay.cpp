#include "theory/critical_decay.hpp"

#include <cmath>
#include <numbers>

#include "core/activations/scalar.hpp"
#include "theory/phase.hpp"

namespace varprop {

namespace {

/// Derivatives of φ on one side of 0.
struct Derivatives {
  double p_1, p_2, p_3;
};

/// p₃ by one-sided differences of φ'' in long double, of error h⁴.
Derivatives derivatives(const Activation& activation, double slope, long double side) {
  const auto bend = [&](long double x) { return scalar::curvature<long double>(activation, side * x); };
  constexpr long double h = 1e-3L;
  const long double zero = bend(1e-300L);
  const long double p_3 =
      (-25 * zero + 48 * bend(h) - 36 * bend(2 * h) + 16 * bend(3 * h) - 3 * bend(4 * h)) / (12 * h);
  return {slope, static_cast<double>(zero), static_cast<double>(side * p_3)};
}

/// σ_w²V = q − a q^{1+r}, σ_w²D = 1 − b q^r at σ_w² = 1/s.
struct Expansion {
  double r, a, b;
};

Expansion expansion_at_zero(const Activation& activation, const Slopes& slopes) {
  const Derivatives left = derivatives(activation, slopes.negative, -1);
  const Derivatives right = derivatives(activation, slopes.positive, 1);
  const auto mean = [&](const auto& f) { return 0.5 * (f(left) + f(right)); };
  const double s = mean_square(slopes);
  const double jump = right.p_1 * right.p_2 - left.p_1 * left.p_2;
  if (std::abs(jump) > 1e-12 * s) {
    const double a = -std::sqrt(2 / std::numbers::pi) * jump / s;
    return {0.5, a, a};
  }
  return {1.0, -3 * mean([](const Derivatives& d) { return d.p_2 * d.p_2 / 4 + d.p_1 * d.p_3 / 3; }) / s,
          -mean([](const Derivatives& d) { return d.p_2 * d.p_2 + d.p_1 * d.p_3; }) / s};
}

}  // namespace

Reasoned<CriticalDecay> critical_decay(const MeanField& mean_field, Variances variances,
                                       const InfiniteWidth& limit) {
  using Result = Reasoned<CriticalDecay>;
  const ActivationFacts& facts = mean_field.facts();
  if (phase_of(limit.chi) != Phase::critical) return Result::none("not critical: chi is not 1");
  if (facts.homogeneous() && variances.bias == 0.0)
    return Result::none("every layer is alike: q stays at chi = 1");
  if (!limit.q_star) return Result::none(limit.q_star.reason());
  if (*limit.q_star != 0.0) return Result::none("q* is above 0 and is approached exponentially");
  const auto [r, a, b] = expansion_at_zero(mean_field.activation(), facts.at_zero);
  if (!(a > 1e-9)) return Result::none("slower than any power of the depth: phi is straight near 0");
  return CriticalDecay{1 / r, std::pow(a * r, -1 / r), b / (a * r)};
}

}  // namespace varprop
