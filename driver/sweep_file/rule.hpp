// Numbers of an axis that follow from those of other axes: depth = "width/4".
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "core/network/axes.hpp"

namespace varprop::driver {

/// The numbers of a point by the positions of its axes; nothing is said of those that are words.
using AxisNumbers = std::array<double, axis_count>;

/// + - * / ^, parentheses, numbers, muParser's functions (sqrt, ln, min, ...), and names of numeric axes.
class Rule {
 public:
  /// Throws InputError, a sentence without a place, where the text cannot be read or names something else.
  static Rule parse(const std::string& text);

  /// The same of a formula whose values are taken as they are, not rounded to 12 digits.
  static Rule exactly(const std::string& text);

  const std::string& text() const { return text_; }
  bool exact() const { return exact_; }
  /// The positions of the axes that it names, ascending.
  const std::vector<std::size_t>& axes() const { return axes_; }
  /// Its value where the axes have these numbers; not finite where it has none. Not for several threads.
  double operator()(const AxisNumbers& numbers) const;

 private:
  struct Expression;

  std::string text_;
  bool exact_ = false;
  std::vector<std::size_t> axes_;
  std::shared_ptr<Expression> expression_;
};

/// Whether a text is meant as a rule: it names a numeric axis, or has an operator.
bool looks_like_rule(const std::string& text);

/// The names of the axes whose values are numbers.
std::vector<std::string> numeric_axis_names();

}  // namespace varprop::driver
