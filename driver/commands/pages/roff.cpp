#include "driver/commands/pages/roff.hpp"

namespace varprop {

std::string roff_text(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\') {
      escaped += "\\e";
    } else if (c == '-') {
      escaped += "\\-";  // what is copied from the page must be a hyphen-minus
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string roff_line(const std::string& text) {
  const bool request = text.starts_with('.') || text.starts_with('\'');
  return (request ? "\\&" : "") + roff_text(text);
}

std::string roff_block(const std::vector<std::string>& lines) {
  std::string text = ".nf\n.in 2n\n";
  for (const std::string& line : lines) text += roff_line(line) + "\n";
  return text + ".in\n.fi\n";
}

std::string roff_paragraphs(const std::vector<FooterParagraph>& paragraphs) {
  std::string text;
  for (const FooterParagraph& paragraph : paragraphs) {
    if (!text.empty()) text += ".PP\n";
    if (!paragraph.text.empty()) text += roff_line(paragraph.text) + "\n";
    for (const auto& [term, meaning] : paragraph.terms) {
      text += ".TP\n\\fB" + roff_text(term) + "\\fR\n" + roff_line(meaning) + "\n";
    }
    if (!paragraph.lines.empty()) text += roff_block(paragraph.lines);
  }
  return text;
}

std::string upper_case(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

}  // namespace varprop
