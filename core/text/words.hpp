// Numbers as text and back, the words of settings, and the nearest known word to a mistyped one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/errors.hpp"

namespace varprop {

/// The shortest decimal text that reads back as exactly `x`; "nan", "inf" and "-inf" where x is none.
std::string shortest(double x);

/// The same, and the bits of a NaN: "nan (0x7ff8000000000000)". For numbers that are compared bit by bit.
std::string with_bits(double x);

/// The whole of `text` as a number, or nothing.
std::optional<double> parse_number(std::string_view text);

/// Whether the whole of `text` is a number that is too large or too small for a double, such as 1e400.
bool beyond_doubles(std::string_view text);

/// "1 rank", "2 ranks"; "3 batches" where the plural is given.
std::string counted(std::int64_t count, std::string_view noun, std::string_view plural = {});

/// The known word with the smallest edit distance to `word`, capitals aside, if it is near enough to be
/// meant.
std::optional<std::string> nearest_word(std::string_view word, const std::vector<std::string>& known);

/// " Did you mean "tanh"?" or nothing: the tail of a message about an unknown word.
std::string suggestion(std::string_view word, const std::vector<std::string>& known);

/// "a, b, c".
std::string join(const std::vector<std::string>& words, std::string_view separator = ", ");

/// What is known of an enum of settings: the noun for messages, and each value with its word; and, if it has
/// an `answer`, the sentence about a word that others use.
template <class E>
struct EnumWords;

template <class E>
std::string_view word_of(E value) {
  for (const auto& [known, word] : EnumWords<E>::words) {
    if (known == value) return word;
  }
  VARPROP_ASSERT(!"an enum value without a word");
  return {};
}

template <class E>
std::vector<std::string> words_of() {
  std::vector<std::string> all;
  for (const auto& choice : EnumWords<E>::words) all.emplace_back(choice.second);
  return all;
}

/// The value that `word` names. Throws InputError with the known words.
template <class E>
E choice_of(std::string_view word) {
  for (const auto& [value, known] : EnumWords<E>::words) {
    if (known == word) return value;
  }
  if constexpr (requires { EnumWords<E>::answer(word); }) {
    if (const auto answer = EnumWords<E>::answer(word)) throw InputError(*answer);
  }
  const auto all = words_of<E>();
  throw InputError("unknown " + std::string(EnumWords<E>::noun) + " \"" + std::string(word) + "\"." +
                   suggestion(word, all) + " Known: " + join(all) + ".");
}

}  // namespace varprop
