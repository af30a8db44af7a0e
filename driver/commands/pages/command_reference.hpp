// A command as its manual page and the shells' completions need it, read from its CLI11 object and nowhere
// else.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace varprop {

/// What a shell can complete a value to.
enum class ValueKind { text, words, file, directory };

/// An option, or a positional argument.
struct ArgumentReference {
  std::vector<std::string> names;     ///< "-o", "--output"; none: a positional
  std::string value;                  ///< "RESULTS.h5"; empty: a flag
  std::string description;            ///< a phrase
  bool repeatable = false;            ///< may be given several times
  std::vector<std::string> excluded;  ///< names of options that cannot stand beside it
  ValueKind kind = ValueKind::text;
  std::vector<std::string> words;  ///< that the value may be, where kind is words
  std::string extension;           ///< "h5", where kind is file
};

struct CommandReference {
  std::string name;     ///< "sweep"; "varprop" for the program itself
  std::string summary;  ///< a sentence; of the program: some
  std::string usage;    ///< "varprop sweep SWEEP.toml -o RESULTS.h5 [options]"
  std::vector<ArgumentReference> options;
  std::vector<ArgumentReference> positionals;
  std::string footer;  ///< the command's own words, in lines of at most 80 characters
};

struct ProgramReference {
  CommandReference program;
  std::vector<CommandReference> commands;
};

/// Hidden options (without a group) are left out. The kind of a value follows from how it is written: "X.h5"
/// is a file with that extension, "DIR" a directory; offered_words() say the rest.
ProgramReference program_reference(CLI::App& app);

}  // namespace varprop
