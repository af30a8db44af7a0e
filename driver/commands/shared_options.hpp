// Options that several commands have, each said once.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "driver/commands/command.hpp"
#include "driver/run/progress_mode.hpp"

namespace varprop {

/// A seed. Not by way of a double, which holds whole numbers to 2⁵³ only. Throws InputError.
std::uint64_t parse_seed(const std::string& text);

/// --set and --engine: what changes a sweep file's settings.
void add_setting_options(Command& command, std::vector<std::string>& overrides, std::string& engine);

/// --threads N, from 1.
void add_threads_option(Command& command, int& threads, const std::string& description);

/// -o, --output DIR. An empty name is refused.
Argument& add_directory_option(Command& command, const std::string& description,
                               std::function<void(const std::string&)> take);

/// --pace FACTOR, hidden, for tests: seconds on this machine over the cost model's, instead of probing.
void add_pace_option(Command& command, std::optional<double>& pace);

/// --progress HOW.
void add_progress_option(Command& command, ProgressMode& mode);

}  // namespace varprop
