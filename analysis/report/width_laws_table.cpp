#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <utility>

#include "analysis/report/law_tables.hpp"
#include "theory/first_layer.hpp"
#include "theory/log_ratio.hpp"

namespace varprop {

namespace {

constexpr const char* critical_text = "critical weight variance less its limit, against the width n";
constexpr const char* fluctuation_text = "variance of ln g_1 over networks, against (L-1)/n";
constexpr const char* drift_text = "distance of the backward rate from its limit, against 1/n";
constexpr const char* first_layer_text = "mean square of the first layer, against the width n";

/// Position of a coordinate along its axis.
PointGrid::Indices indices_of(const Grid& grid, const Point& point) {
  PointGrid::Indices indices{};
  std::size_t axis_number = 0;
  for_each_axis([&](const auto& axis) {
    const auto& values = grid.*axis.values;
    const auto found = std::find(values.begin(), values.end(), point.*axis.value);
    indices[axis_number++] = static_cast<std::size_t>(found - values.begin());
  });
  return indices;
}

/// One measured number with what belongs to it.
struct WidthPoint {
  Point point;
  double x;
  double y;
  std::optional<Interval> interval{};
  std::optional<double> exact{};
  Coordinates known = all_coordinates();  ///< along which it was measured at one value
};

/// Collects the rows of all laws.
class WidthRows {
 public:
  explicit WidthRows(const PointGrid& grid, const GridChoice& points) : grid_(grid), points_(points) {}

  /// The rows of one law: its measured and exact points by x, and the line y(x) that was fitted.
  void add(const char* text, const Law& law, std::vector<WidthPoint> measured,
           const std::function<double(double)>& fitted) {
    std::erase_if(measured, [](const WidthPoint& p) { return !(p.y > 0) || !std::isfinite(p.y); });
    if (measured.empty()) return;
    std::stable_sort(measured.begin(), measured.end(),
                     [](const WidthPoint& a, const WidthPoint& b) { return a.x < b.x; });
    for (const WidthPoint& p : measured) row(text, "measured", p.point, p.known, p.x, p.y, p.interval);
    for (const double x : {measured.front().x, measured.back().x})
      row(text, "fitted", law.point, law.applies, x, fitted(x), {});
    for (const WidthPoint& p : measured) {
      if (p.exact) row(text, "exact", p.point, p.known, p.x, *p.exact, {});
    }
  }

  /// The chosen points of a law's group.
  std::vector<const PointAnalysis*> members(const Law& law) const {
    std::vector<const PointAnalysis*> members;
    grid_.for_each_member(widths_and_depths, indices_of(grid_.sweep().grid, law.point),
                          [&](const PointAnalysis& analysis) {
                            if (points_.find(indices_of(grid_.sweep().grid, analysis.point)))
                              members.push_back(&analysis);
                          });
    return members;
  }

  ReportTable table{{"law", "kind", "x", "y", "low", "high"}};

 private:
  static Json positive(double x) { return x > 0 ? rounded_json(x) : Json(nullptr); }

  void row(const char* text, const char* kind, const Point& point, const Coordinates& known, double x,
           double y, const std::optional<Interval>& interval) {
    if (!(y > 0)) return;
    table.add(
        point, known,
        {text, kind, rounded_json(x), rounded_json(y), interval ? positive(interval->low) : Json(nullptr),
         interval ? positive(interval->high) : Json(nullptr)});
  }

