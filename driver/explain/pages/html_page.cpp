#include "driver/explain/pages/html_page.hpp"

#include <fmt/format.h>

#include "driver/explain/pages/page_words.hpp"
#include "driver/explain/pages/svg_histogram.hpp"

namespace varprop {

namespace {

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

}  // namespace varprop
