// The values of one axis of the grid, whatever their type.
#pragma once

#include <string>
#include <vector>

#include "core/sweep/axes.hpp"
#include "driver/sweep_file/document.hpp"
#include "driver/sweep_file/named_values.hpp"
#include "driver/sweep_file/numbers.hpp"
#include "driver/sweep_file/words.hpp"

namespace varprop {

/// How the values of an axis of type T are read and described. Words by default.
template <class T>
struct AxisReader {
  static std::string allowed() { return join(words_of<T>()); }
  static std::vector<T> read(const Setting& setting, const Document&) {
    return read_words(setting, read_choice<T>);
  }
};

template <>
struct AxisReader<Activation> {
  static std::string allowed() { return join(activation_names()); }
  static std::vector<Activation> read(const Setting& setting, const Document&) {
    return read_words(setting, [](const Setting& s) { return parse_word(s, allowed(), Activation::parse); });
  }
};

template <class Tag, class Number>
struct AxisReader<Strong<Tag, Number>> {
  using T = Strong<Tag, Number>;

  static NumberRules rules(const Document* document) {
    NumberRules rules{limits_of<T>, {}, {}};
    for (const NamedValue& named : named_values<T>) rules.names.emplace_back(named.name);
    rules.value_of_name = [document](const Setting& at) {
      const auto text = at.text("");
      for (const NamedValue& named : named_values<T>) {
        if (named.name == text) return value_of(named, at, *document);
      }
      at.refuse("unknown name.");
    };
    return rules;
  }

  static std::string allowed() { return rules(nullptr).allowed(); }

  static std::vector<T> read(const Setting& setting, const Document& document) {
    std::vector<T> values;
    for (const double x : read_numbers(setting, rules(&document)))
      values.emplace_back(static_cast<Number>(x));
    return values;
  }
};

/// The axis's values: numbers ascending, words in the order written.
template <class T>
std::vector<T> read_axis(const Setting& setting, const Document& document) {
  return AxisReader<T>::read(setting, document);
}

}  // namespace varprop
