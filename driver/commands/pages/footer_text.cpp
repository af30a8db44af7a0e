#include "driver/commands/pages/footer_text.hpp"

#include <algorithm>
#include <optional>
#include <sstream>

namespace varprop {

namespace {

constexpr const char* indent = "  ";

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string without_indent(const std::string& line) {
  return line.substr(std::min<std::size_t>(2, line.size()));
}

/// "TERM" and "what it is" of "  TERM  what it is".
std::optional<std::pair<std::string, std::string>> term_of(const std::string& line) {
  const std::string inner = without_indent(line);
  const auto gap = inner.find("  ");
  if (inner.starts_with(' ') || gap == std::string::npos) return std::nullopt;
  const auto text = inner.find_first_not_of(' ', gap);
  if (text == std::string::npos) return std::nullopt;
  return std::pair{inner.substr(0, gap), inner.substr(text)};
}

/// The list that the lines are; empty where they are none.
std::vector<std::pair<std::string, std::string>> terms_of(const std::vector<std::string>& lines) {
  std::vector<std::pair<std::string, std::string>> terms;
  for (const std::string& line : lines) {
    if (const auto term = term_of(line)) {
      terms.push_back(*term);
    } else if (!terms.empty() && line.starts_with("   ")) {
      terms.back().second += " " + line.substr(line.find_first_not_of(' '));
    } else {
      return {};
    }
  }
  return terms;
}

/// Plain lines that follow indented ones begin a new paragraph.
std::vector<FooterParagraph> paragraphs_of(const std::vector<std::string>& lines) {
  std::vector<FooterParagraph> paragraphs;
  std::string text;
  std::vector<std::string> indented;
  const auto end_paragraph = [&] {
    if (text.empty() && indented.empty()) return;
    FooterParagraph paragraph{text, terms_of(indented), {}};
    if (paragraph.terms.empty()) {
      for (const std::string& line : indented) paragraph.lines.push_back(without_indent(line));
    }
    paragraphs.push_back(std::move(paragraph));
    text.clear();
    indented.clear();
  };
  for (const std::string& line : lines) {
    const bool inside = line.starts_with(indent);
    if (line.empty() || (!inside && !indented.empty())) end_paragraph();
    if (inside) indented.push_back(line);
    if (!inside && !line.empty()) text += (text.empty() ? "" : " ") + line;
  }
  end_paragraph();
  return paragraphs;
}

}  // namespace

FooterText parse_footer(const std::string& footer) {
  FooterText parsed;
  for (FooterParagraph& paragraph : paragraphs_of(lines_of(footer))) {
    if (paragraph.text == "Example:" || paragraph.text == "Examples:") {
      parsed.examples = std::move(paragraph.lines);
    } else {
      parsed.description.push_back(std::move(paragraph));
    }
  }
  return parsed;
}

}  // namespace varprop
