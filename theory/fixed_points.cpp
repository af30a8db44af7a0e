#include "theory/fixed_points.hpp"

#include <algorithm>
#include <cmath>

#include "core/contracts.hpp"
#include "theory/root_scan.hpp"

namespace varprop {

namespace {

/// Fine where activations bend, ever coarser farther out where every V is close to a power law.
std::vector<double> table_log_q() {
  const double end = 304 * std::log(10.0), bend = 4 * std::log(10.0), fine = std::log(2.0) / 16;
  std::vector<double> log_q;
  for (double t = 0; t < end; t += t < bend ? fine : t / 20) {
    log_q.push_back(t);
    if (t > 0) log_q.push_back(-t);
  }
  log_q.insert(log_q.end(), {-end, end});
  std::sort(log_q.begin(), log_q.end());
  return log_q;
}

/// ln(q'/q), from the ratio: a difference of two large logarithms would round more than 1e-13.
double log_ratio(Variances variances, double V, double q) {
  return std::log((variances.weight * V + variances.bias) / q);
}

}  // namespace

FixedPointFinder::FixedPointFinder(const Activation& activation) : mean_field_(activation) {
  if (mean_field_.facts().homogeneous()) return;  // its map is a straight line, find() is not for it
  for (const double log_q : table_log_q()) {
    const double q = std::exp(log_q);
    table_.push_back({log_q, q, mean_field_.V(q).value, mean_field_.D(q).value});
  }
}

double FixedPointFinder::log_growth(Variances variances, double q) const {
  return log_ratio(variances, mean_field_.V(q).value, q);
}

std::vector<double> FixedPointFinder::find_positive(Variances variances) const {
  std::vector<Sample> growth;
  for (const Node& node : table_) growth.push_back({node.log_q, log_ratio(variances, node.V, node.q)});
  auto roots = roots_along(growth, [&](double log_q) { return log_growth(variances, std::exp(log_q)); });
  for (double& root : roots) root = std::exp(root);
  return roots;
}

std::vector<double> FixedPointFinder::find(Variances variances) const {
  VARPROP_EXPECT(!mean_field_.facts().homogeneous());
  VARPROP_EXPECT(variances.weight > 0 && variances.bias >= 0);
  std::vector<double> points = find_positive(variances);
  if (variances.bias == 0.0 && mean_field_.facts().value_at_zero == 0.0) points.insert(points.begin(), 0.0);
  VARPROP_ENSURE(std::is_sorted(points.begin(), points.end()));
  return points;
}

std::optional<double> reached_fixed_point(const FixedPointFinder& finder, Variances variances,
                                          const std::vector<double>& fixed_points, double first_q) {
  VARPROP_EXPECT(first_q > 0);
  const double growth = finder.log_growth(variances, first_q);
  const auto above = std::upper_bound(fixed_points.begin(), fixed_points.end(), first_q);
  if (std::abs(growth) <= rounding) return first_q;
  if (growth > 0) return above == fixed_points.end() ? std::nullopt : std::optional(*above);
  return above == fixed_points.begin() ? std::nullopt : std::optional(*(above - 1));
}

}  // namespace varprop
