#include "driver/init/expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <numbers>
#include <utility>

#include "core/errors.hpp"
#include "core/text/words.hpp"

namespace varprop::driver {

namespace {

/// Longer ones are no line of anybody's; parentheses cannot be nested deeper either.
constexpr std::size_t longest_expression = 400;

constexpr std::string_view blanks = " \t\n";

bool begins_name(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) || c == '_';
}

bool in_name(char c) {
  return begins_name(c) || std::isdigit(static_cast<unsigned char>(c)) || c == '.';
}

std::string_view after_last_dot(std::string_view name) {
  return name.substr(name.rfind('.') + 1);  // npos + 1 is 0
}

/// The arithmetic functions, by the number of their arguments.
std::optional<double> arithmetic_function(std::string_view name, const std::vector<double>& x) {
  using One = double (*)(double);
  using Two = double (*)(double, double);
  static constexpr std::array of_one{
      std::pair{std::string_view("sqrt"), One([](double a) { return std::sqrt(a); })},
      std::pair{std::string_view("exp"), One([](double a) { return std::exp(a); })},
      std::pair{std::string_view("log"), One([](double a) { return std::log(a); })},
      std::pair{std::string_view("abs"), One([](double a) { return std::abs(a); })}};
  static constexpr std::array of_two{
      std::pair{std::string_view("pow"), Two([](double a, double b) { return std::pow(a, b); })},
      std::pair{std::string_view("min"), Two([](double a, double b) { return std::min(a, b); })},
      std::pair{std::string_view("max"), Two([](double a, double b) { return std::max(a, b); })}};
  for (const auto& [known, f] : of_one) {
    if (known == name && x.size() == 1) return f(x[0]);
  }
  for (const auto& [known, f] : of_two) {
    if (known == name && x.size() == 2) return f(x[0], x[1]);
  }
  return std::nullopt;
}

/// The numbers among the arguments; nothing where one is a word or has a name.
std::optional<std::vector<double>> plain_numbers(const Call& call) {
  std::vector<double> numbers;
  for (const CallArgument& argument : call.arguments) {
    const double* const number = std::get_if<double>(&argument.value);
    if (!number || !argument.name.empty()) return std::nullopt;
    numbers.push_back(*number);
  }
  return numbers;
}

/// A parser by recursive descent that computes as it reads.
class ExpressionReader {
 public:
  ExpressionReader(std::string_view text, const Vocabulary& vocabulary)
      : text_(text), vocabulary_(vocabulary) {
    validate(text.size() <= longest_expression,
             fmt::format("an expression has at most {} characters.", longest_expression));
  }

  double whole_number() {
    const double x = number(value());
    expect_end();
    validate(std::isfinite(x), "this is no finite number.");
    return x;
  }

  Call whole_call() {
    CallArgument first = argument();
    Call call;
    if (!first.name.empty()) {
      call = {first.name, {{"", first.value}}};
    } else if (last_call_) {
      call = *last_call_;
      while (peek() == '(') arguments();
    } else if (const Word* const word = std::get_if<Word>(&first.value)) {
      call = {word->text, {}};
    } else {
      throw InputError("this is a number and no initializer.");
    }
    expect_end();
    return call;
  }

