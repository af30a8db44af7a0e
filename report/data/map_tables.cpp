// What one layer does to the length of a signal and to the correlation of two, as curves: the q-map and the
// c-map of infinite width.
#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "analysis/points/parallel_for.hpp"
#include "report/data/tables.hpp"
#include "theory/infinite_width/correlation.hpp"
#include "theory/infinite_width/layer_map.hpp"

namespace varprop::report {

namespace {

/// Maps are told of so many kinds of layers at the most; a value of a c-map is a double integral.
constexpr std::size_t most_q_maps = 300, most_c_maps = 60;
constexpr int q_steps = 40, c_steps = 16;

using Curve = std::vector<std::pair<double, double>>;

struct LayerCurves {
  Curve q, c;
};

/// q' = σ_w² V(q) + σ_b², from 0 to beyond the first signal and where it settles.
Curve q_map(const theory::InfiniteWidthPredictor& predict, theory::Variances variances,
            const theory::InfiniteWidth& limit) {
  const double first = predict.first_q(variances);
  const double end = 1.25 * std::max(first, limit.q_star ? *limit.q_star : 0.0);
  const theory::PlainLayer layer(predict.mean_field(), variances);
  Curve curve;
  for (int i = 1; i <= q_steps; ++i) {
    const double q = end * i / q_steps;
    curve.emplace_back(q, std::exp(layer.next({std::log(q)}, 1).log_q));
  }
  return curve;
}

/// c'(c) at q*; of homogeneous φ without biases at any q. Empty where neither is.
Curve c_map(const theory::InfiniteWidthPredictor& predict, theory::Variances variances,
            const theory::InfiniteWidth& limit) {
  const theory::MeanField& mean_field = predict.mean_field();
  const bool free = mean_field.facts().homogeneous() && variances.bias == 0;
  if (!free && !(limit.q_star && *limit.q_star > 0)) return {};
  const double q = free ? 1 : *limit.q_star;
  const double gain = free ? 1 / mean_field.V(1).value : variances.weight;
  Curve curve;
  for (int i = 0; i <= c_steps; ++i) {
    const double c = static_cast<double>(i) / c_steps;
    const double K_bar = pair_means(mean_field, q, theory::angle_of_distance(1 - c)).K_bar.value;
    curve.emplace_back(c, 1 - gain * K_bar * (1 - c));
  }
  return curve;
}

void add_curve(ReportTable& table, const Point& point, const AxisSet& known, const char* map,
               const Curve& curve) {
  if (curve.empty()) return;
  const auto add = [&](const char* kind, double x, double y) {
    table.add(point, known, {map, kind, rounded_json(x), rounded_json(y)});
  };
  for (const auto& [x, y] : curve) add("map", x, y);
  for (const double x : {curve.front().first, curve.back().first}) add("diagonal", x, x);
}

/// A point of every map, as many as are told.
std::vector<Point> points_of_maps(const analysis::PointGrid& grid, const GridChoice& report,
                                  const analysis::Predictions& predictions) {
  std::map<analysis::Predictions::MapKey, Point> found;
  for (std::size_t k = 0; k < report.size(); ++k) {
    const Point& point = grid.at(report[k]).point;
    if (predictions.knows(point)) found.emplace(predictions.map_key(point), point);
    if (found.size() > most_q_maps) return {};
  }
  std::vector<Point> points;
  for (const auto& [key, point] : found) points.push_back(point);
  return points;
}

}  // namespace

ReportTable maps_table(const analysis::PointGrid& grid, const GridChoice& report,
                       analysis::Predictions& predictions) {
  ReportTable table({"map", "kind", "x", "y"});
  const NetworkSettings& network = grid.sweep().network;
  AxisSet known = analysis::every_axis;
  known[axis_position<WeightDistribution>] = known[analysis::depth_axis] = false;
  known[analysis::width_axis] = network.variance_scaling == VarianceScaling::none;
  const auto points = points_of_maps(grid, report, predictions);
  const bool pairs = grid.sweep().measures_quantity(Quantity::correlation) && points.size() <= most_c_maps;
  std::vector<LayerCurves> curves(points.size());
  for (const Point& point : points) predictions.predictor(point.activation);  // made once, not by threads
  analysis::parallel_for(points.size(), [&](std::size_t i) {
    const auto& predict = predictions.predictor(points[i].activation);
    const auto variances = theory::variances_of(points[i], network.variance_scaling);
    const theory::InfiniteWidth limit = predict(variances, predict.first_q(variances));
    curves[i].q = q_map(predict, variances, limit);
    if (pairs) curves[i].c = c_map(predict, variances, limit);
  });
  for (std::size_t i = 0; i < points.size(); ++i) {
    add_curve(table, points[i], known, "q", curves[i].q);
    add_curve(table, points[i], known, "c", curves[i].c);
  }
  return table;
}

}  // namespace varprop::report
