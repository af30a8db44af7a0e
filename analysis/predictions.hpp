// The theory beside every point, computed once for each map, width and distribution that the sweep contains.
#pragma once

#include <map>
#include <string>
#include <tuple>

#include "analysis/point_theory.hpp"

namespace varprop {

class Predictions {
 public:
  explicit Predictions(const Ensemble& ensemble) : ensemble_(ensemble) {}

  /// What theory says of a point; the reference stays valid.
  const PointTheory& operator()(const Point& point);

  /// The weight variance, as the sweep counts it, at which the point's gradient would neither vanish nor
  /// explode: in the limit of infinite width, and at the point's width.
  Reasoned<double> critical_weight_variance(const Point& point);
  Reasoned<double> critical_weight_variance_at_width(const Point& point);

  /// The predictor of an activation; the reference stays valid.
  const InfiniteWidthPredictor& predictor(const Activation& activation);

 private:
  /// activation, σ_w², σ_b²
  using MapKey = std::tuple<std::string, double, double>;

  /// What depends on the map alone, not on width.
  struct MapTheory {
    InfiniteWidth limit;
    CorrelationLimit correlation;
    Reasoned<CriticalDecay> decay;
  };

  const MapTheory& map_of(const Point& point, Variances variances);
  PointTheory theory_of(const Point& point, Variances variances);

  Reasoned<double> in_units_of(const Point& point, const Reasoned<double>& weight_variance) const;

  Ensemble ensemble_;
  std::map<std::string, InfiniteWidthPredictor> predictors_;
  std::map<MapKey, MapTheory> maps_;
  std::map<std::tuple<MapKey, Weights, Width>, PointTheory> known_;
};

}  // namespace varprop
