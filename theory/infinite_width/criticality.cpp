#include "theory/infinite_width/criticality.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/errors.hpp"
#include "core/network/activations/scalar.hpp"
#include "theory/infinite_width/fixed_points.hpp"
#include "theory/infinite_width/infinite_width.hpp"

namespace varprop::theory {

namespace {

/// Below it D, and V with it, has lost digits: φ is flat near 0, and q so small that it feels nothing else.
constexpr double least_D = 1e-280;

/// 1 − V/(qD) − σ_b²/q: zero where q is on the edge of chaos. NaN where D has lost digits.
double mismatch(double V, double D, double q, double bias_variance) {
  if (D < least_D) return std::numeric_limits<double>::quiet_NaN();
  return 1 - V / D / q - bias_variance / q;
}

bool is_reached(const InfiniteWidthPredictor& predict, const CriticalPoint& point) {
  const Variances variances{point.weight_variance, point.bias_variance};
  if (!(variances.weight > 0) || !std::isfinite(variances.weight)) return false;
  const InfiniteWidth limit = predict(variances, predict.first_q(variances));
  return limit.q_star && (*limit.q_star == 0.0) == (point.q == 0.0) && phase_of(limit.chi) == Phase::critical;
}

CriticalPoint critical_point(const InfiniteWidthPredictor& predict, double q, double bias_variance) {
  const MeanField& field = predict.mean_field();
  const double D = field.D(q).value;
  CriticalPoint point{1 / D, bias_variance, q, field.V_prime(q).value / D, false};
  point.reached = is_reached(predict, point);
  return point;
}

}  // namespace

std::vector<CriticalPoint> critical_points(const InfiniteWidthPredictor& predict, double bias_variance) {
  VARPROP_EXPECT(bias_variance >= 0);
  const MeanField& field = predict.mean_field();
  std::vector<CriticalPoint> points;
  if (field.facts().homogeneous()) return points;
  const bool dies = bias_variance == 0.0 && field.facts().value_at_zero == 0.0;
  if (dies && mean_square(field.facts().at_zero) > 0) points.push_back(critical_point(predict, 0, 0));
  std::vector<Sample> samples;
  for (const auto& node : predict.finder().table()) {
    samples.push_back({node.log_q, mismatch(node.V, node.D, node.q, bias_variance)});
  }
  const auto roots = roots_along(samples, [&](double log_q) {
    const double q = std::exp(log_q);
    return mismatch(field.V(q).value, field.D(q).value, q, bias_variance);
  });
  for (const double log_q : roots) points.push_back(critical_point(predict, std::exp(log_q), bias_variance));
  return points;
}

ValueOrReason<double> critical_weight_variance(const InfiniteWidthPredictor& predict, double bias_variance) {
  const ActivationFacts& facts = predict.mean_field().facts();
  if (facts.homogeneous()) return 1 / mean_square(facts.at_zero);
  const auto points = critical_points(predict, bias_variance);
  std::vector<double> reached;
  for (const CriticalPoint& point : points) {
    if (point.reached) reached.push_back(point.weight_variance);
  }
  if (!reached.empty()) return *std::min_element(reached.begin(), reached.end());
  if (facts.power != 0 && bias_variance == 0.0) return Reason::only_fixed_point_drives_away;
  return points.empty() ? Reason::chi_1_at_no_fixed_point : Reason::chi_1_not_reached;
}

std::vector<CriticalPoint> half_stable_points(const InfiniteWidthPredictor& predict) {
  const MeanField& field = predict.mean_field();
  const auto excess = [&](double log_q) {
    const double q = std::exp(log_q), D = field.D(q).value;
    if (D < least_D) return std::numeric_limits<double>::quiet_NaN();
    return field.V_prime(q).value / D - 1;
  };
  std::vector<Sample> samples;
  for (const auto& node : predict.finder().table()) samples.push_back({node.log_q, excess(node.log_q)});
  std::vector<CriticalPoint> points;
  for (const double log_q : roots_along(samples, excess)) {
    const double q = std::exp(log_q), bias_variance = q - field.V(q).value / field.D(q).value;
    if (bias_variance > 0) points.push_back(critical_point(predict, q, bias_variance));
  }
  return points;
}

namespace {

/// Derivatives of φ on one side of 0.
struct Derivatives {
  double p_1, p_2, p_3;
};

/// p₃ by one-sided differences of φ'' in long double, of error h⁴.
Derivatives derivatives(const Activation& activation, double slope, long double side) {
  const auto bend = [&](long double x) { return scalar::curvature<long double>(activation, side * x); };
  const long double h = 1e-3L * activation.facts().kinks.scale;
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

ValueOrReason<CriticalDecay> critical_decay(const MeanField& mean_field, Variances variances,
                                            const InfiniteWidth& limit) {
  const ActivationFacts& facts = mean_field.facts();
  if (phase_of(limit.chi) != Phase::critical) return Reason::not_critical;
  if (facts.homogeneous() && variances.bias == 0.0) return Reason::every_layer_alike;
  if (!limit.q_star) return limit.q_star.reason();
  if (*limit.q_star != 0.0) return Reason::approached_exponentially;
  const auto [r, a, b] = expansion_at_zero(mean_field.activation(), facts.at_zero);
  if (!(a > 1e-9)) return Reason::straight_near_zero;
  return CriticalDecay{1 / r, std::pow(a * r, -1 / r), b / (a * r)};
}

}  // namespace varprop::theory
