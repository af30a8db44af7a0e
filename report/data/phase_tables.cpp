#include "report/data/tables.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <set>

#include "analysis/points/parallel_for.hpp"
#include "analysis/terminal/regime_map.hpp"

namespace varprop::report {

namespace {

constexpr std::size_t curve_points = 1500, curve_points_most = 33;

/// What gives a cell its colour.
struct ColouredQuantity {
  std::string name;
  bool of_pairs;  ///< the distance of two inputs, whose rate stands with its law
  std::optional<analysis::Direction> analysis::PointAnalysis::*direction;
  theory::ValueOrReason<double> theory::PointTheory::*theory_rate;
  std::int32_t first_step;  ///< layers that are there before it can change

  explicit ColouredQuantity(Quantity quantity)
      : name(word_of(quantity)),
        of_pairs(quantity == Quantity::correlation),
        direction(quantity == Quantity::forward ? &analysis::PointAnalysis::forward
                                                : &analysis::PointAnalysis::backward),
        theory_rate(quantity == Quantity::forward ? &theory::PointTheory::forward_rate_n
                                                  : &theory::PointTheory::backward_rate_n),
        first_step(quantity == Quantity::backward ? 1 : 0) {}

  Json rate(const analysis::PointAnalysis& analysis) const {
    if (of_pairs) return nullptr;
    const auto& measured = analysis.*direction;
    return measured && measured->rate ? rounded_json(measured->rate->value) : Json(nullptr);
  }

  /// Λ_b/(L − 1), Λ_f/L: the change per layer over the whole depth, which there is without a window, too.
  Json change(const analysis::PointAnalysis& analysis) const {
    const auto& measured = analysis.*direction;
    const auto total = of_pairs ? (analysis.pair ? analysis.pair->total : std::nullopt)
                                : (measured ? measured->total : std::nullopt);
    const std::int32_t steps = analysis.point.depth.value() - first_step;
    return total && steps > 0 ? rounded_json(total->value / steps) : Json(nullptr);
  }

  Json theory(const analysis::PointAnalysis& analysis) const {
    if (!of_pairs) return value_of(analysis.theory.*theory_rate);
    return analysis.pair ? value_of(analysis.pair->theory.rate_n) : Json(nullptr);
  }

  /// The word of the cell, and its letter.
  std::array<Json, 2> regime(const analysis::PointAnalysis& analysis) const {
    if (of_pairs) return in_words(analysis.pair ? analysis.pair->regime : std::nullopt);
    return in_words(analysis.regime);
  }

 private:
  template <class E>
  static std::array<Json, 2> in_words(const std::optional<E>& regime) {
    if (!regime) return {Json(nullptr), Json(nullptr)};
    return {Json(word_of(*regime)), Json(std::string(1, analysis::letter_of(regime)))};
  }

