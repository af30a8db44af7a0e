#include "analysis/report/phase_tables.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "analysis/parallel_for.hpp"
#include "analysis/regime_map.hpp"

namespace varprop {

namespace {

constexpr std::size_t curve_points = 1500, curve_points_most = 33;

/// What gives a cell its colour.
struct ColouredQuantity {
  std::string name;
  std::optional<Direction> PointAnalysis::*direction;
  Reasoned<double> PointTheory::*theory_rate;
  std::int32_t first_step;  ///< layers that are there before it can change

  explicit ColouredQuantity(Quantity quantity)
      : name(word_of(quantity)),
        direction(quantity == Quantity::forward ? &PointAnalysis::forward : &PointAnalysis::backward),
        theory_rate(quantity == Quantity::forward ? &PointTheory::forward_rate_n
                                                  : &PointTheory::backward_rate_n),
        first_step(quantity == Quantity::forward ? 0 : 1) {}

  Json rate(const PointAnalysis& analysis) const {
    const auto& measured = analysis.*direction;
    return measured && measured->rate ? rounded_json(measured->rate->mean) : Json(nullptr);
  }

  /// Λ_b/(L − 1), Λ_f/L: the change per layer over the whole depth, which there is without a window, too.
  Json change(const PointAnalysis& analysis) const {
    const auto& measured = analysis.*direction;
    const std::int32_t steps = analysis.point.depth.value() - first_step;
    return measured && measured->total && steps > 0 ? rounded_json(measured->total->mean / steps)
                                                    : Json(nullptr);
  }
};

Json value_of(const Reasoned<double>& theory) {
  return theory ? rounded_json(*theory) : Json(nullptr);
}

/// One point of theory's curves; its weight variance is still to be found.
struct EdgePoint {
  Point point;
  bool at_width;
  std::optional<double> weight_variance{};
};

/// `count` numbers from the first to the last of an axis, spaced as its values are.
std::vector<double> finely(const ReportAxis& axis, std::size_t count) {
  const double first = axis.numbers.front(), last = axis.numbers.back();
  if (first == last || count < 2) return {first};
  std::vector<double> fine;
  for (std::size_t i = 0; i < count; ++i) {
    const double t = static_cast<double>(i) / static_cast<double>(count - 1);
    fine.push_back(axis.spacing == Spacing::log ? first * std::pow(last / first, t)
                                                : first + t * (last - first));
  }
  fine.back() = last;
  return fine;
}

/// The grid's values along y, or a fine choice in between.
std::vector<Point> along_y(Point point, const std::vector<ReportAxis>& axes_, std::size_t y,
                           std::size_t count) {
  std::vector<Point> points;
  if (y == bias_variance_axis) {
    for (const double bias : finely(axes_[y], count)) {
      point.bias_variance = BiasVariance(bias);
      points.push_back(point);
    }
  } else if (y == width_axis) {
    for (const double n : finely(axes_[y], count)) {
      point.width = Width(std::llround(n));
      if (points.empty() || points.back().width != point.width) points.push_back(point);
    }
  } else {
    points.push_back(point);  // critical variances do not depend on the depth
  }
  return points;
}

/// The points whose curves are drawn, one of each: of every activation and weights, and of every bias
/// variance and width that is not y.
std::vector<Point> curves_of(const Grid& grid, const std::vector<ReportAxis>& axes_, std::size_t y) {
  std::vector<Point> curves;
  const auto values = [&](std::size_t axis) {
    return axis == y ? std::vector{axes_[axis].numbers[0]} : axes_[axis].numbers;
  };
  for (const Activation& activation : grid.activation) {
    for (const Weights weights : grid.weights) {
      for (const double bias : values(bias_variance_axis)) {
        for (const double width : values(width_axis)) {
          curves.push_back({activation, weights, grid.weight_variance.front(), BiasVariance(bias),
                            Width(static_cast<std::int64_t>(width)), grid.depth.front()});
        }
      }
    }
  }
  return curves;
}

/// Infinite width is drawn once for all widths, unless weight variances are told in units of them.
bool drawn_before(const Point& curve, const Sweep& sweep, const std::vector<ReportAxis>& axes_) {
  return sweep.ensemble.variance_scaling == VarianceScaling::fan_in &&
         static_cast<double>(curve.width.value()) != axes_[width_axis].numbers.front();
}

std::vector<EdgePoint> edge_points(const Sweep& sweep, const std::vector<ReportAxis>& axes_, std::size_t y) {
  const auto curves = curves_of(sweep.grid, axes_, y);
  const std::size_t count = std::clamp<std::size_t>(curve_points / curves.size(), 2, curve_points_most);
  std::vector<EdgePoint> points;
  for (const bool at_width : {false, true}) {
    for (const Point& curve : curves) {
      if (!at_width && drawn_before(curve, sweep, axes_)) continue;
      for (const Point& point : along_y(curve, axes_, y, count)) points.push_back({point, at_width});
    }
  }
  return points;
}

void find_variances(std::vector<EdgePoint>& points, Predictions& predictions) {
  for (const EdgePoint& edge : points)
    predictions.predictor(edge.point.activation);  // made once, not by threads
  parallel_for(points.size(), [&](std::size_t i) {
    const auto found = points[i].at_width ? predictions.critical_weight_variance_at_width(points[i].point)
                                          : predictions.critical_weight_variance(points[i].point);
    if (found) points[i].weight_variance = *found;
  });
}

/// Calls f(point) for the values of y at which a law that does not depend on the depth is drawn.
template <class F>
void for_each_depth_drawn(Point point, const std::vector<Depth>& depths, bool depth_is_y, F&& f) {
  if (!depth_is_y) return f(point);
  for (const Depth depth : depths) {
    point.depth = depth;
    f(point);
  }
}

}  // namespace

ReportTable cells_table(const PointGrid& grid, const GridChoice& report, const GridChoice& cells,
                        const Picture& picture) {
  const auto axes_ = report_axes(grid.sweep().grid, cells);
  const auto x_ends = cell_ends(axes_[picture.x].numbers, axes_[picture.x].spacing);
  const auto y_ends = cell_ends(axes_[picture.y].numbers, axes_[picture.y].spacing);
  const ColouredQuantity coloured(picture.quantity);
  ReportTable table({"point", "x_low", "x_high", "y_low", "y_high", coloured.name + "_rate",
                     coloured.name + "_change", "theory_" + coloured.name + "_rate_n", "regime", "glyph"});
  const auto place = [&](std::size_t axis, const GridChoice::Indices& at) {
    const auto& positions = cells.along(axis);
    return static_cast<std::size_t>(std::lower_bound(positions.begin(), positions.end(), at[axis]) -
                                    positions.begin());
  };
  for (std::size_t k = 0; k < cells.size(); ++k) {
    const auto at = cells[k];
    const PointAnalysis& analysis = grid.at(at);
    const std::size_t x = place(picture.x, at), y = place(picture.y, at);
    table.add(analysis.point, all_coordinates(),
              {*report.find(at), rounded_json(x_ends[x]), rounded_json(x_ends[x + 1]),
               rounded_json(y_ends[y]), rounded_json(y_ends[y + 1]), coloured.rate(analysis),
               coloured.change(analysis), value_of(analysis.theory.*coloured.theory_rate),
               analysis.regime ? Json(word_of(*analysis.regime)) : Json(nullptr),
               analysis.regime ? Json(std::string(1, letter_of(analysis.regime))) : Json(nullptr)});
  }
  return table;
}

ReportTable critical_table(const std::vector<Law>& laws, const Grid& grid, const Picture& picture) {
  ReportTable table({"kind", "estimate", "low", "high", "theory", "verdict"});
  if (picture.x != weight_variance_axis) return table;
  for (const Law& law : laws) {
    if (law.law != LawName::critical_weight_variance || !law.holds()) continue;
    Coordinates known = law.applies;
    known[depth_axis] = picture.y == depth_axis;
    for_each_depth_drawn(law.point, grid.depth, known[depth_axis], [&](const Point& point) {
      table.add(point, known,
                {law.applies[width_axis] ? "at width n" : "limit", rounded_json(law.estimate),
                 low_of(law.interval), high_of(law.interval), rounded_json(law.theory), "holds"});
    });
  }
  return table;
}

ReportTable edge_table(const Sweep& sweep, const std::vector<ReportAxis>& axes_, const Picture& picture,
                       Predictions& predictions) {
  ReportTable table({"kind"});
  if (picture.x != weight_variance_axis) return table;
  auto points = edge_points(sweep, axes_, picture.y);
  find_variances(points, predictions);
  const std::vector<Depth> ends{sweep.grid.depth.front(), sweep.grid.depth.back()};
  const bool in_widths = sweep.ensemble.variance_scaling == VarianceScaling::none;
  for (EdgePoint& edge : points) {
    if (!edge.weight_variance) continue;
    edge.point.weight_variance = WeightVariance(rounded(*edge.weight_variance));
    Coordinates known = all_coordinates();
    known[width_axis] = edge.at_width || in_widths || picture.y == width_axis;
    known[depth_axis] = picture.y == depth_axis;
    for_each_depth_drawn(edge.point, ends, known[depth_axis], [&](const Point& point) {
      table.add(point, known, {edge.at_width ? "at width n" : "infinite width"});
    });
  }
  return table;
}

}  // namespace varprop
