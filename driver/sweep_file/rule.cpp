#include "driver/sweep_file/rule.hpp"

#include <fmt/format.h>
#include <muParser.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>

#include "core/errors.hpp"
#include "core/text/words.hpp"

namespace varprop::driver {

namespace {

/// As muParser spells it.
std::string with_plain_operators(std::string text) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> spellings{
      {{"**", "^"}, {"\u00d7", "*"}, {"\u00f7", "/"}, {"\u2212", "-"}, {"\u00b7", "*"}}};
  for (const auto& [typed, plain] : spellings) {
    for (auto at = text.find(typed); at != std::string::npos; at = text.find(typed, at))
      text.replace(at, typed.size(), plain);
  }
  return text;
}

std::optional<std::size_t> position_of_numeric_axis(std::string_view name) {
  std::optional<std::size_t> found;
  std::size_t position = 0;
  for_each_axis([&](const auto& axis) {
    using T = typename std::decay_t<decltype(axis)>::value_type;
    if (NumericCoordinate<T> && axis.name == name) found = position;
    ++position;
  });
  return found;
}

[[noreturn]] void refuse_name(const std::string& text, const std::string& name) {
  const auto names = numeric_axis_names();
  throw InputError(fmt::format("the rule \"{}\" names \"{}\", which is no axis of numbers.{} Allowed: {}.",
                               text, name, suggestion(name, names), join(names)));
}

}  // namespace

/// muParser reads the numbers from where they were when the names were defined.
struct Rule::Expression {
  AxisNumbers numbers{};
  mu::Parser parser;
};

std::vector<std::string> numeric_axis_names() {
  std::vector<std::string> names;
  for_each_axis([&](const auto& axis) {
    using T = typename std::decay_t<decltype(axis)>::value_type;
    if (NumericCoordinate<T>) names.emplace_back(axis.name);
  });
  return names;
}

bool looks_like_rule(const std::string& text) {
  return text.find_first_of("+-*/^()") != std::string::npos || position_of_numeric_axis(text).has_value() ||
         with_plain_operators(text) != text;
}

Rule Rule::parse(const std::string& text) {
  Rule rule;
  rule.text_ = text;
  rule.expression_ = std::make_shared<Expression>();
  auto& [numbers, parser] = *rule.expression_;
  const std::string plain = with_plain_operators(text);
  if (plain.find_first_of("=?<>&|,;") != std::string::npos && plain.find('(') == std::string::npos)
    throw InputError(fmt::format("\"{}\" is no rule; a rule is a formula such as \"width/4\".", text));
  try {
    parser.SetExpr(plain);
    const auto used = parser.GetUsedVar();  // a copy: defining one forgets them
    for (const auto& [name, address] : used) {
      const auto position = position_of_numeric_axis(name);
      if (!position) refuse_name(text, name);
      parser.DefineVar(name, &numbers[*position]);
      rule.axes_.push_back(*position);
    }
    parser.Eval();
  } catch (const mu::Parser::exception_type& error) {
    throw InputError(fmt::format("the rule \"{}\" cannot be read: {}", text, error.GetMsg()));
  }
  std::sort(rule.axes_.begin(), rule.axes_.end());
  return rule;
}

Rule Rule::exactly(const std::string& text) {
  Rule rule = parse(text);
  rule.exact_ = true;
  return rule;
}

double Rule::operator()(const AxisNumbers& numbers) const {
  expression_->numbers = numbers;
  try {
    return expression_->parser.Eval();
  } catch (const mu::Parser::exception_type&) {
    return std::numeric_limits<double>::quiet_NaN();
  }
}

}  // namespace varprop::driver
