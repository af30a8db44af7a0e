// The values of one axis of the grid, whatever their type: words, numbers, and variances by the usual names
// of initializations.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "core/network/point.hpp"
#include "core/sweep/grid.hpp"
#include "core/text/words.hpp"
#include "driver/sweep_file/document.hpp"
#include "driver/sweep_file/numbers.hpp"
#include "driver/sweep_file/schema.hpp"
#include "driver/sweep_file/setting.hpp"

namespace varprop::driver {

/// parse(word) with the place and the key in front of what it throws.
template <class Parse>
auto parse_word(const Setting& setting, const std::string& allowed, Parse parse) {
  const std::string word = setting.text(allowed);
  try {
    return parse(word);
  } catch (const InputError& error) {
    setting.refuse(error.what());
  }
}

/// The value of a setting that is one word out of the list of E.
template <class E>
E read_choice(const Setting& setting) {
  return parse_word(setting, join(words_of<E>()), [](const std::string& word) { return choice_of<E>(word); });
}

/// Whether a value may stand twice in a list: in one that is zipped with others.
enum class Repeats { refused, allowed };

/// The values of a word or of a list of words, in the order written. Refused: none at all, one twice.
template <class Read>
auto read_words(const Setting& setting, Read read_one, Repeats repeats = Repeats::refused) {
  std::vector<decltype(read_one(setting))> values;
  const auto add = [&](const Setting& element) {
    const auto value = read_one(element);
    const bool repeated = std::find(values.begin(), values.end(), value) != values.end();
    if (repeated && repeats == Repeats::refused)
      element.refuse(fmt::format("{} stands there twice; every value may stand once.", element.shown()));
    values.push_back(value);
  };
  if (const toml::array* list = setting.node().as_array()) {
    for (const toml::node& node : *list) add(setting.part(node));
  } else {
    add(setting);
  }
  if (values.empty()) setting.refuse("this list has no values; at least one is needed.");
  return values;
}

/// By what the variance that a name stands for is counted.
enum class NamedFan {
  in,           ///< times fan-in
  in_or_out,    ///< times either
  average,      ///< times their mean, which in square layers is either
  bias_over_in  ///< a bias variance times fan-in
};

/// A name and the variance times a fan that it stands for.
struct NamedValue {
  std::string_view name;
  double value;
  NamedFan fan;
};

/// The names that an axis knows. None, unless specialised.
template <class T>
inline constexpr std::array<NamedValue, 0> named_values{};
template <>
inline constexpr std::array named_values<WeightVariance>{
    NamedValue{"lecun", 1.0, NamedFan::in},          NamedValue{"glorot", 1.0, NamedFan::average},
    NamedValue{"xavier", 1.0, NamedFan::average},    NamedValue{"he", 2.0, NamedFan::in_or_out},
    NamedValue{"kaiming", 2.0, NamedFan::in_or_out}, NamedValue{"torch", 1.0 / 3.0, NamedFan::in}};
template <>
inline constexpr std::array named_values<BiasVariance>{
    NamedValue{"torch", 1.0 / 3.0, NamedFan::bias_over_in}};

/// The names that stand for a value of this axis.
template <class T>
std::vector<std::string> value_names() {
  std::vector<std::string> names;
  for (const NamedValue& named : named_values<T>) names.emplace_back(named.name);
  return names;
}

/// What a name stands for; nothing where the axis knows no such name.
template <class T>
const NamedValue* named_value(std::string_view name) {
  const auto& all = named_values<T>;
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const NamedValue& n) { return n.name == name; });
  return found == all.end() ? nullptr : &*found;
}

/// The variance that a name stands for in this table: a rule where it is a bias variance over the width.
/// Refused where it stands for none: a bias variance over fan-in where layers have several widths, a weight
/// variance times another fan than variance_scaling's.
AxisNumber number_of(const NamedValue& named, const Setting& at, const GridTable& table);

/// How the values of an axis of type T are read and described. Words by default.
template <class T>
struct AxisReader {
  static std::string allowed() { return join(words_of<T>()); }
  static Json schema() { return schema_of_words(words_of<T>()); }
  static T read_one(const Setting& setting) { return read_choice<T>(setting); }
};

template <>
struct AxisReader<Activation> {
  static std::string allowed() { return join(activation_names()); }
  /// Other texts are names with a parameter, such as leaky_relu(0.2).
  static Json schema() {
    return {{"anyOf", Json::array({schema_of_words(activation_names()), Json{{"type", "string"}}})}};
  }
  static Activation read_one(const Setting& setting) {
    return parse_word(setting, allowed(), Activation::parse);
  }
};

template <>
struct AxisReader<Shape> {
  static std::string allowed() { return shape_forms(); }
  static Json schema() {
    return {{"type", "string"}, {"pattern", "^(constant|[0-9.eE+-]+(:[0-9.eE+-]+)*)$"}};
  }
  static Shape read_one(const Setting& setting) { return parse_word(setting, allowed(), Shape::parse); }
};

template <class Tag, class Number>
struct AxisReader<Strong<Tag, Number>> {
  using T = Strong<Tag, Number>;

  static NumberRules rules(const GridTable* table) {
    return {limits_of<T>, value_names<T>(), [table](const Setting& at) {
              if (const NamedValue* const named = named_value<T>(at.text(""))) {
                return number_of(*named, at, *table);
              }
              at.refuse("unknown name.");
            }};
  }

  static std::string allowed() { return rules(nullptr).allowed(); }
  static Json schema() {
    return {{"anyOf", Json::array({schema_of_number(limits_of<T>), {{"type", "string"}}})}};
  }
};

/// What the values of an axis may be, for pages and refusals.
template <class T>
std::string values_text() {
  return AxisReader<T>::allowed() + (NumericCoordinate<T> ? "; a list; a range; a rule" : "; a list");
}

/// "n: neurons in every layer".
template <class Axis>
std::string described(const Axis& axis) {
  return (axis.symbol.empty() ? "" : fmt::format("{}: ", axis.symbol)) + std::string(axis.meaning);
}

}  // namespace varprop::driver