 private:
  char peek() {
    at_ = std::min(text_.find_first_not_of(blanks, at_), text_.size());
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(std::string_view symbol) {
    peek();
    if (text_.substr(at_, symbol.size()) != symbol) return false;
    at_ += symbol.size();
    return true;
  }
  [[noreturn]] void refuse(const std::string& what) {
    peek();
    const std::string there =
        at_ < text_.size() ? fmt::format("\"{}\"", text_.substr(at_, 12)) : std::string("the end");
    throw InputError(fmt::format("{} at character {}, where {} stands.", what, at_ + 1, there));
  }
  void expect_end() {
    if (peek() != '\0') refuse("nothing more may follow");
  }

  double number(const ArgumentValue& value) {
    if (const double* const x = std::get_if<double>(&value)) return *x;
    const Word& word = std::get<Word>(value);
    if (word.quoted) throw InputError("\"" + word.text + "\" is no number.");
    std::vector<std::string> known;
    for (const auto& [name, x] : vocabulary_.names) known.push_back(name);
    throw InputError(
        fmt::format("\"{}\" is no number.{} Known are pi, e, {}, and the functions sqrt, exp, log, "
                    "abs, pow, min, max and calculate_gain.",
                    word.text, suggestion(word.text, known), join(known)));
  }

  /// sum := product (('+' | '-') product)*
  ArgumentValue value() {
    ArgumentValue left = product();
    for (;;) {
      if (take("+")) {
        left = number(left) + number(product());
      } else if (take("-")) {
        left = number(left) - number(product());
      } else {
        return left;
      }
    }
  }

  /// product := signed (('*' | '/') signed)*, not of "**"
  ArgumentValue product() {
    ArgumentValue left = with_sign();
    for (;;) {
      if (peek() == '*' && text_.substr(at_, 2) != "**" && take("*")) {
        left = number(left) * number(with_sign());
      } else if (take("/")) {
        left = number(left) / number(with_sign());
      } else {
        return left;
      }
    }
  }

  /// signed := '-' signed | power; so that -2**2 is -4, as in Python
  ArgumentValue with_sign() {
    if (take("-")) return -number(with_sign());
    if (take("+")) return number(with_sign());
    ArgumentValue base = operand();
    if (take("**") || take("^")) return std::pow(number(base), number(with_sign()));
    return base;
  }

  ArgumentValue operand() {
    last_call_.reset();
    const char c = peek();
    if (std::isdigit(static_cast<unsigned char>(c)) || c == '.') return literal();
    if (c == '\'' || c == '"') return quoted();
    if (c == '(') return parenthesis();
    if (begins_name(c)) return name_or_call();
    refuse("a number, a name or a parenthesis is missing");
  }

  double literal() {
    const std::size_t from = at_;
    const auto digits = [&] {
      while (at_ < text_.size() &&
             (std::isdigit(static_cast<unsigned char>(text_[at_])) || text_[at_] == '.'))
        ++at_;
    };
    digits();
    if (at_ < text_.size() && std::tolower(text_[at_]) == 'e') {
      const std::size_t sign = at_ + 1 < text_.size() && (text_[at_ + 1] == '-' || text_[at_ + 1] == '+');
      if (at_ + sign + 1 < text_.size() && std::isdigit(static_cast<unsigned char>(text_[at_ + sign + 1]))) {
        at_ += sign + 1;
        digits();
      }
    }
    std::string text(text_.substr(from, at_ - from));
    if (text.front() == '.') text.insert(text.begin(), '0');
    if (text.back() == '.') text += '0';
    const auto x = parse_number(text);
    validate(x.has_value(), "\"" + text + "\" is no number.");
    return *x;
  }

  Word quoted() {
    const char quote = text_[at_++];
    const std::size_t from = at_, to = text_.find(quote, at_);
    validate(to != std::string_view::npos,
             fmt::format("the quotation mark at character {} has no second.", from));
    at_ = to + 1;
    return {std::string(text_.substr(from, to - from)), true};
  }

  /// A number in parentheses, or a tuple, which is a word.
  ArgumentValue parenthesis() {
    const std::size_t from = at_;
    std::vector<CallArgument> inside = arguments();
    last_call_.reset();
    if (inside.size() == 1 && inside.front().name.empty() && text_[at_ - 2] != ',')
      return inside.front().value;
    return Word{std::string(text_.substr(from, at_ - from))};
  }

  ArgumentValue name_or_call() {
    const std::size_t from = at_;
    while (at_ < text_.size() && in_name(text_[at_])) ++at_;
    const std::string name(text_.substr(from, at_ - from));
    if (peek() != '(') return value_of_name(name);
    Call call{name, arguments()};
    const auto numbers = plain_numbers(call);
    if (const auto x = numbers ? arithmetic_function(call.last_name(), *numbers) : std::nullopt) return *x;
    if (vocabulary_.function) {
      if (const auto x = vocabulary_.function(call)) return *x;
    }
    last_call_ = std::move(call);
    return Word{std::string(text_.substr(from, at_ - from))};
  }

  ArgumentValue value_of_name(const std::string& name) {
    const std::string_view last = after_last_dot(name);
    if (name == "True" || name == "False") return name == "True" ? 1.0 : 0.0;
    if (last == "pi") return std::numbers::pi;
    if (last == "e") return std::numbers::e;
    const auto known = vocabulary_.names.find(last);
    if (known != vocabulary_.names.end()) return known->second;
    return Word{name};
  }

  /// '(' (argument ',')* argument? ')'
  std::vector<CallArgument> arguments() {
    const std::size_t opened = at_ + 1;
    take("(");
    std::vector<CallArgument> all;
    while (!take(")")) {
      if (peek() == '\0')
        throw InputError(fmt::format("the parenthesis that opens at character {} is not closed.", opened));
      all.push_back(argument());
      if (!take(",") && peek() != ')' && peek() != '\0')
        refuse("a comma or a closing parenthesis is missing");
    }
    return all;
  }

  /// value, name = value, or "name": value
  CallArgument argument() {
    const std::size_t from = at_;
    if (begins_name(peek())) {
      const std::size_t begin = at_;
      while (at_ < text_.size() && in_name(text_[at_])) ++at_;
      const std::string name(text_.substr(begin, at_ - begin));
      if (take("=") || take(":")) return {name, value()};
      at_ = from;
    }
    ArgumentValue first = value();
    const Word* const word = std::get_if<Word>(&first);
    if (word && word->quoted && take(":")) return {word->text, value()};
    return {"", std::move(first)};
  }

  std::string_view text_;
  const Vocabulary& vocabulary_;
  std::size_t at_ = 0;
  std::optional<Call> last_call_;  ///< where the operand read last is a call without a number
};

}  // namespace

std::string_view Call::last_name() const {
  return after_last_dot(function);
}

double read_number_expression(std::string_view text, const Vocabulary& vocabulary) {
  return ExpressionReader(text, vocabulary).whole_number();
}

Call read_call(std::string_view text, const Vocabulary& vocabulary) {
  return ExpressionReader(text, vocabulary).whole_call();
}

}  // namespace varprop::driver
