// A command as it is declared: from this, and nothing else, the parser, help, manual pages and completions
// are made.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/errors.hpp"
#include "core/text/words.hpp"

namespace varprop::driver {

/// What a shell can complete a value to.
enum class ValueKind { text, words, file, directory };

/// An option, or a positional argument. The members that return it are for declaring one: they end in a
/// chain.
struct Argument {
  std::vector<std::string> names;                ///< "-o", "--output"; none: a positional
  std::string value;                             ///< "RESULTS.h5"; empty: a flag
  std::string description;                       ///< a phrase
  std::function<void(const std::string&)> take;  ///< is given the text, "" of a flag; throws InputError
  /// What is wrong with the text, as a phrase; "" where nothing is. May be empty.
  std::function<std::string(const std::string&)> check = nullptr;
  bool is_required = false;
  bool is_repeatable = false;              ///< may be given several times
  bool is_hidden = false;                  ///< stands on no page
  std::vector<std::string> words = {};     ///< that the value may be: shells offer them, others stay allowed
  std::vector<std::string> excluded = {};  ///< names of options that cannot stand beside it

  Argument& required();
  Argument& repeatable();
  Argument& hidden();
  /// Words are free of spaces; one that ends in "=" waits for more.
  Argument& offer(std::vector<std::string> offered);
  Argument& checked(std::function<std::string(const std::string&)> complaint);

  bool positional() const { return names.empty(); }
  /// Follows from how the value is written: "X.h5" is a file with that extension, "DIR" a directory.
  ValueKind kind() const;
  std::string extension() const;  ///< "h5" of "RESULTS.h5"; empty where the value names no file
};

struct Command {
  std::string name;     ///< "sweep"; "varprop" for the program itself
  std::string summary;  ///< a sentence; of the program: some
  std::string usage;    ///< "varprop sweep SWEEP.toml -o RESULTS.h5 [options]"
  std::vector<Argument> options;
  std::vector<Argument> positionals;
  std::string footer;  ///< the command's own words, in lines of at most 80 characters
  std::function<ExitCode()> run;

  /// Begins with the option --help.
  Command(std::string command_name, std::string command_summary, std::string command_usage);

  /// `text_names`: "-o,--output". What `take` throws gets the last name and the text in front.
  Argument& option(const std::string& text_names, const std::string& value, const std::string& description,
                   std::function<void(const std::string&)> take);
  Argument& flag(const std::string& text_names, const std::string& description, bool& target);
  Argument& positional(const std::string& value, const std::string& description,
                       std::function<void(const std::string&)> take);
  /// Two options of which only one may be given.
  void exclude(const std::string& one, const std::string& other);
};

/// The program and its commands, in the order of the help page.
struct Program {
  Command self;
  std::vector<Command> commands;
  std::function<std::string()> version;  ///< what --version says; works where the engines do not

  /// The command of this name, or the program itself for "". Throws InputError with the nearest name where
  /// there is none.
  const Command& find(const std::string& name) const;
  /// The same of commands alone.
  const Command& find_command(const std::string& name) const;
  std::vector<std::string> names() const;  ///< of the commands
};

/// What to do with an argument's text: to keep it, or to add it to a list.
std::function<void(const std::string&)> into(std::string& target);
std::function<void(const std::string&)> into(std::filesystem::path& target);
std::function<void(const std::string&)> into(std::vector<std::string>& target);
std::function<void(const std::string&)> into(std::vector<std::filesystem::path>& target);

/// To let one of our own functions understand it.
template <class T, class Parse>
std::function<void(const std::string&)> parsed(T& target, Parse parse) {
  return [&target, parse](const std::string& text) { target = parse(text); };
}

/// An option whose value is a whole number from `low` to `high`.
Argument& add_number_option(Command& command, const std::string& names, int& target, int low, int high,
                            const std::string& description);

/// An option whose value is one word out of the list of E.
template <class E>
Argument& add_choice_option(Command& command, const std::string& names, const std::string& value, E& target,
                            const std::string& description) {
  return command.option(names, value, description, parsed(target, choice_of<E>)).offer(words_of<E>());
}
/// The same where it may be left open.
template <class E>
Argument& add_choice_option(Command& command, const std::string& names, const std::string& value,
                            std::optional<E>& target, const std::string& description) {
  return command.option(names, value, description, parsed(target, choice_of<E>)).offer(words_of<E>());
}

/// The same without what is hidden: what pages and completions show.
Program without_hidden(Program program);

}  // namespace varprop::driver
