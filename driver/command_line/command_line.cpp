#include "driver/command_line/command_line.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <new>
#include <vector>

#include "core/errors.hpp"
#include "core/parallel/launcher.hpp"
#include "core/parallel/mpi_communicator.hpp"
#include "core/storage/hdf5_watchdog.hpp"
#include "core/text/terminal_text.hpp"
#include "core/text/words.hpp"

namespace varprop::driver {

bool speaks() {
  const Copy copy = copy_from_environment();
  if (copy.rank == 0) return true;
  print_error_line(fmt::format(
      "this is copy {} of {} ({}={}) and does nothing: this command takes one process, that of rank 0. Where "
      "this one is meant to work by itself, unset {}.",
      copy.rank + 1, copy.count, copy.variable, copy.rank, copy.variable));
  return false;
}

void print_out(const std::string& text, Colours colours) {
  const std::string shown = for_terminal(text, colours) + "\n";
  const bool written = std::fputs(shown.c_str(), stdout) >= 0 && std::fflush(stdout) == 0;
  if (!written && errno != EPIPE)
    throw SystemError("the answer could not be written to the standard output.");
}

void print_error(const std::string& sentence) {
  if (rank_from_environment() == 0) print_error_line(sentence);
}

namespace {

/// How --help looks: CLI11's page with our own usage line, and without the list of positionals that the line
/// already names; within 80 columns.
class HelpPage : public CLI::Formatter {
 public:
  explicit HelpPage(std::string usage) : usage_(std::move(usage)) {
    column_width(27);
    label("REQUIRED", "");
  }

  std::string make_usage(const CLI::App*, std::string) const override { return "\nUsage: " + usage_ + "\n"; }
  std::string make_positionals(const CLI::App*) const override { return ""; }
  std::string make_option_opts(const CLI::Option* option) const override {
    return option->get_option_text().empty() ? "" : " " + option->get_option_text();
  }

