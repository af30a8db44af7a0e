// The theory beside every point, computed once for each map, width and distribution that the sweep contains.
#pragma once

#include <map>
#include <mutex>
#include <span>
#include <string>
#include <utility>

#include "theory/point_theory.hpp"

namespace varprop::analysis {

class Predictions {
 public:
  /// What decides the map of a layer: the point without what the map does not depend on, and σ_w² as theory
  /// counts it.
  using MapKey = std::pair<PointWithout<WeightDistribution, WeightVariance, Width, Depth>, double>;

  explicit Predictions(const NetworkSettings& settings) : ensemble_(settings) {}

  /// Computes what is still unknown of these points, on all cores.
  void prepare(std::span<const Point> points);

  /// What theory says of a point; the reference stays valid.
  const theory::PointTheory& operator()(const Point& point);

  /// The weight variance, as the sweep counts it, at which the point's gradient would neither vanish nor
  /// explode: in the limit of infinite width, and at the point's width. Remembered; several threads may ask
  /// at once of activations whose predictor is known.
  theory::ValueOrReason<double> critical_weight_variance(const Point& point);
  theory::ValueOrReason<double> critical_weight_variance_at_width(const Point& point);

  /// The predictor of an activation; the reference stays valid.
  const theory::InfiniteWidthPredictor& predictor(const Activation& activation);

  MapKey map_key(const Point& point) const;

 private:
  /// Of a point whose predictor is known.
  theory::MapTheory map_of(const Point& point) const;
  /// Of a point whose map is known.
  theory::PointTheory theory_of(const Point& point) const;
  theory::ValueOrReason<double> in_units_of(const Point& point,
                                            const theory::ValueOrReason<double>& weight_variance) const;

  NetworkSettings ensemble_;
  std::map<std::string, theory::InfiniteWidthPredictor> predictors_;
  std::map<MapKey, theory::MapTheory> maps_;
  std::map<PointWithout<Depth>, theory::PointTheory> known_;
  std::mutex critical_;  ///< of the two that follow
  std::map<PointWithout<WeightDistribution, WeightVariance, Width, Depth>, theory::ValueOrReason<double>>
      critical_variances_;
  std::map<PointWithout<WeightVariance, Depth>, theory::ValueOrReason<double>> critical_variances_at_width_;
};

}  // namespace varprop::analysis
