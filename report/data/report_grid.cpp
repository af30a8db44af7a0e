#include "report/data/report_grid.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <utility>

#include "core/errors.hpp"

namespace varprop::report {

namespace {

/// Points that are left with at most `m` values along each axis; more than `most` is told as most + 1.
std::size_t points_with(const GridIndices& shape, std::size_t m, std::size_t most) {
  std::size_t points = 1;
  for (const std::size_t extent : shape) {
    points *= std::min(extent, m);
    if (points > most) return most + 1;
  }
  return points;
}

/// The largest m with at most `most` points, from 1.
std::size_t values_per_axis(const GridIndices& shape, std::size_t most) {
  std::size_t fits = 1, too_many = *std::max_element(shape.begin(), shape.end()) + 1;
  while (too_many - fits > 1) {
    const std::size_t middle = fits + (too_many - fits) / 2;
    (points_with(shape, middle, most) <= most ? fits : too_many) = middle;
  }
  return fits;
}

}  // namespace

std::vector<std::size_t> evenly_chosen(std::size_t extent, std::size_t count) {
  VARPROP_EXPECT(count >= 1 && count <= extent);
  if (count == 1) return {extent / 2};
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < count; ++i) {
    positions.push_back((i * (extent - 1) + (count - 1) / 2) / (count - 1));
  }
  return positions;
}

GridChoice::GridChoice(const GridIndices& shape, std::size_t most) {
  const std::size_t m = values_per_axis(shape, most);
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    chosen_[axis] = evenly_chosen(shape[axis], std::min(shape[axis], m));
  }
}

GridChoice::GridChoice(std::vector<GridIndices> listed) : listed_(std::move(listed)) {
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    std::set<std::size_t> positions;
    for (const GridIndices& at : listed_) positions.insert(at[axis]);
    chosen_[axis].assign(positions.begin(), positions.end());
  }
}

GridChoice::GridChoice(const Grid& grid, std::size_t most) {
  if (grid.is_product()) {
    *this = GridChoice(grid.shape(), most);
    return;
  }
  const auto count = static_cast<std::size_t>(grid.listed.size());
  std::vector<GridIndices> some;
  for (const std::size_t i : evenly_chosen(count, std::min(count, most)))
    some.push_back(grid.listed[static_cast<std::int64_t>(i)]);
  *this = GridChoice(std::move(some));
}

GridChoice GridChoice::thinned(std::size_t most) const {
  if (!is_product()) {
    std::vector<GridIndices> some;
    for (const std::size_t i : evenly_chosen(size(), std::min(size(), most))) some.push_back(listed_[i]);
    return GridChoice(std::move(some));
  }
  GridChoice choice(shape(), most);
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    for (std::size_t& position : choice.chosen_[axis]) position = chosen_[axis][position];
  }
  return choice;
}

std::size_t GridChoice::size() const {
  if (!is_product()) return listed_.size();
  std::size_t points = 1;
  for (const auto& positions : chosen_) points *= positions.size();
  return points;
}

GridIndices GridChoice::shape() const {
  GridIndices shape;
  for (std::size_t axis = 0; axis < axis_count; ++axis) shape[axis] = chosen_[axis].size();
  return shape;
}

GridIndices GridChoice::operator[](std::size_t k) const {
  if (!is_product()) return listed_[k];
  GridIndices at = GridIndex(shape()).indices(static_cast<std::int64_t>(k));
  for (std::size_t axis = 0; axis < axis_count; ++axis) at[axis] = chosen_[axis][at[axis]];
  return at;
}

std::optional<std::size_t> GridChoice::find(const GridIndices& indices) const {
  if (!is_product()) {
    const auto found = std::lower_bound(listed_.begin(), listed_.end(), indices);
    if (found == listed_.end() || *found != indices) return std::nullopt;
    return static_cast<std::size_t>(found - listed_.begin());
  }
  GridIndices at{};
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    const auto& positions = chosen_[axis];
    const auto found = std::lower_bound(positions.begin(), positions.end(), indices[axis]);
    if (found == positions.end() || *found != indices[axis]) return std::nullopt;
    at[axis] = static_cast<std::size_t>(found - positions.begin());
  }
  return static_cast<std::size_t>(GridIndex(shape()).position(at));
}

