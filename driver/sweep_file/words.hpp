// Words in a sweep file: one out of a fixed list (core/point/choices.hpp), or a list of them.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/point/choices.hpp"
#include "driver/sweep_file/setting.hpp"

namespace varprop {

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

/// The values of a word or of a list of words, in the order written. Refused: none at all, one twice.
template <class Read>
auto read_words(const Setting& setting, Read read_one) {
  std::vector<decltype(read_one(setting))> values;
  const auto add = [&](const Setting& element) {
    const auto value = read_one(element);
    const bool repeated = std::find(values.begin(), values.end(), value) != values.end();
    if (repeated)
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

}  // namespace varprop
