// Paragraphs of a page.
#pragma once

#include <string>

namespace varprop {

/// The words of a text in lines of at most `width` characters.
std::string wrapped(const std::string& text, std::size_t width = 80);

}  // namespace varprop