namespace {

constexpr std::size_t picture_values = 3;  // along a side of a picture worth the name
constexpr double log_ratio_of_two = 4;

/// Standard deviation of successive steps relative to their mean.
double unevenness(const std::vector<double>& y) {
  std::vector<double> steps;
  for (std::size_t i = 1; i < y.size(); ++i) steps.push_back(y[i] - y[i - 1]);
  const double mean = std::reduce(steps.begin(), steps.end()) / static_cast<double>(steps.size());
  double squares = 0;
  for (const double step : steps) squares += (step - mean) * (step - mean);
  return std::sqrt(squares) / std::abs(mean);
}

std::vector<double> logarithms(std::vector<double> values) {
  for (double& x : values) x = std::log(x);
  return values;
}

/// "weight variance σ_w²".
std::string label_of(std::string_view name, std::string_view symbol) {
  std::string label(name);
  std::replace(label.begin(), label.end(), '_', ' ');
  return symbol.empty() ? label : label + " " + std::string(symbol);
}

}  // namespace

Spacing spacing_of(const std::vector<double>& values) {
  if (values.size() < 2 || values.front() <= 0) return Spacing::linear;
  if (values.size() == 2)
    return values.back() >= log_ratio_of_two * values.front() ? Spacing::log : Spacing::linear;
  return unevenness(logarithms(values)) < unevenness(values) ? Spacing::log : Spacing::linear;
}

std::vector<double> cell_ends(const std::vector<double>& values, Spacing spacing) {
  VARPROP_EXPECT(!values.empty());
  if (values.size() == 1) {
    const double half = values[0] == 0 ? 0.5 : std::abs(values[0]) / 4;
    return {values[0] == 0 ? 0.0 : values[0] - half, values[0] + half};
  }
  const bool log = spacing == Spacing::log;
  const std::vector<double> y = log ? logarithms(values) : values;
  std::vector<double> ends{y[0] - (y[1] - y[0]) / 2};
  for (std::size_t i = 1; i < y.size(); ++i) ends.push_back((y[i - 1] + y[i]) / 2);
  ends.push_back(y.back() + (y.back() - y[y.size() - 2]) / 2);
  for (double& end : ends) end = log ? std::exp(end) : std::max(end, 0.0);
  return ends;
}

Json ReportAxis::json() const {
  return {{"name", name},
          {"symbol", symbol},
          {"label", label},
          {"scale", spacing == Spacing::log ? "log" : "linear"},
          {"values", values}};
}

std::vector<ReportAxis> report_axes(const Grid& grid, const GridChoice& choice) {
  std::vector<ReportAxis> all;
  for_each_axis([&](const auto& axis) {
    using Value = typename std::decay_t<decltype(axis)>::value_type;
    ReportAxis shown{
        std::string(axis.name), std::string(axis.symbol), label_of(axis.name, axis.symbol), {}, {}};
    for (const std::size_t position : choice.along(all.size())) {
      const Value& value = (grid.*axis.values)[position];
      shown.values.push_back(coordinate_json(value));
      if constexpr (NumericCoordinate<Value>) shown.numbers.push_back(static_cast<double>(value.value()));
    }
    shown.spacing = spacing_of(shown.numbers);
    shown.told = is_dimension(axis, grid);
    all.push_back(std::move(shown));
  });
  return all;
}

Picture picture_of(const std::vector<ReportAxis>& axes_, const std::vector<Quantity>& measured) {
  const auto was_measured = [&](Quantity quantity) {
    return std::find(measured.begin(), measured.end(), quantity) != measured.end();
  };
  Quantity quantity = Quantity::backward;
  for (const Quantity other : {Quantity::forward, Quantity::correlation}) {
    if (!was_measured(quantity) && was_measured(other)) quantity = other;
  }
  const auto extent = [&](std::size_t axis) { return axes_[axis].numbers.size(); };
  if (extent(analysis::weight_variance_axis) >= picture_values &&
      extent(analysis::bias_variance_axis) >= picture_values)
    return {analysis::weight_variance_axis, analysis::bias_variance_axis, quantity};
  std::vector<std::size_t> longest;
  for (std::size_t axis = 0; axis < axes_.size(); ++axis) {
    if (!axes_[axis].words()) longest.push_back(axis);
  }
  std::stable_sort(longest.begin(), longest.end(),
                   [&](std::size_t a, std::size_t b) { return extent(a) > extent(b); });
  return {std::min(longest[0], longest[1]), std::max(longest[0], longest[1]), quantity};
}

}  // namespace varprop::report
