#include "driver/command_line/installed_pages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <sstream>

#include "core/build_info.hpp"
#include "core/text/words.hpp"

namespace varprop::driver {

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

std::string name_section(const Program& program, const Command& command) {
  std::string summary = &command == &program.self ? program_summary() : command.summary;
  if (summary.ends_with(".")) summary.pop_back();
  return ".SH NAME\n" + roff_text(page_name(program, command)) + " \\- " + roff_text(summary) + "\n";
}

std::string synopsis_section(const Program& program, const Command& command) {
  std::string text = ".SH SYNOPSIS\n.nf\n" + roff_line(command.usage) + "\n";
  if (&command == &program.self) text += roff_line("varprop --version") + "\n";
  return text + ".fi\n";
}

/// "\fB\-o\fR, \fB\-\-output\fR \fIRESULTS.h5\fR"
std::string term(const Argument& argument) {
  std::vector<std::string> names;
  for (const std::string& name : argument.names) names.push_back("\\fB" + roff_text(name) + "\\fR");
  std::string text = join(names);
  if (argument.value.empty()) return text;
  return text + (text.empty() ? "" : " ") + "\\fI" + roff_text(argument.value) + "\\fR" +
         (argument.names.empty() && argument.is_repeatable ? "..." : "");
}

std::string options_section(const Command& command) {
  std::string text = ".SH OPTIONS\n";
  for (const auto* arguments : {&command.positionals, &command.options}) {
    for (const Argument& argument : *arguments) {
      text += ".TP\n" + term(argument) + "\n" + roff_line(argument.description) + "\n";
    }
  }
  return text;
}

std::string commands_section(const Program& program) {
  std::string text = ".SH COMMANDS\n";
  for (const Command& command : program.commands) {
    text += ".TP\n\\fB" + roff_text(command.name) + "\\fR\n" + roff_line(command.summary) + "\n";
  }
  return text;
}

std::string see_also_section(const Program& program, const Command& command) {
  std::vector<std::string> pages;
  const auto add = [&](const Command& other) {
    if (other.name != command.name)
      pages.push_back("\\fB" + roff_text(page_name(program, other)) + "\\fR(1)");
  };
  add(program.self);
  for (const Command& other : program.commands) add(other);
  return ".SH SEE ALSO\n" + join(pages, ",\n") + "\n";
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

std::string page_name(const Program& program, const Command& command) {
  const std::string& name = program.self.name;
  return command.name == name ? name : name + "-" + command.name;
}

std::string man_page(const Program& program, const Command& command) {
  const bool whole = &command == &program.self;
  const FooterText footer = parse_footer(command.footer);
  std::string text =
      fmt::format(".\\\" Made from the program's command line.\n.TH {} 1 \"\" \"varprop {}\" \"varprop\"\n",
                  roff_text(upper_case(page_name(program, command))), program_version());
  text += name_section(program, command) + synopsis_section(program, command) + ".SH DESCRIPTION\n";
  if (whole) text += roff_line(command.summary) + "\n.PP\n";
  text += roff_paragraphs(footer.description);
  if (whole) text += commands_section(program);
  text += options_section(command);
  if (!footer.examples.empty()) text += ".SH EXAMPLES\n" + roff_block(footer.examples);
  return text + see_also_section(program, command);
}

}  // namespace varprop::driver
