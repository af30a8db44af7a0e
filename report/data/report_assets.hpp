// What the build puts into the program for its reports.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

namespace varprop::report {

/// The page without its data; empty where the program was built without npm.
std::string_view page_template();

/// The JavaScript program that draws figures, for node; empty likewise.
std::string_view figures_program();

/// Vega-Lite specifications with placeholders, by name, in alphabetical order.
const std::vector<std::pair<std::string_view, std::string_view>>& chart_templates();

/// The `config` of a chart that stands alone, JSON; empty where there is none.
std::string_view chart_look();

/// Why there is no page, as a sentence.
inline constexpr std::string_view built_without_npm =
    "this varprop was built without npm, and so without what draws the page";

}  // namespace varprop::report
