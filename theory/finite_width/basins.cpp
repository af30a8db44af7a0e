#include "theory/finite_width/basins.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "theory/finite_width/layer_moments.hpp"

namespace varprop::theory {

bool Barriers::astray(double log_q) const {
  return (below && log_q < std::log(*below)) || (above && log_q > std::log(*above));
}

Reason Barriers::ends_in_two_ways(double share) const {
  return {Reason::ends_in_two_ways, 100 * share, below.value_or(above.value_or(0))};
}

Barriers barriers_of(const InfiniteWidthPredictor& predict, Variances variances, const InfiniteWidth& limit) {
  Barriers barriers;
  const MeanField& mean_field = predict.mean_field();
  for (const double q : limit.fixed_points) {
    if (q == 0 || variances.weight * mean_field.V_prime(q).value <= 1) continue;
    const bool over = limit.q_star && q > *limit.q_star;
    if (over && !barriers.above) barriers.above = q;
    if (!over) barriers.below = q;
  }
  return barriers;
}

namespace {

/// Everything on a grid of x = ln s², measured so that the barrier is above: x is turned where it is below.
class Walk {
 public:
  Walk(const InfiniteWidthPredictor& predict, Variances variances, WeightDistribution weights,
       std::int64_t width, double from, double to)
      : step_((to - from) / nodes), drift_over_variance_(nodes + 1), variance_(nodes + 1) {
    LayerMomentTable moments(predict.mean_field());
    for (std::size_t i = 0; i <= nodes; ++i) {
      const double x = from + static_cast<double>(i) * step_;
      const LayerMoments layer = moments.at(x);
      const double weights_part = variances.weight * std::exp(layer[LayerMoments::log_V]);
      const double f = std::max(weights_part + variances.bias, least_square);
      const double nu =
          square(weights_part / f) * relative_variance(layer, weights) / static_cast<double>(width);
      variance_[i] = std::max(nu, least_variance);
      drift_over_variance_[i] = (std::log(f) - x - 0.5 * nu) / variance_[i];
    }
  }

  /// From the node nearest to a share of the way.
  std::size_t node(double share) const {
    return static_cast<std::size_t>(std::lround(std::clamp(share, 0.0, 1.0) * nodes));
  }

  /// The probability to leave through the last node rather than through the first.
  double through_last(std::size_t start) const {
    const std::vector<double> exponent = scale_exponent();
    const double top = *std::max_element(exponent.begin(), exponent.end());
    double before = 0, all = 0;
    for (std::size_t i = 0; i < exponent.size(); ++i) {
      const double slope = std::exp(exponent[i] - top);
      all += slope;
      if (i < start) before += slope;
    }
    return before / all;
  }

  /// Layers from a node to the last one on average, the first one holding it back.
  double layers_to_last(std::size_t start) const {
    const std::vector<double> exponent = scale_exponent();
    double layers = 0, inner = 0;  // inner: ∫ 2/(ν S'), times S' of the node, step by step
    for (std::size_t i = 0; i < exponent.size(); ++i) {
      if (i > 0) inner *= std::exp(exponent[i] - exponent[i - 1]);
      inner += 2 / variance_[i] * step_;
      if (i >= start) layers += inner * std::abs(step_);
    }
    return std::abs(layers);
  }

 private:
  static constexpr std::size_t nodes = 160;
  static constexpr double least_variance = 1e-12, least_square = 1e-300;

  static double square(double x) { return x * x; }

  /// Of φ², over V².
  static double relative_variance(const LayerMoments& layer, WeightDistribution weights) {
    const double by_norm =
        weights == WeightDistribution::orthogonal ? 2 * square(layer[LayerMoments::V_slope]) : 0;
    return layer[LayerMoments::signal_kurtosis] - 1 - by_norm;
  }

  /// ln S' at the nodes.
  std::vector<double> scale_exponent() const {
    std::vector<double> exponent{0};
    for (std::size_t i = 1; i <= nodes; ++i)
      exponent.push_back(exponent.back() - (drift_over_variance_[i - 1] + drift_over_variance_[i]) * step_);
    return exponent;
  }

  double step_;
  std::vector<double> drift_over_variance_;
  std::vector<double> variance_;
};

constexpr double far = 8;  // e-folds beyond a barrier, where an end is 0 or infinity

/// The end beyond a barrier, in x.
double other_end(const InfiniteWidth& limit, double barrier, bool above) {
  const auto& points = limit.fixed_points;
  const auto at = std::find(points.begin(), points.end(), barrier);
  const double beyond = std::log(barrier) + (above ? far : -far);
  if (above) return at + 1 == points.end() ? beyond : std::min(beyond, std::log(*(at + 1)));
  return at == points.begin() ? beyond : std::max(beyond, std::log(*(at - 1)));
}

}  // namespace

double share_astray(const InfiniteWidthPredictor& predict, Variances variances, const InfiniteWidth& limit,
                    const Barriers& barriers, WeightDistribution weights, double first_q,
                    std::int64_t width) {
  double share = 0;
  for (const bool above : {false, true}) {
    const auto& barrier = above ? barriers.above : barriers.below;
    if (!barrier) continue;
    const double at = std::log(*barrier), start = std::log(first_q), side = above ? -1 : 1;
    const bool held = limit.q_star && *limit.q_star > 0;
    const double own = held ? std::log(*limit.q_star) : at + side * (far + std::abs(start - at));
    const double other = other_end(limit, *barrier, above);
    const Walk walk(predict, variances, weights, width, own, other);
    const double at_once = walk.through_last(walk.node((start - own) / (other - own)));
    double kept = 1 - at_once;
    if (held) {
      const double behind = own + side * std::min(far, 0.5 * std::abs(own - at) + 1);
      const Walk leak(predict, variances, weights, width, behind, at);
      kept *= std::exp(-layers_until_astray / leak.layers_to_last(leak.node((own - behind) / (at - behind))));
    }
    share += 1 - kept;
  }
  return std::min(share, 1.0);
}

}  // namespace varprop::theory
