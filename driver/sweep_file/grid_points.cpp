#include "driver/sweep_file/grid_points.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "core/errors.hpp"
#include "core/text/words.hpp"
#include "driver/sweep_file/grid_reader.hpp"

namespace varprop::driver {

namespace {

Limits limits_of_axis(std::size_t wanted) {
  Limits limits;
  std::size_t position = 0;
  for_each_axis([&](const auto& axis) {
    if constexpr (NumericCoordinate<typename std::decay_t<decltype(axis)>::value_type>) {
      if (position == wanted) limits = axis.limits;
    }
    ++position;
  });
  return limits;
}

bool has_rule(const std::vector<AxisNumber>& numbers) {
  return std::any_of(numbers.begin(), numbers.end(), [](const AxisNumber& x) { return x.rule != nullptr; });
}

/// "width 64 and depth 8".
std::string numbers_text(const Rule& rule, const AxisNumbers& numbers) {
  std::vector<std::string> parts;
  for (const std::size_t axis : rule.axes())
    parts.push_back(fmt::format("{} {}", name_of_axis(axis), typed_number(numbers[axis])));
  return join(parts, " and ");
}

/// What a rule gives a point, as its axis has it: whole axes to the nearest, others rounded as ranges are.
double value_of(const Rule& rule, const AxisNumbers& numbers, std::size_t axis, const Setting& at) {
  const Limits limits = limits_of_axis(axis);
  const double x = rule(numbers);
  double value = x;
  if (std::isfinite(x))
    value = limits.whole ? std::floor(x + 0.5) : rule.exact() ? x : rounded_to_12_digits(x);
  if (!std::isfinite(x) || !limits.contain(value)) {
    const std::string where = rule.axes().empty() ? "" : " at " + numbers_text(rule, numbers);
    at.refuse(fmt::format("the rule \"{}\" gives {}{}; allowed: {}.", rule.text(), typed_number(value), where,
                          text_of(limits)));
  }
  return value + 0.0;
}

Setting setting_of(const TableAxes& axes, std::size_t axis, const AxisNumber& number) {
  return axes.settings[axis]->part(*number.at);
}

}  // namespace

std::string_view name_of_axis(std::size_t axis) {
  std::string_view name;
  std::size_t position = 0;
  for_each_axis([&](const auto& declared) {
    if (position++ == axis) name = declared.name;
  });
  return name;
}

std::size_t axis_named(const std::string& name) {
  std::vector<std::string> names;
  for_each_axis([&](const auto& axis) { names.emplace_back(axis.name); });
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    throw InputError(
        fmt::format("there is no axis \"{}\".{} Allowed: {}.", name, suggestion(name, names), join(names)));
  return static_cast<std::size_t>(found - names.begin());
}

std::size_t TableAxes::count(std::size_t axis) const {
  return numbers[axis].empty() ? words.shape()[axis] : numbers[axis].size();
}

bool TableAxes::is_product() const {
  return zips.empty() && std::none_of(numbers.begin(), numbers.end(), has_rule);
}

void fold_constants(TableAxes& axes) {
  const auto constant = [&](std::size_t axis) {
    return axes.numbers[axis].size() == 1 && !axes.numbers[axis].front().rule;
  };
  for (bool folded = true; folded;) {
    folded = false;
    AxisNumbers known{};
    for (std::size_t axis = 0; axis < axis_count; ++axis)
      if (constant(axis)) known[axis] = axes.numbers[axis].front().value;
    for (std::size_t axis = 0; axis < axis_count; ++axis) {
      for (AxisNumber& number : axes.numbers[axis]) {
        if (!number.rule) continue;
        const auto& from = number.rule->axes();
        if (!std::all_of(from.begin(), from.end(), constant)) continue;
        number.value = value_of(*number.rule, known, axis, setting_of(axes, axis, number));
        number.rule.reset();
        folded = true;
      }
    }
  }
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    const bool zipped = std::any_of(axes.zips.begin(), axes.zips.end(), [&](const ZippedAxes& zip) {
      return std::find(zip.axes.begin(), zip.axes.end(), axis) != zip.axes.end();
    });
    if (!zipped && axes.settings[axis]) sort_numbers(axes.numbers[axis], *axes.settings[axis]);
  }
}

