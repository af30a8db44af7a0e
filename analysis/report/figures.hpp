// The charts as pictures for a paper, drawn by the JavaScript that the program carries.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace varprop {

/// Throws InputError, with the reason, where figures cannot be drawn into DIRECTORY/figures: no node, a
/// program built without npm, a file in the way.
void validate_figures(const std::filesystem::path& directory);

/// That the figures in a directory were drawn by an analysis before; empty where there are none.
std::string older_figures(const std::filesystem::path& directory);

/// Draws the charts of a report's data (JSON) as SVG into DIRECTORY/figures, and as PNG where rsvg-convert is
/// there; each file whole or not at all. They replace those of an analysis before. What was drawn, as
/// sentences. Throws SystemError where node fails.
std::string draw_figures(const std::filesystem::path& directory, std::string_view data);

}  // namespace varprop
