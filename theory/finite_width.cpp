#include "theory/finite_width.hpp"

#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <cmath>
#include <vector>

#include "core/activations/scalar.hpp"
#include "core/contracts.hpp"

namespace varprop {

namespace {

constexpr std::int64_t largest_exact_width = std::int64_t{1} << 24;

/// ψ(x) − ln x, by its asymptotic series where the difference would cancel.
double digamma_minus_log(double x) {
  if (x < 100) return boost::math::digamma(x) - std::log(x);
  const double y = 1 / (x * x);
  return -0.5 / x - y * (1.0 / 12 - y * (1.0 / 120 - y / 252));
}

struct WeightedCount {
  double k;
  double weight;
};

/// K ~ Bin(n, ½) given K > 0, within 9.5 standard deviations (all but 1e-20), by recursion from the mode.
std::vector<WeightedCount> binomial_half(std::int64_t n) {
  const auto width = static_cast<std::int64_t>(std::ceil(9.5 * 0.5 * std::sqrt(static_cast<double>(n))));
  const std::int64_t mode = (n + 1) / 2, first = std::max<std::int64_t>(1, mode - width);
  const std::int64_t last = std::min(n, mode + width);
  std::vector<WeightedCount> law;
  double weight = 1, sum = 0;
  for (std::int64_t k = mode; k <= last; ++k) {
    law.push_back({static_cast<double>(k), weight});
    weight *= static_cast<double>(n - k) / static_cast<double>(k + 1);
  }
  weight = 1;
  for (std::int64_t k = mode - 1; k >= first; --k) {
    weight *= static_cast<double>(k + 1) / static_cast<double>(n - k);
    law.push_back({static_cast<double>(k), weight});
  }
  for (const auto& count : law) sum += count.weight;
  for (auto& count : law) count.weight /= sum;
  return law;
}

LogRatioLaw half_off_log_ratio(std::int64_t width) {
  const auto n = static_cast<double>(width);
  if (width > largest_exact_width) return {-2.5 / n, 5 / n};
  const auto log_mean = [n](double k) { return digamma_minus_log(0.5 * k) + std::log1p((2 * k - n) / n); };
  const auto law = binomial_half(width);
  LogRatioLaw result{0, 0};
  for (const auto& [k, weight] : law) result.mean += weight * log_mean(k);
  for (const auto& [k, weight] : law) {
    const double deviation = log_mean(k) - result.mean;
    result.variance += weight * (boost::math::trigamma(0.5 * k) + deviation * deviation);
  }
  return result;
}

/// The expectations that κ₁ and v are made of, all at q*, with z ~ N(0, q*).
struct Moments {
  double V, D, V_second, D_first, D_second;
  double phi_4;          // E φ⁴
  double slope_4;        // E φ'⁴
  double phi_2_slope_2;  // E φ²φ'²
  double z_2_slope_2;    // E z²φ'²
  double z_phi_slope;    // E z φφ'
};

/// φ where a pre-activation x = √q z stands.
struct At {
  double x, z2;          // z2 = z²
  double phi, slope;     // φ(x), φ'(x)
  double tangent_slope;  // φ'(0) on the side of x
};

template <class F>
double mean_at(const MeanField& mean_field, double q, const F& f) {
  const ActivationFacts& facts = mean_field.facts();
  const double phase = std::sqrt(felt_variance(facts, q) / q);
  return scalar::visit(mean_field.activation(), [&](const auto& phi) {
    return gaussian_mean(facts.kinks, q,
                         [&](double x, double z) {
                           const auto [value, slope] = phi(scalar::Arithmetic<double>{}, phase * x);
                           return f(At{x, z * z, value, slope,
                                       x < 0 ? facts.at_zero.negative : facts.at_zero.positive});
                         })
        .value;
  });
}

double squared(double x) {
  return x * x;
}
double hermite_2(double z2) {
  return z2 - 1;
}
double hermite_4(double z2) {
  return z2 * (z2 - 6) + 3;
}

/// Derivatives with respect to q by Hermite weights, d/dq E f = E f (Z²−1)/(2q) and d²/dq² E f = E f
/// (Z⁴−6Z²+3)/(4q²). From f its tangent law at 0 is subtracted, whose contribution is zero: it would only
/// cancel.
Moments moments_at(const MeanField& mean_field, double q) {
  const auto mean = [&](const auto& f) { return mean_at(mean_field, q, f); };
  const auto bent_square = [](const At& at) { return squared(at.phi) - squared(at.tangent_slope * at.x); };
  const auto bent_slope = [](const At& at) { return squared(at.slope) - squared(at.tangent_slope); };
  return Moments{
      .V = mean_field.V(q).value,
      .D = mean_field.D(q).value,
      .V_second = mean([&](const At& at) { return bent_square(at) * hermite_4(at.z2); }) / (4 * q * q),
      .D_first = mean([&](const At& at) { return bent_slope(at) * hermite_2(at.z2); }) / (2 * q),
      .D_second = mean([&](const At& at) { return bent_slope(at) * hermite_4(at.z2); }) / (4 * q * q),
      .phi_4 = mean([](const At& at) { return squared(squared(at.phi)); }),
      .slope_4 = mean([](const At& at) { return squared(squared(at.slope)); }),
      .phi_2_slope_2 = mean([](const At& at) { return squared(at.phi * at.slope); }),
      .z_2_slope_2 = mean([](const At& at) { return squared(at.x * at.slope); }),
      .z_phi_slope = mean([](const At& at) { return at.x * at.phi * at.slope; }),
  };
}

GradientCorrection correction_at(const Moments& E, double weight, double q, double chi, double chi_q) {
  const double M = E.slope_4 / (E.D * E.D);
  const double N = weight * weight * (E.phi_4 - E.V * E.V);
  const double lambda_1 = E.D_first / E.D;
  const double lambda_2 = E.D_second / E.D - lambda_1 * lambda_1;
  const double A = E.phi_2_slope_2;
  const double t = weight / (q * chi) * (E.z_2_slope_2 - weight * E.z_phi_slope * E.z_phi_slope / q) /
                   (1 - chi_q * chi_q / chi);
  const double decay = 1 - chi_q, decay_2 = 1 - chi_q * chi_q;
  const double kappa_1 = -0.5 * (3 * M - 1) + lambda_1 * weight * E.V_second * N / (2 * decay * decay_2) +
                         lambda_2 * N / (2 * decay_2) + weight * A / (E.D * q) * (t - 1);
  const double fluctuation =
      3 * M - 1 + lambda_1 * lambda_1 * N / (decay * decay) + 2 * lambda_1 * weight * (A / E.D - E.V) / decay;
  return {kappa_1, fluctuation};
}

/// t = 1 and D does not depend on q.
GradientCorrection homogeneous_correction(const Slopes& slopes) {
  const double s_negative = slopes.negative * slopes.negative, s_positive = slopes.positive * slopes.positive;
  const double D = 0.5 * (s_negative + s_positive);
  const double M = 0.5 * (s_negative * s_negative + s_positive * s_positive) / (D * D);
  return {-0.5 * (3 * M - 1), 3 * M - 1};
}

}  // namespace

LogRatioLaw linear_log_ratio(std::int64_t width) {
  VARPROP_EXPECT(width >= 1);
  const double half = 0.5 * static_cast<double>(width);
  return {digamma_minus_log(half), boost::math::trigamma(half)};
}

Reasoned<LogRatioLaw> exact_log_ratio(const ActivationFacts& facts, std::int64_t width) {
  VARPROP_EXPECT(width >= 1);
  if (!facts.homogeneous()) return Reasoned<LogRatioLaw>::none("only for homogeneous activations");
  const double negative = std::abs(facts.at_zero.negative), positive = std::abs(facts.at_zero.positive);
  if (negative == positive) return linear_log_ratio(width);
  if (negative == 0 || positive == 0) return half_off_log_ratio(width);
  return Reasoned<LogRatioLaw>::none("no exact sum for two different slopes");
}

Reasoned<GradientCorrection> gradient_correction(const MeanField& mean_field, Variances variances,
                                                 const InfiniteWidth& limit) {
  using Result = Reasoned<GradientCorrection>;
  if (mean_field.facts().homogeneous() && variances.bias == 0.0) {
    return homogeneous_correction(mean_field.facts().at_zero);
  }
  if (!limit.q_star) return Result::none(limit.q_star.reason());
  if (*limit.q_star == 0.0) return Result::none("q* is 0");
  if (limit.chi_q >= 1) return Result::none("chi_q is not below 1");
  if (limit.chi_q * limit.chi_q >= limit.chi) return Result::none("chi_q squared is not below chi");
  const double q = *limit.q_star;
  return correction_at(moments_at(mean_field, q), variances.weight, q, limit.chi, limit.chi_q);
}

}  // namespace varprop
