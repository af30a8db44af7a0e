// Text as roff, the language of manual pages, has it.
#pragma once

#include <string>
#include <vector>

#include "driver/commands/pages/footer_text.hpp"

namespace varprop {

/// Inside a line: backslashes and hyphens as they are typed.
std::string roff_text(const std::string& text);

/// A line of its own (or several), which no first character turns into a request.
std::string roff_line(const std::string& text);

/// Lines that stay lines, set as far left as they stand on a help page.
std::string roff_block(const std::vector<std::string>& lines);

std::string roff_paragraphs(const std::vector<FooterParagraph>& paragraphs);

/// ASCII letters as capitals.
std::string upper_case(std::string text);

}  // namespace varprop
