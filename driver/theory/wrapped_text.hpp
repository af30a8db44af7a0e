// Paragraphs of a page.
#pragma once

#include <string>

namespace varprop {

/// How many characters a UTF-8 text has, not how many bytes.
std::size_t character_count(const std::string& text);

/// The words of a text in lines of at most `width` characters.
std::string wrapped(const std::string& text, std::size_t width = 80);

}  // namespace varprop
