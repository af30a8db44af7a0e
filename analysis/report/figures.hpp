// The charts as pictures for a paper, drawn by the JavaScript that the program carries.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/storage/replacement.hpp"

namespace varprop {

/// Throws InputError, with the reason, where figures cannot be drawn into DIRECTORY/figures: no node, a
/// program built without npm, a file in the way.
void validate_figures(const std::filesystem::path& directory);

/// That the figures in a directory were drawn by an analysis before; empty where there are none.
std::string older_figures(const std::filesystem::path& directory);

/// Draws the charts of a report's data (JSON) as SVG, for DIRECTORY/figures, and as PNG where rsvg-convert is
/// there. They are to replace those of an analysis before. What was drawn, as sentences. Throws SystemError
/// where node fails.
std::string draw_figures(Replacement& files, std::string_view data);

}  // namespace varprop
