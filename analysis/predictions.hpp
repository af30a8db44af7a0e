// The theory beside every point, computed once for each map, width and distribution that the sweep contains.
#pragma once

#include <map>
#include <span>
#include <string>
#include <tuple>

#include "analysis/point_theory.hpp"

namespace varprop {

class Predictions {
 public:
  explicit Predictions(const Ensemble& ensemble) : ensemble_(ensemble) {}

  /// Computes what is still unknown of these points, on all cores.
  void prepare(std::span<const Point> points);

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

  using PointKey = std::tuple<MapKey, Weights, Width>;

  MapKey map_key(const Point& point) const;
  PointKey point_key(const Point& point) const { return {map_key(point), point.weights, point.width}; }
  /// Of a point whose predictor is known.
  MapTheory map_theory(const Point& point) const;
  /// Of a point whose map is known.
  PointTheory point_theory(const Point& point) const;

  Reasoned<double> in_units_of(const Point& point, const Reasoned<double>& weight_variance) const;

  Ensemble ensemble_;
  std::map<std::string, InfiniteWidthPredictor> predictors_;
  std::map<MapKey, MapTheory> maps_;
  std::map<PointKey, PointTheory> known_;
};

}  // namespace varprop
