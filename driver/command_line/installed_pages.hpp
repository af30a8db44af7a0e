// Manual pages in man(7) and completions for bash, zsh and fish, from the commands' declarations.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "driver/command_line/command.hpp"

namespace varprop::driver {

/// What stands between two empty lines: plain lines, then indented ones. The indented ones are a list of
/// terms where every one of them is "  TERM  what it is" or goes on with the one above; else they stay lines.
struct FooterParagraph {
  std::string text;                                        ///< the plain lines, joined
  std::vector<std::pair<std::string, std::string>> terms;  ///< term, what it is
  std::vector<std::string> lines;                          ///< without their first two spaces
};

struct FooterText {
  std::vector<FooterParagraph> description;
  std::vector<std::string> examples;  ///< command lines: what follows "Example:" or "Examples:"
};

FooterText parse_footer(const std::string& footer);

/// Inside a line: backslashes and hyphens as they are typed.
std::string roff_text(const std::string& text);

/// A line of its own (or several), which no first character turns into a request.
std::string roff_line(const std::string& text);

/// Lines that stay lines, set as far left as they stand on a help page.
std::string roff_block(const std::vector<std::string>& lines);

std::string roff_paragraphs(const std::vector<FooterParagraph>& paragraphs);

/// ASCII letters as capitals.
std::string upper_case(std::string text);

/// The name of a command's page: "varprop-sweep"; "varprop" for the program.
std::string page_name(const Program& program, const Command& command);

/// The page of a command, or of the program, in section 1.
std::string man_page(const Program& program, const Command& command);

/// A script to be sourced (bash-completion loads it from share/bash-completion/completions/varprop). It needs
/// bash 4.4 and nothing else.
std::string bash_completion(const Program& program);

/// An autoloaded function `_varprop`, for a folder on zsh's fpath.
std::string zsh_completion(const Program& program);

/// Lines of `complete`, for share/fish/vendor_completions.d/varprop.fish.
std::string fish_completion(const Program& program);

}  // namespace varprop::driver
