#include "driver/commands/shared_options.hpp"

#include <cmath>

#include "core/contracts.hpp"
#include "core/point/choices.hpp"
#include "core/text.hpp"
#include "driver/commands/value_words.hpp"
#include "driver/sweep_file/keys.hpp"

namespace varprop {

namespace {

/// "grid.width=", …: what --set may begin with.
std::vector<std::string> setting_beginnings() {
  std::vector<std::string> words;
  for (const Key& key : sweep_file_keys()) words.push_back(text_of(key.name) + "=");
  return words;
}

double parse_pace(const std::string& text) {
  const auto pace = parse_number(text);
  validate(pace && *pace > 0 && std::isfinite(*pace), "allowed are numbers above 0.");
  return *pace;
}

}  // namespace

void add_setting_options(CLI::App& command, std::vector<std::string>& overrides, std::string& engine) {
  auto* set = command.add_option("--set", overrides, "change a key of the sweep file; repeatable")
                  ->option_text("KEY=VALUE")
                  ->allow_extra_args(false);
  offer_words(set, setting_beginnings());
  auto* choice =
      command.add_option("--engine", engine, join(words_of<Engine>(), " | "))->option_text("ENGINE");
  offer_words(choice, words_of<Engine>());
}

void add_threads_option(CLI::App& command, int& threads, const std::string& description) {
  command.add_option("--threads", threads, description)->check(CLI::Range(1, 65536))->option_text("N");
}

void add_pace_option(CLI::App& command, std::optional<double>& pace) {
  add_parsed_option(command, "--pace", pace, parse_pace, "")->group("");
}

void add_progress_option(CLI::App& command, ProgressMode& mode) {
  add_choice_option(command, "--progress", mode, join(words_of<ProgressMode>(), " | "))->option_text("HOW");
}

}  // namespace varprop
