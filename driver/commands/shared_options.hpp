// Options that several commands have, each said once.
#pragma once

#include <CLI/CLI.hpp>

#include <optional>
#include <string>
#include <vector>

#include "driver/run/progress_mode.hpp"

namespace varprop {

/// --set and --engine: what changes a sweep file's settings.
void add_setting_options(CLI::App& command, std::vector<std::string>& overrides, std::string& engine);

/// --threads N, from 1.
void add_threads_option(CLI::App& command, int& threads, const std::string& description);

/// -o, --output DIR. An empty name is refused.
template <class Path>
CLI::Option* add_directory_option(CLI::App& command, Path& directory, const std::string& description) {
  return command.add_option("-o,--output", directory, description)
      ->check([](const std::string& name) {
        return std::string(name.empty() ? "the name of the directory is empty" : "");
      })
      ->option_text("DIR");
}

/// --pace FACTOR, hidden, for tests: seconds on this machine over the cost model's, instead of probing.
void add_pace_option(CLI::App& command, std::optional<double>& pace);

/// --progress HOW.
void add_progress_option(CLI::App& command, ProgressMode& mode);

}  // namespace varprop