  const PointGrid& grid_;
  const GridChoice& points_;
};

double width_number(const Point& point) {
  return static_cast<double>(point.width.value());
}

/// The interval of a distance sign·(x − limit).
Interval distance(const Interval& x, double limit, double sign) {
  const double a = sign * (x.low - limit), b = sign * (x.high - limit);
  return {std::min(a, b), std::max(a, b)};
}

bool same_group(const Law& a, const Law& b) {
  return a.point.activation == b.point.activation && a.point.weights == b.point.weights &&
         a.point.bias_variance == b.point.bias_variance;
}

/// Critical variances at the widths that a limit was taken from. The line through them is B/n, least squares.
void add_critical(WidthRows& rows, const Law& limit, const std::vector<Law>& laws) {
  std::vector<WidthPoint> measured;
  for (const Law& law : laws) {
    if (law.law != limit.law || !law.holds() || !law.applies[width_axis] || !same_group(law, limit)) continue;
    WidthPoint point{law.point, width_number(law.point), *law.estimate - *limit.estimate};
    if (law.interval) point.interval = distance(*law.interval, *limit.estimate, 1);
    if (law.theory && limit.theory) point.exact = *law.theory - *limit.theory;
    point.known = law.applies;
    measured.push_back(std::move(point));
  }
  double products = 0, squares = 0;
  for (const WidthPoint& p : measured) products += p.y / p.x, squares += 1 / (p.x * p.x);
  rows.add(critical_text, limit, std::move(measured), [B = products / squares](double n) { return B / n; });
}

void add_fluctuation(WidthRows& rows, const Law& law) {
  std::vector<WidthPoint> measured;
  for (const PointAnalysis* analysis : rows.members(law)) {
    if (!analysis->backward || !analysis->backward->variance) continue;
    const double steps = analysis->point.depth.value() - 1;
    WidthPoint point{analysis->point, steps / width_number(analysis->point),
                     analysis->backward->variance->mean};
    if (!(point.x > 0)) continue;
    point.interval = confidence_interval(parameter_of(*analysis->backward->variance));
    if (const auto& theory = analysis->theory.backward_variance_n) point.exact = steps * *theory;
    measured.push_back(std::move(point));
  }
  rows.add(fluctuation_text, law, std::move(measured), [&law](double x) { return *law.estimate * x; });
}

/// Rates less the limit that was fitted with the drift; theory's less ln χ.
void add_drift(WidthRows& rows, const Law& limit, const Law& drift) {
  const double sign = std::copysign(1.0, *drift.estimate);
  std::vector<WidthPoint> measured;
  for (const PointAnalysis* analysis : rows.members(drift)) {
    if (!analysis->backward || !analysis->backward->rate) continue;
    const MeanEstimate& rate = *analysis->backward->rate;
    WidthPoint point{analysis->point, 1 / width_number(analysis->point),
                     sign * (rate.mean - *limit.estimate)};
    if (const auto interval = confidence_interval(parameter_of(rate)))
      point.interval = distance(*interval, *limit.estimate, sign);
    const PointTheory& theory = analysis->theory;
    if (theory.backward_rate && theory.backward_rate_n)
      point.exact = sign * (*theory.backward_rate_n - *theory.backward_rate);
    measured.push_back(std::move(point));
  }
  rows.add(drift_text, drift, std::move(measured), [&](double x) { return sign * *drift.estimate * x; });
}

/// q_1 where variances are not scaled: exp⟨ln q_1⟩, of weights without an exact logarithm the mean.
void add_first_layer(WidthRows& rows, const Law& law, const Ensemble& ensemble) {
  const bool by_logarithm =
      law.point.weights == Weights::gaussian || law.point.weights == Weights::orthogonal;
  std::vector<WidthPoint> measured;
  double shift = 0;  // of the fitted line: the mean of ln y − exponent ln n
  for (const PointAnalysis* analysis : rows.members(law)) {
    const auto& log_q = by_logarithm ? analysis->first_layer : analysis->first_layer_of_mean;
    if (!log_q) continue;
    const Point& point = analysis->point;
    double bias = by_logarithm ? mean_log_input_square(ensemble.input, point.width) : 0;
    if (point.weights == Weights::gaussian) bias += linear_log_ratio(point.width.value()).mean;
    WidthPoint found{point, width_number(point), std::exp(log_q->mean)};
    if (const auto interval = confidence_interval(parameter_of(*log_q)))
      found.interval = Interval{std::exp(interval->low), std::exp(interval->high)};
    found.exact = width_number(point) * point.weight_variance.value() * std::exp(bias);
    shift += log_q->mean - *law.estimate * std::log(found.x);
    measured.push_back(std::move(found));
  }
  if (!measured.empty()) shift /= static_cast<double>(measured.size());
  rows.add(first_layer_text, law, std::move(measured),
           [&law, shift](double n) { return std::exp(shift + *law.estimate * std::log(n)); });
}

/// Whether the law is of chosen values along the axes that do not run.
bool chosen(const Law& law, const Grid& grid, const GridChoice& points) {
  const auto at = indices_of(grid, law.point);
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    const auto& positions = points.along(axis);
    if (law.applies[axis] && !std::binary_search(positions.begin(), positions.end(), at[axis])) return false;
  }
  return true;
}

}  // namespace

ReportTable width_laws_table(const PointGrid& grid, const GridChoice& points, const std::vector<Law>& laws) {
  WidthRows rows(grid, points);
  const Law* before = nullptr;
  for (const Law& law : laws) {
    const Law* const previous = std::exchange(before, &law);
    if (!law.holds() || !law.estimate || !chosen(law, grid.sweep().grid, points)) continue;
    if (law.law == LawName::critical_weight_variance && !law.applies[width_axis]) {
      add_critical(rows, law, laws);
    } else if (law.law == LawName::fluctuation) {
      add_fluctuation(rows, law);
    } else if (law.law == LawName::drift && law.parameter == "kappa_1" && previous->estimate) {
      add_drift(rows, *previous, law);
    } else if (law.law == LawName::width) {
      add_first_layer(rows, law, grid.sweep().ensemble);
    }
  }
  return std::move(rows.table);
}

}  // namespace varprop