 private:
  std::string usage_;
};

CLI::Option* add_argument(CLI::App& app, const Argument& argument) {
  const std::string names = argument.positional() ? argument.value : join(argument.names, ",");
  const auto take = [take = argument.take](const CLI::results_t& texts) {
    for (const std::string& text : texts) take(text);
    return true;
  };
  if (argument.value.empty()) {
    return app.add_flag_callback(
        names, [take = argument.take] { take(""); }, argument.description);
  }
  CLI::Option* option = app.add_option(names, take, argument.description)->type_name(argument.value);
  if (argument.is_repeatable) {
    option->expected(CLI::detail::expected_max_vector_size)->allow_extra_args(argument.positional());
  }
  if (argument.check) option->check(argument.check);
  if (!argument.positional()) option->option_text(argument.value);
  return option;
}

/// All but --help, which every app has of its own.
void add_arguments(CLI::App& app, const Command& command) {
  for (const Argument& argument : command.positionals)
    add_argument(app, argument)->required(argument.is_required);
  for (const Argument& argument : command.options) {
    if (argument.names.back() == "--help" || argument.names.back() == "--version") continue;
    CLI::Option* const option = add_argument(app, argument)->required(argument.is_required);
    if (argument.is_hidden) option->group("");
    for (const std::string& other : argument.excluded) {
      if (auto* known = app.get_option_no_throw(other)) option->excludes(known);
    }
  }
}

void describe(CLI::App& app, const Command& command) {
  app.name(command.name);
  app.description(command.summary);
  app.footer(command.footer);
  app.formatter(std::make_shared<HelpPage>(command.usage));
}

std::unique_ptr<CLI::App> parser_of(const Program& program) {
  auto app = std::make_unique<CLI::App>();
  describe(*app, program.self);
  app->set_help_flag("-h,--help", program.self.options.front().description);
  app->set_version_flag("--version", program.version, program.self.options.back().description);
  app->require_subcommand(1);
  for (const Command& command : program.commands) {
    CLI::App* const sub = app->add_subcommand(command.name, command.summary);
    describe(*sub, command);
    add_arguments(*sub, command);
  }
  return app;
}

/// A word as it must be typed in a POSIX shell.
std::string shell_quoted(const std::string& word) {
  constexpr const char* plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./=,:+-@%";
  if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string shell_line(const std::vector<std::string>& words) {
  std::vector<std::string> quoted;
  for (const std::string& word : words) quoted.push_back(shell_quoted(word));
  return join(quoted, " ");
}

ExitCode answer(const std::string& text) {
  if (speaks()) print_out(text);
  return ExitCode::complete;
}

/// One command line, parsed and run; what CLI11 finds wrong with it becomes a sentence of ours.
class CommandLine {
 public:
  CommandLine(int argc, const char* const* argv, const DeclareProgram& declare)
      : arguments_(argv, argv + argc),
        program_(declare(shell_line(arguments_))),
        parser_(parser_of(*program_)) {}

  ExitCode run() {
    try {
      refuse_unknown_command();
      parser_->parse(reversed_arguments());
    } catch (const CLI::CallForVersion& version) {
      return answer(version.what());
    } catch (const CLI::Success&) {
      return answer(help_text(*program_, chosen_command()));
    } catch (const CLI::ParseError& error) {
      throw InputError(sentence(error) + " See " + join({"varprop", chosen_command()}, " ") +
                       (chosen_command().empty() ? "--help." : " --help."));
    }
    return program_->find(chosen_command()).run();
  }

 private:
  /// CLI11 takes the arguments last first, without the program's name.
  std::vector<std::string> reversed_arguments() const {
    return {arguments_.rbegin(), arguments_.rend() - (arguments_.empty() ? 0 : 1)};
  }

  void refuse_unknown_command() const {
    if (arguments_.size() < 2 || arguments_[1].starts_with("-")) return;
    program_->find_command(arguments_[1]);
  }

  /// The name of the command that was parsed; empty where none was.
  std::string chosen_command() const {
    const auto parsed = parser_->get_subcommands();
    return parsed.empty() ? "" : parsed.front()->get_name();
  }

  std::string sentence(const CLI::ParseError& error) const {
    if (chosen_command().empty() && arguments_.size() < 2)
      return "a command is needed: " + join(program_->names()) + ".";
    std::vector<std::string> options;
    for (const Argument& option : program_->find(chosen_command()).options)
      options.push_back(option.names.back());
    const auto extras = parser_->remaining(true);
    if (extras.empty()) return std::string(error.what()) + ".";
    const bool is_option = extras.front().starts_with("-");
    return fmt::format("unknown {} \"{}\".{}", is_option ? "option" : "argument", extras.front(),
                       is_option ? suggestion(extras.front(), options) : "");
  }

  std::vector<std::string> arguments_;
  std::unique_ptr<const Program> program_;
  std::unique_ptr<CLI::App> parser_;
};

std::string sentence_of(const std::exception& error) {
  const auto* of_files = dynamic_cast<const std::filesystem::filesystem_error*>(&error);
  if (!of_files) return error.what();
  return fmt::format("{}: {}.", of_files->path1().string(), of_files->code().message());
}

/// Without a byte of memory. What was taken has gone back by now, but nobody knows how much that is.
void print_lack_of_memory() {
  const int rank = rank_from_environment();
  if (rank == 0) {
    std::fputs("varprop: ", stderr);
  } else {
    std::fprintf(stderr, "varprop: rank %d: ", rank);
  }
  std::fputs(
      "this process is out of memory. Let it have more (ulimit -v, or --mem of its job); fewer threads need "
      "less. Results that were committed before are safe.\n",
      stderr);
}

}  // namespace

std::string help_text(const Program& program, const std::string& command) {
  const auto parser = parser_of(program);
  const CLI::App* const app =
      program.find(command).name == program.self.name ? parser.get() : parser->get_subcommand(command);
  std::string page = app->get_formatter()->make_help(app, app->get_name(), CLI::AppFormatMode::Normal);
  page.erase(page.find_last_not_of('\n') + 1);
  return page;
}

ExitCode guarded(const std::function<ExitCode()>& command) {
  hdf5::end_endless_calls_by(&end_all_ranks);
  try {
    return command();
  } catch (const InputError& error) {
    print_error(error.what());
    return exit_code_of_exception();
  } catch (const std::bad_alloc&) {
    print_lack_of_memory();
    return exit_code_of_exception();
  } catch (const std::exception& error) {
    const int rank = rank_from_environment();
    print_error_line((rank == 0 ? "" : fmt::format("rank {}: ", rank)) + sentence_of(error));
    return exit_code_of_exception();
  }
}

ExitCode run_command_line(int argc, const char* const* argv, const DeclareProgram& declare) {
  return guarded([&] { return CommandLine(argc, argv, declare).run(); });
}

}  // namespace varprop::driver
