#include "theory/critical_variance.hpp"

#include <algorithm>
#include <cmath>

#include "core/contracts.hpp"
#include "theory/phase.hpp"
#include "theory/root_scan.hpp"

namespace varprop {

namespace {

/// 1 − V/(qD) − σ_b²/q: zero where q is on the edge of chaos.
double mismatch(double V, double D, double q, double bias_variance) {
  return 1 - V / D / q - bias_variance / q;
}

bool is_reached(const InfiniteWidthPredictor& predict, const CriticalPoint& point) {
  const Variances variances{point.weight_variance, point.bias_variance};
  if (!(variances.weight > 0) || !std::isfinite(variances.weight)) return false;
  const InfiniteWidth limit = predict(variances, variances.weight + variances.bias);
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
  if (bias_variance == 0.0 && field.facts().value_at_zero == 0.0)
    points.push_back(critical_point(predict, 0, 0));
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

Reasoned<double> critical_weight_variance(const InfiniteWidthPredictor& predict, double bias_variance) {
  const ActivationFacts& facts = predict.mean_field().facts();
  if (facts.homogeneous()) return 1 / mean_square(facts.at_zero);
  const auto points = critical_points(predict, bias_variance);
  std::vector<double> reached;
  for (const CriticalPoint& point : points) {
    if (point.reached) reached.push_back(point.weight_variance);
  }
  if (!reached.empty()) return *std::min_element(reached.begin(), reached.end());
  return Reasoned<double>::none(points.empty()
                                    ? "chi = 1 at no fixed point with this bias variance"
                                    : "chi = 1 only at fixed points that the network does not reach");
}

std::vector<CriticalPoint> half_stable_points(const InfiniteWidthPredictor& predict) {
  const MeanField& field = predict.mean_field();
  const auto excess = [&](double log_q) {
    const double q = std::exp(log_q);
    return field.V_prime(q).value / field.D(q).value - 1;
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

}  // namespace varprop
