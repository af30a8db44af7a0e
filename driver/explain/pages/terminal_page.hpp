// The explanation as text for a terminal of 80 columns.
#pragma once

#include <string>

#include "driver/explain/explanation.hpp"

namespace varprop {

/// Chapters with numbers, paragraphs wrapped, tables aligned, histograms of block characters (UTF-8); at the
/// end how surprising the least likely of all measured numbers is. No line is longer than 80 characters.
std::string terminal_page(const Explanation& explanation);

}  // namespace varprop
