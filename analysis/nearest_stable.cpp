#include "analysis/nearest_stable.hpp"

#include <cmath>
#include <map>
#include <optional>
#include <vector>

#include "analysis/point_grid.hpp"

namespace varprop {

namespace {

/// The stable weight variances of a group of points that differ in nothing else, ascending.
std::vector<double> stable_variances(const PointGrid& grid, const PointGrid::Indices& origin) {
  std::vector<double> stable;
  grid.for_each_member(free_axes({weight_variance_axis}), origin, [&](const PointAnalysis& analysis) {
    if (analysis.regime == Regime::stable) stable.push_back(analysis.point.weight_variance.value());
  });
  return stable;
}

double nearest(const std::vector<double>& stable, double weight_variance) {
  double best = stable.front();
  for (const double x : stable) {
    if (std::abs(std::log(x / weight_variance)) < std::abs(std::log(best / weight_variance))) best = x;
  }
  return best;
}

/// Advice to stay is none.
bool same(double a, double b) {
  return std::abs(a / b - 1) < 1e-9;
}

/// Where single networks stray or die, the width is to blame, and another weight variance is no remedy.
bool mean_leaves_range(Regime regime) {
  return regime == Regime::vanishing || regime == Regime::exploding;
}

/// The critical weight variances of theory, once for all depths and weight variances.
class TheoreticalVariances {
 public:
  explicit TheoreticalVariances(Predictions& predictions) : predictions_(predictions) {}

  std::optional<double> operator()(const Point& point) {
    const std::tuple key(point.activation.text(), point.weights, point.bias_variance, point.width);
    const auto found = known_.find(key);
    if (found != known_.end()) return found->second;
    auto variance = predictions_.critical_weight_variance_at_width(point);
    if (!variance) variance = predictions_.critical_weight_variance(point);
    return known_.emplace(key, variance ? std::optional(*variance) : std::nullopt).first->second;
  }

 private:
  Predictions& predictions_;
  std::map<std::tuple<std::string, Weights, BiasVariance, Width>, std::optional<double>> known_;
};

}  // namespace

void find_nearest_stable(const Sweep& sweep, std::span<PointAnalysis> points, Predictions& predictions) {
  const PointGrid grid(sweep, points);
  TheoreticalVariances theoretical(predictions);
  grid.for_each_group(free_axes({weight_variance_axis}), [&](PointGrid::Indices at) {
    const auto stable = stable_variances(grid, at);
    for (at[weight_variance_axis] = 0; at[weight_variance_axis] < grid.extent(weight_variance_axis);
         ++at[weight_variance_axis]) {
      PointAnalysis& analysis = points[grid.index(at)];
      if (!analysis.regime) continue;
      if (!stable.empty()) {
        analysis.nearest_stable = {nearest(stable, analysis.point.weight_variance.value()),
                                   StableSource::grid};
      } else if (const auto variance =
                     mean_leaves_range(*analysis.regime) ? theoretical(analysis.point) : std::nullopt;
                 variance && !same(*variance, analysis.point.weight_variance.value())) {
        analysis.nearest_stable = {*variance, StableSource::theory};
      }
    }
  });
}

}  // namespace varprop