namespace {

template <class Axis>
std::vector<typename Axis::value_type> values_from(const Axis&, const std::vector<double>& numbers) {
  using T = typename Axis::value_type;
  std::vector<T> values;
  if constexpr (NumericCoordinate<T>) {
    for (const double x : numbers) values.emplace_back(static_cast<typename T::value_type>(x));
  }
  return values;
}

/// The grid's values: of words as they are, of numbers these.
Grid with_numbers(const TableAxes& axes, const std::array<std::vector<double>, axis_count>& numbers) {
  Grid grid = axes.words;
  std::size_t position = 0;
  for_each_axis([&](const auto& axis) {
    using T = typename std::decay_t<decltype(axis)>::value_type;
    if (NumericCoordinate<T>) grid.*axis.values = values_from(axis, numbers[position]);
    ++position;
  });
  return grid;
}

/// Axes whose rules follow from other rules come after these. Throws InputError for rules that go round.
std::vector<std::size_t> order_of_rules(const TableAxes& axes) {
  std::vector<std::size_t> waiting, ordered;
  AxisSet known{};
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    known[axis] = !has_rule(axes.numbers[axis]);
    if (!known[axis]) waiting.push_back(axis);
  }
  const auto follows_from_known = [&](std::size_t axis) {
    return std::all_of(axes.numbers[axis].begin(), axes.numbers[axis].end(), [&](const AxisNumber& number) {
      if (!number.rule) return true;
      const auto& from = number.rule->axes();
      return std::all_of(from.begin(), from.end(), [&](std::size_t other) { return known[other]; });
    });
  };
  while (!waiting.empty()) {
    const auto next = std::find_if(waiting.begin(), waiting.end(), follows_from_known);
    if (next == waiting.end()) {
      std::vector<std::string> names;
      for (const std::size_t axis : waiting) names.emplace_back(name_of_axis(axis));
      axes.settings[waiting.front()]->refuse(fmt::format(
          "the rules of {} follow from one another; one of them must stand in numbers.", join(names)));
    }
    known[*next] = true;
    ordered.push_back(*next);
    waiting.erase(next);
  }
  return ordered;
}

/// Every axis once, those that are zipped together.
std::vector<std::vector<std::size_t>> factors_of(const TableAxes& axes) {
  std::vector<std::vector<std::size_t>> factors;
  AxisSet zipped{};
  for (const ZippedAxes& zip : axes.zips) {
    for (const std::size_t axis : zip.axes) zipped[axis] = true;
    factors.push_back(zip.axes);
  }
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    if (!zipped[axis]) factors.push_back({axis});
  }
  return factors;
}

/// Every combination of the factors, by which value it has along every axis.
std::vector<GridIndices> combinations(const TableAxes& axes) {
  const auto factors = factors_of(axes);
  double count = 1;
  for (const auto& factor : factors) count *= static_cast<double>(axes.count(factor.front()));
  if (count > static_cast<double>(most_listed_points))
    throw PointsTooMany(
        fmt::format("this table lists {:.4g} points; allowed are at most {}, or a grid of "
                    "axes without zip, rules and other tables.",
                    count, most_listed_points));
  std::vector<GridIndices> places{GridIndices{}};
  places.reserve(static_cast<std::size_t>(count));
  for (const auto& factor : factors) {
    const std::size_t values = axes.count(factor.front()), before = places.size();
    for (std::size_t k = 1; k < values; ++k) {
      for (std::size_t i = 0; i < before; ++i) {
        GridIndices place = places[i];
        for (const std::size_t axis : factor) place[axis] = k;
        places.push_back(place);
      }
    }
  }
  return places;
}

/// Gives points the numbers of their rules.
class RuleApplier {
 public:
  explicit RuleApplier(const TableAxes& axes) : axes_(axes), order_(order_of_rules(axes)) {
    for (std::size_t axis = 0; axis < axis_count; ++axis) {
      for (const AxisNumber& number : axes.numbers[axis]) values_[axis].push_back(number.value);
    }
  }

  void apply(GridIndices& place) {
    AxisNumbers numbers{};
    for (std::size_t axis = 0; axis < axis_count; ++axis) {
      if (!values_[axis].empty()) numbers[axis] = values_[axis][place[axis]];
    }
    for (const std::size_t axis : order_) {
      const AxisNumber& number = axes_.numbers[axis][place[axis]];
      if (!number.rule) continue;
      numbers[axis] = value_of(*number.rule, numbers, axis, setting_of(axes_, axis, number));
      place[axis] = position_of(axis, numbers[axis]);
    }
  }

  /// The numbers of every axis, those of rules among them.
  const std::array<std::vector<double>, axis_count>& values() const { return values_; }

 private:
  std::size_t position_of(std::size_t axis, double value) {
    const auto [found, is_new] = positions_[axis].try_emplace(value, values_[axis].size());
    if (is_new) values_[axis].push_back(value);
    return found->second;
  }

  const TableAxes& axes_;
  std::vector<std::size_t> order_;
  std::array<std::vector<double>, axis_count> values_;
  std::array<std::unordered_map<double, std::size_t>, axis_count> positions_;
};

}  // namespace

Grid product_of(const TableAxes& axes) {
  return with_numbers(axes, RuleApplier(axes).values());
}

ListedPoints points_of(const TableAxes& axes) {
  RuleApplier rules(axes);
  ListedPoints points;
  points.places = combinations(axes);
  for (GridIndices& place : points.places) rules.apply(place);
  points.values = with_numbers(axes, rules.values());
  return points;
}

}  // namespace varprop::driver
