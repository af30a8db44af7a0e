// A histogram as an SVG element of a page.
#pragma once

#include <string>

#include "driver/explain/chapter.hpp"

namespace varprop {

/// A bar a bin from left to right; the labels of some bins below, every bar's label and count as its tooltip.
/// Colours are the page's: --bar for bars, currentColor for text.
std::string svg_histogram(const Chapter::Histogram& histogram);

}  // namespace varprop
