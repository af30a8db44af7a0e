// The explanation as one self-contained HTML page.
#pragma once

#include <string>

#include "driver/explain/explanation.hpp"

namespace varprop {

/// Text, tables and SVG histograms, light or dark as the reader's system is; no script, no network.
std::string html_page(const Explanation& explanation);

/// Text between tags or in an attribute: & < > " ' written as entities.
std::string html_escaped(std::string_view text);

}  // namespace varprop
