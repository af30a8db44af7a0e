// Lines of a framework as people paste them: a number that is written as arithmetic, and the call of a
// function with its arguments.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace varprop::driver {

/// What stands there as a word: "fan_in" in quotes, or m.weight, jnp.float32, key, a whole call without.
struct Word {
  std::string text;
  bool quoted = false;
  double scale = 1;  ///< of a call in a product with numbers: 0.1 in torch.randn(n, n) * 0.1
};

using ArgumentValue = std::variant<double, Word>;

struct CallArgument {
  std::string name;  ///< empty: by its position
  ArgumentValue value;
};

/// "nn.init.normal_(w, std=0.02)": the function's name with what is in front of it, and its arguments. A word
/// alone is a call without arguments.
struct Call {
  std::string function;
  std::vector<CallArgument> arguments;
  double scale = 1;       ///< the product of the numbers that the call is multiplied with
  bool assigned = false;  ///< "name = value"

  /// What follows the last dot of the name.
  std::string_view last_name() const;
};

/// What an expression may refer to.
struct Vocabulary {
  std::map<std::string, double, std::less<>> names;  ///< fan_in, depth and the like
  /// The value of a function that is no arithmetic, such as calculate_gain('relu'); nothing where it knows
  /// none.
  std::function<std::optional<double>(const Call&)> function;
};

/// A number: decimal ones, + − * / and ** (or ^), parentheses, sqrt exp log abs pow min max float (whatever
/// is in front of them, as in math.sqrt), pi, e, and the vocabulary: words of two letters or more also with
/// something in front (self.in_features), x.size(0) and x.shape[0] as its fan_in. Throws InputError where the
/// text is something else, or its value is not finite.
double read_number_expression(std::string_view text, const Vocabulary& vocabulary);

/// A call, a word, or "name = value" and "name": value, which are calls of `name` with that value.
/// Arguments are numbers as above, words in quotes, True (1) and False (0), names of things, or whole calls,
/// tuples and lists that no number comes of, which are taken as words. A call may stand in a product with
/// numbers. Of calls in a chain the last one counts: torch.empty(3, 3).normal_(0, 1). Whatever follows a call
/// in parentheses of its own is read and left out: he_normal()(key, (64, 64)). Comments and a comma or
/// semicolon at the end are left out. Throws InputError where the text is none.
Call read_call(std::string_view text, const Vocabulary& vocabulary);

}  // namespace varprop::driver
