// The explanation as a page: text for a terminal of 80 columns, or one self-contained HTML file.
#pragma once

#include <filesystem>
#include <string>

#include "driver/explain/explanation.hpp"

namespace varprop::driver {

/// Chapters with numbers, paragraphs wrapped, tables aligned, histograms of block characters (UTF-8); at the
/// end how surprising the least likely of all measured numbers is. No line is longer than 80 characters.
std::string terminal_page(const Explanation& explanation);

/// A bar a bin from left to right; the labels of some bins below, every bar's label and count as its tooltip.
/// Colours are the page's: --bar for bars, currentColor for text.
std::string svg_histogram(const Chapter::Histogram& histogram);

/// Text, tables and SVG histograms, light or dark as the reader's system is; no script, no network.
std::string html_page(const Explanation& explanation);

/// Text between tags or in an attribute: & < > " ' written as entities.
std::string html_escaped(std::string_view text);

/// Whether `name` can be written into `directory`, which may not exist yet. Throws InputError with the
/// reason.
void validate_page_place(const std::filesystem::path& directory, const std::string& name);

/// Writes the page, whole or not at all; makes the directory. Throws SystemError.
void write_page(const std::filesystem::path& directory, const std::string& name, const std::string& page);

}  // namespace varprop::driver