  static Json value_of(const theory::ValueOrReason<double>& theory) {
    return theory ? rounded_json(*theory) : Json(nullptr);
  }
};

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
  if (y == analysis::bias_variance_axis) {
    for (const double bias : finely(axes_[y], count)) {
      point.bias_variance = BiasVariance(bias);
      points.push_back(point);
    }
  } else if (y == analysis::width_axis) {
    for (const double n : finely(axes_[y], count)) {
      point.width = Width(std::llround(n));
      if (points.empty() || points.back().width != point.width) points.push_back(point);
    }
  } else {
    points.push_back(point);  // critical variances do not depend on the depth
  }
  return points;
}

/// Along an axis, the places in the grid of the points whose curves are drawn: of every word and every chosen
/// number, but one of what the curves do not depend on and of y.
std::vector<std::size_t> places_along(std::size_t axis, std::size_t extent, const ReportAxis& shown,
                                      const GridChoice& report, std::size_t y) {
  if (axis == analysis::weight_variance_axis || axis == analysis::depth_axis) return {0};
  const bool fine = y == analysis::bias_variance_axis ||
                    y == analysis::width_axis;  // along which curves are drawn in between
  if (axis == y && fine) return {report.along(axis).front()};
  if (!shown.words()) return report.along(axis);
  std::vector<std::size_t> all(extent);
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

/// The same of listed points: the first of each group that a curve is of.
std::vector<Point> curves_of_list(const Sweep& sweep, std::size_t y) {
  constexpr std::size_t most_curves = 200;
  AxisSet free = axes_of<WeightVariance, Depth>();
  free[y] = free[y] || y == analysis::bias_variance_axis || y == analysis::width_axis;
  std::vector<Point> curves;
  sweep.grid_index().for_each_group(free, [&](const GridIndices& at) { curves.push_back(sweep.point(at)); });
  if (curves.size() > most_curves) curves.clear();
  return curves;
}

/// The points whose curves are drawn, one of each.
std::vector<Point> curves_of(const Sweep& sweep, const std::vector<ReportAxis>& axes_,
                             const GridChoice& report, std::size_t y) {
  std::array<std::vector<std::size_t>, axis_count> places;
  GridIndices shape{};
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    places[axis] = places_along(axis, sweep.shape()[axis], axes_[axis], report, y);
    shape[axis] = places[axis].size();
  }
  std::vector<Point> curves;
  if (!sweep.grid.is_product()) return curves_of_list(sweep, y);
  GridIndex(shape).for_each_member(analysis::every_axis, {}, [&](GridIndices at) {
    for (std::size_t axis = 0; axis < axis_count; ++axis) at[axis] = places[axis][at[axis]];
    curves.push_back(sweep.point(at));
  });
  return curves;
}

/// Infinite width is drawn once for all widths, unless weight variances are told in units of them.
bool drawn_before(const Point& curve, const Sweep& sweep, const std::vector<ReportAxis>& axes_) {
  return sweep.network.variance_scaling != VarianceScaling::none &&
         static_cast<double>(curve.width.value()) != axes_[analysis::width_axis].numbers.front();
}

std::vector<EdgePoint> edge_points(const Sweep& sweep, const std::vector<ReportAxis>& axes_,
                                   const GridChoice& report, std::size_t y) {
  const auto curves = curves_of(sweep, axes_, report, y);
  if (curves.empty()) return {};
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

void find_variances(std::vector<EdgePoint>& points, analysis::Predictions& predictions) {
  for (const EdgePoint& edge : points)
    predictions.predictor(edge.point.activation);  // made once, not by threads
  const auto find = [&](std::size_t i) {
    const auto found = points[i].at_width ? predictions.critical_weight_variance_at_width(points[i].point)
                                          : predictions.critical_weight_variance(points[i].point);
    if (found) points[i].weight_variance = *found;
  };
  analysis::parallel_for(points.size(), find,
                         [&](std::size_t done) { predictions.tell("theory's curves", done, points.size()); });
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

namespace {

/// The cells of one picture: the places of its points along x and along y.
struct PictureCells {
  std::vector<std::size_t> columns, lines;
  std::vector<double> x_ends, y_ends;
};

std::vector<std::size_t> in_order(const std::set<std::size_t>& places) {
  return {places.begin(), places.end()};
}

std::vector<double> ends_of(const ReportAxis& axis, const std::vector<std::size_t>& chosen,
                            const std::vector<std::size_t>& places) {
  std::vector<double> numbers;
  for (const std::size_t place : places)
    numbers.push_back(axis.numbers[static_cast<std::size_t>(
        std::lower_bound(chosen.begin(), chosen.end(), place) - chosen.begin())]);
  return cell_ends(numbers, axis.spacing);
}

std::size_t position_of(std::size_t place, const std::vector<std::size_t>& places) {
  return static_cast<std::size_t>(std::lower_bound(places.begin(), places.end(), place) - places.begin());
}

/// Points that differ along x and y only, by which the others are told apart.
using Pictures = std::map<GridIndices, std::vector<std::size_t>>;

Pictures pictures_of(const GridChoice& cells, const Picture& picture) {
  Pictures pictures;
  for (std::size_t k = 0; k < cells.size(); ++k) {
    GridIndices others = cells[k];
    others[picture.x] = others[picture.y] = 0;
    pictures[others].push_back(k);
  }
  return pictures;
}

/// Nothing where the points are no product along x and y: then there is no picture of them.
std::optional<PictureCells> cells_of(const std::vector<std::size_t>& points, const GridChoice& cells,
                                     const Picture& picture, const std::vector<ReportAxis>& axes_) {
  std::set<std::size_t> columns, lines;
  for (const std::size_t k : points) {
    columns.insert(cells[k][picture.x]);
    lines.insert(cells[k][picture.y]);
  }
  if (columns.size() * lines.size() != points.size()) return std::nullopt;
  PictureCells made{in_order(columns), in_order(lines), {}, {}};
  made.x_ends = ends_of(axes_[picture.x], cells.along(picture.x), made.columns);
  made.y_ends = ends_of(axes_[picture.y], cells.along(picture.y), made.lines);
  return made;
}

}  // namespace

std::size_t drawn_cells(const GridChoice& cells, const Picture& picture) {
  std::size_t drawn = 0;
  for (const auto& [others, points] : pictures_of(cells, picture)) {
    std::set<std::size_t> columns, lines;
    for (const std::size_t k : points) {
      columns.insert(cells[k][picture.x]);
      lines.insert(cells[k][picture.y]);
    }
    const bool product = columns.size() * lines.size() == points.size();
    if (product && columns.size() > 1 && lines.size() > 1) drawn += points.size();
  }
  return drawn;
}

ReportTable cells_table(const analysis::PointGrid& grid, const GridChoice& report, const GridChoice& cells,
                        const Picture& picture) {
  const auto axes_ = report_axes(grid.sweep().grid, cells);
  const ColouredQuantity coloured(picture.quantity);
  ReportTable table({"point", "x_low", "x_high", "y_low", "y_high", coloured.name + "_rate",
                     coloured.name + "_change", "theory_" + coloured.name + "_rate_n", "regime", "glyph"});
  std::vector<std::optional<PictureCells>> ends;
  std::vector<std::size_t> picture_of_point(cells.size());
  for (const auto& [others, points] : pictures_of(cells, picture)) {
    for (const std::size_t k : points) picture_of_point[k] = ends.size();
    ends.push_back(cells_of(points, cells, picture, axes_));
  }
  for (std::size_t k = 0; k < cells.size(); ++k) {
    const auto at = cells[k];
    const auto& own = ends[picture_of_point[k]];
    if (!own) continue;
    const analysis::PointAnalysis& analysis = grid.at(at);
    const std::size_t x = position_of(at[picture.x], own->columns);
    const std::size_t y = position_of(at[picture.y], own->lines);
    const auto regime = coloured.regime(analysis);
    table.add(analysis.point, analysis::every_axis,
              {*report.find(at), rounded_json(own->x_ends[x]), rounded_json(own->x_ends[x + 1]),
               rounded_json(own->y_ends[y]), rounded_json(own->y_ends[y + 1]), coloured.rate(analysis),
               coloured.change(analysis), coloured.theory(analysis), regime[0], regime[1]});
  }
  return table;
}

ReportTable critical_table(const std::vector<analysis::Law>& laws, const Grid& grid, const Picture& picture) {
  ReportTable table({"kind", "estimate", "low", "high", "theory", "verdict"});
  if (picture.x != analysis::weight_variance_axis) return table;
  for (const analysis::Law& law : laws) {
    if (law.law != analysis::LawName::critical_weight_variance || !law.holds()) continue;
    AxisSet known = law.applies;
    known[analysis::depth_axis] = picture.y == analysis::depth_axis;
    for_each_depth_drawn(law.point, grid.depth, known[analysis::depth_axis], [&](const Point& point) {
      table.add(point, known,
                {law.applies[analysis::width_axis] ? "at width n" : "limit", rounded_json(law.estimate),
                 low_of(law.interval), high_of(law.interval), rounded_json(law.theory), "holds"});
    });
  }
  return table;
}

ReportTable trainable_table(const analysis::PointGrid& grid, const GridChoice& report,
                            const Picture& picture) {
  ReportTable table({"trainable_depth"});
  if (picture.x != analysis::weight_variance_axis || picture.y != analysis::depth_axis) return table;
  AxisSet known = analysis::every_axis;
  known[analysis::depth_axis] = false;
  std::set<PointWithout<Depth>> told;  // it is the same at every depth
  for (std::size_t k = 0; k < report.size(); ++k) {
    const analysis::PointAnalysis& analysis = grid.at(report[k]);
    if (analysis.trainable_depth && told.insert(analysis.point.without<Depth>()).second)
      table.add(analysis.point, known, {rounded_json(*analysis.trainable_depth)});
  }
  return table;
}

ReportTable edge_table(const Sweep& sweep, const GridChoice& report, const Picture& picture,
                       analysis::Predictions& predictions) {
  ReportTable table({"kind"});
  if (picture.x != analysis::weight_variance_axis) return table;
  auto points = edge_points(sweep, report_axes(sweep.grid, report), report, picture.y);
  find_variances(points, predictions);
  const std::vector<Depth> ends{sweep.grid.depth.front(), sweep.grid.depth.back()};
  const bool in_widths = sweep.network.variance_scaling == VarianceScaling::none;
  for (EdgePoint& edge : points) {
    if (!edge.weight_variance) continue;
    edge.point.weight_variance = WeightVariance(rounded(*edge.weight_variance));
    AxisSet known = analysis::every_axis;
    known[analysis::width_axis] = edge.at_width || in_widths || picture.y == analysis::width_axis;
    known[analysis::depth_axis] = picture.y == analysis::depth_axis;
    for_each_depth_drawn(edge.point, ends, known[analysis::depth_axis], [&](const Point& point) {
      table.add(point, known, {edge.at_width ? "at width n" : "infinite width"});
    });
  }
  return table;
}

}  // namespace varprop::report
