#include "driver/commands/pages/man_page.hpp"

#include <fmt/format.h>

#include "core/build_info.hpp"
#include "core/text.hpp"
#include "driver/commands/pages/footer_text.hpp"
#include "driver/commands/pages/roff.hpp"

namespace varprop {

namespace {

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

}  // namespace varprop
