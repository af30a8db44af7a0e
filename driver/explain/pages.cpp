#include "driver/explain/pages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "core/storage/replacement.hpp"
#include "core/text/terminal_text.hpp"
#include "driver/explain/explanation.hpp"

namespace varprop::driver {

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

constexpr double svg_width = 640, svg_height = 180, svg_margin = 24;

std::string bar(const Chapter::Histogram& histogram, std::size_t i, std::int64_t most) {
  const double step = svg_width / static_cast<double>(histogram.counts.size());
  const double length = svg_height * static_cast<double>(histogram.counts[i]) / static_cast<double>(most);
  return fmt::format(
      "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"><title>{}: {}</title></rect>\n",
      static_cast<double>(i) * step + 1, svg_height - length, step - 2, length,
      html_escaped(histogram.labels[i]), histogram.counts[i]);
}

/// Below the bars: labels of at most four bins.
std::string axis(const Chapter::Histogram& histogram) {
  const std::size_t bins = histogram.counts.size(), stride = std::max<std::size_t>(1, bins / 4);
  const double step = svg_width / static_cast<double>(bins);
  std::string text;
  for (std::size_t i = stride / 2; i < bins; i += stride) {
    text += fmt::format("<text x=\"{:.1f}\" y=\"{:.0f}\" text-anchor=\"middle\">{}</text>\n",
                        (static_cast<double>(i) + 0.5) * step, svg_height + 17,
                        html_escaped(histogram.labels[i]));
  }
  return text;
}

constexpr const char* head = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Why must weights shrink?</title>
<style>
:root { --page: #fdfdfb; --ink: #1d2330; --soft: #5d6675; --line: #d9dce3; --bar: #3b6ea8; }
@media (prefers-color-scheme: dark) {
  :root { --page: #14171d; --ink: #e4e7ee; --soft: #9aa4b5; --line: #343b48; --bar: #7fb0e6; }
}
body { background: var(--page); color: var(--ink); font: 17px/1.55 system-ui, sans-serif; margin: 0 auto; max-width: 44rem; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.2; }
h2 { font-size: 1.25rem; margin-top: 2.6rem; }
div.table { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 0.94rem; }
th, td { padding: 0.2rem 0.8rem 0.2rem 0; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
th { color: var(--soft); font-weight: 600; }
figure { margin: 1.4rem 0; }
figcaption { color: var(--soft); font-size: 0.94rem; margin-bottom: 0.4rem; }
svg { width: 100%; height: auto; }
svg rect { fill: var(--bar); }
svg text { fill: currentColor; font-size: 12px; }
footer { color: var(--soft); margin-top: 2.6rem; border-top: 1px solid var(--line); }
</style>
</head>
<body>
<h1>Why must weights shrink?</h1>
)";

std::string html_of(const Chapter::Paragraph& paragraph) {
  return "<p>" + html_escaped(paragraph.text) + "</p>\n";
}

std::string row_of(const std::vector<std::string>& cells, const char* tag) {
  std::string text = "<tr>";
  for (const std::string& cell : cells) text += fmt::format("<{0}>{1}</{0}>", tag, html_escaped(cell));
  return text + "</tr>\n";
}

std::string html_of(const Chapter::Table& table) {
  std::string text =
      "<div class=\"table\"><table>\n<thead>" + row_of(table.columns, "th") + "</thead>\n<tbody>\n";
  for (const auto& row : table.rows) text += row_of(row, "td");
  return text + "</tbody></table></div>\n";
}

std::string html_of(const Chapter::Histogram& histogram) {
  return "<figure><figcaption>" + html_escaped(histogram.title) + "</figcaption>\n" +
         svg_histogram(histogram) + "</figure>\n";
}

std::string html_of(const Chapter& chapter, std::size_t number) {
  std::string text = fmt::format("<section>\n<h2>{}. {}</h2>\n", number, html_escaped(chapter.title()));
  for (const Chapter::Block& block : chapter.blocks()) {
    text += std::visit([](const auto& content) { return html_of(content); }, block);
  }
  return text + "</section>\n";
}

}  // namespace

std::string terminal_page(const Explanation& explanation) {
  std::string text = wrapped(opening_words(explanation)) + "\n";
  for (std::size_t i = 0; i < explanation.chapters.size(); ++i) {
    text += "\n\n" + text_of(explanation.chapters[i], i + 1);
  }
  return text + "\n" + wrapped(closing_words(explanation));
}

std::string svg_histogram(const Chapter::Histogram& histogram) {
  const auto most =
      std::max<std::int64_t>(1, *std::max_element(histogram.counts.begin(), histogram.counts.end()));
  std::string text = fmt::format("<svg viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"{}\">\n",
                                 svg_width, svg_height + svg_margin, html_escaped(histogram.title));
  for (std::size_t i = 0; i < histogram.counts.size(); ++i) text += bar(histogram, i, most);
  return text + axis(histogram) + "</svg>\n";
}

std::string html_escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string html_page(const Explanation& explanation) {
  std::string text = head + html_of(Chapter::Paragraph{opening_words(explanation)});
  for (std::size_t i = 0; i < explanation.chapters.size(); ++i)
    text += html_of(explanation.chapters[i], i + 1);
  return text + "<footer>" + html_of(Chapter::Paragraph{closing_words(explanation)}) +
         "</footer>\n</body>\n</html>\n";
}

namespace fs = std::filesystem;

void validate_page_place(const fs::path& directory, const std::string& name) {
  std::error_code unknown;
  validate(!fs::exists(directory, unknown) || fs::is_directory(directory, unknown),
           fmt::format("cannot write into {}: it is a file, and a directory is wanted.", directory.string()));
  const fs::path page = directory / name;
  validate(!fs::is_directory(page, unknown),
           fmt::format("cannot write {}: it is a directory.", page.string()));
}

void write_page(const fs::path& directory, const std::string& name, const std::string& page) {
  Replacement files(directory, fs::path(name).stem());
  write_text(files.file(name), {page});
  files.commit();
}

}  // namespace varprop::driver
