#include "driver/explain/pages/terminal_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "driver/explain/pages/page_words.hpp"
#include "driver/theory/wrapped_text.hpp"

namespace varprop {

namespace {

constexpr std::size_t bar_length = 40;

/// Filled up with spaces to `width` characters.
std::string padded_right(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, character_count(text)), ' ');
}
std::string padded_left(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, character_count(text)), ' ') + text;
}

std::string text_of(const Chapter::Paragraph& paragraph) {
  return wrapped(paragraph.text) + "\n";
}

std::vector<std::size_t> column_widths(const Chapter::Table& table) {
  std::vector<std::size_t> widths;
  for (const std::string& column : table.columns) widths.push_back(character_count(column));
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], character_count(row[i]));
  }
  return widths;
}

std::string line_of(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) {
  std::string line = " ";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    line += i == 0 ? " " + padded_right(cells[i], widths[i]) : "  " + padded_left(cells[i], widths[i]);
  }
  return line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
}

std::string text_of(const Chapter::Table& table) {
  const auto widths = column_widths(table);
  std::string text = line_of(table.columns, widths);
  for (const auto& row : table.rows) text += line_of(row, widths);
  return text;
}

/// A bar in eighths of a character.
std::string bar(double share) {
  constexpr const char* eighths[]{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const auto length = static_cast<std::size_t>(std::lround(share * 8 * static_cast<double>(bar_length)));
  std::string text;
  for (std::size_t i = 0; i < length / 8; ++i) text += "█";
  return text + eighths[length % 8];
}

std::string text_of(const Chapter::Histogram& histogram) {
  const auto most = *std::max_element(histogram.counts.begin(), histogram.counts.end());
  std::size_t width = 0;
  for (const std::string& label : histogram.labels) width = std::max(width, character_count(label));
  std::string text = "  " + histogram.title + "\n";
  for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
    const double share =
        static_cast<double>(histogram.counts[i]) / static_cast<double>(std::max<std::int64_t>(most, 1));
    const std::string filled = bar(share);
    text += "  " + padded_left(histogram.labels[i], width) + (filled.empty() ? "" : " " + filled) + "\n";
  }
  return text;
}

std::string text_of(const Chapter& chapter, std::size_t number) {
  const std::string title = fmt::format("{}. {}", number, chapter.title());
  std::string text = title + "\n" + std::string(character_count(title), '=') + "\n";
  for (const Chapter::Block& block : chapter.blocks()) {
    text += "\n" + std::visit([](const auto& content) { return text_of(content); }, block);
  }
  return text;
}

}  // namespace

std::string terminal_page(const Explanation& explanation) {
  std::string text = wrapped(opening_words(explanation)) + "\n";
  for (std::size_t i = 0; i < explanation.chapters.size(); ++i) {
    text += "\n\n" + text_of(explanation.chapters[i], i + 1);
  }
  return text + "\n" + wrapped(closing_words(explanation));
}

}  // namespace varprop
