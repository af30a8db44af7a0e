#include "driver/commands/pages/man_page.hpp"

#include <fmt/format.h>

#include "core/build_info.hpp"
#include "core/text.hpp"
#include "driver/commands/pages/footer_text.hpp"
#include "driver/commands/pages/roff.hpp"

namespace varprop {

namespace {

std::string name_section(const ProgramReference& reference, const CommandReference& command) {
  std::string summary = &command == &reference.program ? program_summary() : command.summary;
  if (summary.ends_with(".")) summary.pop_back();
  return ".SH NAME\n" + roff_text(page_name(reference, command)) + " \\- " + roff_text(summary) + "\n";
}

std::string synopsis_section(const ProgramReference& reference, const CommandReference& command) {
  std::string text = ".SH SYNOPSIS\n.nf\n" + roff_line(command.usage) + "\n";
  if (&command == &reference.program) text += roff_line("varprop --version") + "\n";
  return text + ".fi\n";
}

/// "\fB\-o\fR, \fB\-\-output\fR \fIRESULTS.h5\fR"
std::string term(const ArgumentReference& argument) {
  std::vector<std::string> names;
  for (const std::string& name : argument.names) names.push_back("\\fB" + roff_text(name) + "\\fR");
  std::string text = join(names);
  if (argument.value.empty()) return text;
  return text + (text.empty() ? "" : " ") + "\\fI" + roff_text(argument.value) + "\\fR" +
         (argument.names.empty() && argument.repeatable ? "..." : "");
}

std::string options_section(const CommandReference& command) {
  std::string text = ".SH OPTIONS\n";
  for (const auto* arguments : {&command.positionals, &command.options}) {
    for (const ArgumentReference& argument : *arguments) {
      text += ".TP\n" + term(argument) + "\n" + roff_line(argument.description) + "\n";
    }
  }
  return text;
}

std::string commands_section(const ProgramReference& reference) {
  std::string text = ".SH COMMANDS\n";
  for (const CommandReference& command : reference.commands) {
    text += ".TP\n\\fB" + roff_text(command.name) + "\\fR\n" + roff_line(command.summary) + "\n";
  }
  return text;
}

std::string see_also_section(const ProgramReference& reference, const CommandReference& command) {
  std::vector<std::string> pages;
  const auto add = [&](const CommandReference& other) {
    if (other.name != command.name)
      pages.push_back("\\fB" + roff_text(page_name(reference, other)) + "\\fR(1)");
  };
  add(reference.program);
  for (const CommandReference& other : reference.commands) add(other);
  return ".SH SEE ALSO\n" + join(pages, ",\n") + "\n";
}

}  // namespace

std::string page_name(const ProgramReference& reference, const CommandReference& command) {
  const std::string& program = reference.program.name;
  return command.name == program ? program : program + "-" + command.name;
}

std::string man_page(const ProgramReference& reference, const CommandReference& command) {
  const bool whole = &command == &reference.program;
  const FooterText footer = parse_footer(command.footer);
  std::string text =
      fmt::format(".\\\" Made from the program's command line.\n.TH {} 1 \"\" \"varprop {}\" \"varprop\"\n",
                  roff_text(upper_case(page_name(reference, command))), program_version());
  text += name_section(reference, command) + synopsis_section(reference, command) + ".SH DESCRIPTION\n";
  if (whole) text += roff_line(command.summary) + "\n.PP\n";
  text += roff_paragraphs(footer.description);
  if (whole) text += commands_section(reference);
  text += options_section(command);
  if (!footer.examples.empty()) text += ".SH EXAMPLES\n" + roff_block(footer.examples);
  return text + see_also_section(reference, command);
}

}  // namespace varprop
