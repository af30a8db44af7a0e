// Options that several commands have, each said once.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace varprop {

/// --set and --engine: what changes a sweep file's settings.
void add_setting_options(CLI::App& command, std::vector<std::string>& overrides, std::string& engine);

/// --threads N, from 1.
void add_threads_option(CLI::App& command, int& threads, const std::string& description);

}  // namespace varprop
