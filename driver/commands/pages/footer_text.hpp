// A help page's footer, taken apart: what a page that is no screenful has to set anew.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace varprop {

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

}  // namespace varprop
