#include "driver/init/expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <numbers>
#include <system_error>
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
      std::pair{std::string_view("abs"), One([](double a) { return std::abs(a); })},
      std::pair{std::string_view("float"), One([](double a) { return a; })},
      std::pair{std::string_view("tensor"), One([](double a) { return a; })}};
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

/// What is in front of the last dot, or nothing.
std::string_view before_last_dot(std::string_view name) {
  const auto dot = name.rfind('.');
  return name.substr(0, dot == std::string_view::npos ? 0 : dot);
}

/// Without a comment, and without a comma or semicolon at the end.
std::string_view without_end(std::string_view text) {
  char quote = '\0';
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quote != '\0') {
      if (text[i] == quote) quote = '\0';
    } else if (text[i] == '#') {
      text = text.substr(0, i);
    } else if (text[i] == '"' || text[i] == '\'') {
      quote = text[i];
    }
  }
  const auto last = text.find_last_not_of(" \t\n,;");
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
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
      : text_(without_end(text)), vocabulary_(vocabulary) {
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
      call = {.function = first.name, .arguments = {{"", first.value}}, .assigned = true};
    } else if (last_call_) {
      call = *last_call_;
      if (const Word* const word = std::get_if<Word>(&first.value)) call.scale = word->scale;
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

  static bool is_call(const ArgumentValue& value) {
    const Word* const word = std::get_if<Word>(&value);
    return word && !word->quoted && word->text.ends_with(')') && begins_name(word->text.front());
  }

  /// left · right^power, of two numbers, or of a call and a number.
  ArgumentValue multiplied(ArgumentValue left, const ArgumentValue& right, int power) {
    if (power == 1 && is_call(right) && !is_call(left)) return multiplied(right, left, 1);
    const double x = number(right), factor = power == 1 ? x : 1 / x;
    if (!is_call(left)) return power == 1 ? number(left) * x : number(left) / x;
    std::get<Word>(left).scale *= factor;
    last_call_ = drawn_;
    return left;
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

  /// product := signed (('*' | '/' | '//') signed)*, not of "**"
  ArgumentValue product() {
    ArgumentValue left = with_sign();
    for (;;) {
      if (peek() == '*' && text_.substr(at_, 2) != "**" && take("*")) {
        left = multiplied(std::move(left), with_sign(), 1);
      } else if (take("//")) {
        left = std::floor(number(left) / number(with_sign()));
      } else if (take("/")) {
        left = multiplied(std::move(left), with_sign(), -1);
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
    if (take("√")) return std::sqrt(number(operand()));
    if (std::isdigit(static_cast<unsigned char>(c)) || c == '.') return literal();
    if (c == '\'' || c == '"') return quoted();
    if (c == '(') return parenthesis();
    if (c == '[') return list();
    if (begins_name(c)) return name_or_call();
    refuse("a number, a name or a parenthesis is missing");
  }

  double literal() {
    double x = 0;
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), x);
    const auto length = static_cast<std::size_t>(end - text_.data()) - at_;
    validate(error == std::errc(), fmt::format("\"{}\" is no number.", text_.substr(at_, length)));
    at_ += length;
    return x;
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
    if (inside.size() == 1 && inside.front().name.empty() && text_[at_ - 2] != ',') {
      if (is_call(inside.front().value)) last_call_ = drawn_;
      return inside.front().value;
    }
    return Word{std::string(text_.substr(from, at_ - from))};
  }

  std::string name() {
    const std::size_t from = at_;
    while (at_ < text_.size() && in_name(text_[at_])) ++at_;
    return std::string(text_.substr(from, at_ - from));
  }

  ArgumentValue name_or_call() {
    const std::size_t from = at_;
    const std::string name = this->name();
    if (peek() == '[') return subscripted(name, from);
    if (peek() != '(') return value_of_name(name);
    Call call{name, arguments()};
    if (const auto x = value_of_call(call)) return *x;
    std::size_t end = at_;  // before blanks that the next look skips
    for (char next = peek(); next == '.' || next == '('; next = peek()) {
      if (next == '(') {
        arguments();
      } else {
        ++at_;
        const std::string member = this->name();
        end = at_;
        if (peek() != '(') continue;  // .weight
        call = {member, arguments()};
      }
      end = at_;
    }
    last_call_ = drawn_ = std::move(call);
    return Word{std::string(text_.substr(from, end - from))};
  }

  std::optional<double> value_of_call(const Call& call) {
    const auto numbers = plain_numbers(call);
    if (const auto x = numbers ? arithmetic_function(call.last_name(), *numbers) : std::nullopt) return x;
    const bool arithmetic =
        arithmetic_function(call.last_name(), {1}) || arithmetic_function(call.last_name(), {1, 1});
    if (!numbers && arithmetic) {
      for (const CallArgument& argument : call.arguments) number(argument.value);  // says which is none
    }
    if (numbers && numbers->size() == 1 && call.last_name() == "size") return size_of_square();
    return vocabulary_.function ? vocabulary_.function(call) : std::nullopt;
  }

  /// x.shape[0].
  ArgumentValue subscripted(const std::string& name, std::size_t from) {
    list();
    if (after_last_dot(name) == "shape") {
      if (const auto n = size_of_square()) return *n;
    }
    return Word{std::string(text_.substr(from, at_ - from))};
  }

  std::optional<double> size_of_square() const {
    const auto known = vocabulary_.names.find("fan_in");
    return known == vocabulary_.names.end() ? std::nullopt : std::optional(known->second);
  }

  ArgumentValue value_of_name(const std::string& name) {
    const std::string_view last = after_last_dot(name), front = before_last_dot(name);
    const bool of_module = front.empty() || front == "math" || front == "np" || front == "numpy" ||
                           front == "torch" || front == "jnp";
    if (name == "True" || name == "False") return name == "True" ? 1.0 : 0.0;
    if (last == "pi" && of_module) return std::numbers::pi;
    if (last == "e" && of_module) return std::numbers::e;
    const auto known = vocabulary_.names.find(last);
    const bool a_thing = last.size() == 1 && !front.empty();  // self.n may be anything
    if (known != vocabulary_.names.end() && !a_thing) return known->second;
    return Word{name};
  }

  /// [512, 512], a word.
  ArgumentValue list() {
    const std::size_t from = at_;
    take("[");
    while (!take("]")) {
      if (peek() == '\0')
        throw InputError(fmt::format("the bracket that opens at character {} is not closed.", from + 1));
      value();
      if (!take(",") && peek() != ']' && peek() != '\0') refuse("a comma or a closing bracket is missing");
    }
    last_call_.reset();
    return Word{std::string(text_.substr(from, at_ - from))};
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
  std::optional<Call> drawn_;      ///< the last such call
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
