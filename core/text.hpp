// Numbers as text and back, and the nearest known word to a mistyped one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace varprop {

/// The shortest decimal text that reads back as exactly `x`; "nan", "inf" and "-inf" where x is none.
std::string shortest(double x);

/// The whole of `text` as a number, or nothing.
std::optional<double> parse_number(std::string_view text);

/// The known word with the smallest edit distance to `word`, if it is near enough to be meant.
std::optional<std::string> nearest_word(std::string_view word, const std::vector<std::string>& known);

/// " Did you mean "tanh"?" or nothing: the tail of a message about an unknown word.
std::string suggestion(std::string_view word, const std::vector<std::string>& known);

/// "a, b, c".
std::string join(const std::vector<std::string>& words, std::string_view separator = ", ");

}  // namespace varprop
