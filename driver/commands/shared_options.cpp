#include "driver/commands/shared_options.hpp"

#include "core/point/choices.hpp"

namespace varprop {

void add_setting_options(CLI::App& command, std::vector<std::string>& overrides, std::string& engine) {
  command.add_option("--set", overrides, "change a key of the sweep file; repeatable")
      ->option_text("KEY=VALUE")
      ->allow_extra_args(false);
  command.add_option("--engine", engine, join(words_of<Engine>(), " | "))->option_text("ENGINE");
}

void add_threads_option(CLI::App& command, int& threads, const std::string& description) {
  command.add_option("--threads", threads, description)->check(CLI::Range(1, 65536))->option_text("N");
}

}  // namespace varprop
