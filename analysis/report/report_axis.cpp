#include "analysis/report/report_axis.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/contracts.hpp"

namespace varprop {

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

template <class Tag, class Number>
double number_of(Strong<Tag, Number> x) {
  return static_cast<double>(x.value());
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
      if constexpr (!std::is_same_v<Value, Activation> && !std::is_same_v<Value, Weights>) {
        shown.numbers.push_back(number_of(value));
      }
    }
    shown.spacing = spacing_of(shown.numbers);
    all.push_back(std::move(shown));
  });
  return all;
}

Picture picture_of(const std::vector<ReportAxis>& axes_, const std::vector<Quantity>& measured) {
  const auto was_measured = [&](Quantity quantity) {
    return std::find(measured.begin(), measured.end(), quantity) != measured.end();
  };
  const bool signal = was_measured(Quantity::forward) && !was_measured(Quantity::backward);
  const Quantity quantity = signal ? Quantity::forward : Quantity::backward;
  const auto extent = [&](std::size_t axis) { return axes_[axis].numbers.size(); };
  if (extent(weight_variance_axis) >= picture_values && extent(bias_variance_axis) >= picture_values)
    return {weight_variance_axis, bias_variance_axis, quantity};
  std::vector<std::size_t> longest;
  for (std::size_t axis = 0; axis < axes_.size(); ++axis) {
    if (!axes_[axis].words()) longest.push_back(axis);
  }
  std::stable_sort(longest.begin(), longest.end(),
                   [&](std::size_t a, std::size_t b) { return extent(a) > extent(b); });
  return {std::min(longest[0], longest[1]), std::max(longest[0], longest[1]), quantity};
}

}  // namespace varprop
