#include "driver/commands/shared_options.hpp"

#include <charconv>
#include <cmath>

#include "core/contracts.hpp"
#include "core/point/choices.hpp"
#include "core/text.hpp"
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

std::uint64_t parse_seed(const std::string& text) {
  std::uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  validate(error == std::errc() && end == text.data() + text.size(),
           "a seed is a whole number from 0 to 18446744073709551615.");
  return seed;
}

void add_setting_options(Command& command, std::vector<std::string>& overrides, std::string& engine) {
  command.option("--set", "KEY=VALUE", "change a key of the sweep file; repeatable", into(overrides))
      .repeatable()
      .offer(setting_beginnings());
  command.option("--engine", "ENGINE", join(words_of<Engine>(), " | "), into(engine))
      .offer(words_of<Engine>());
}

void add_threads_option(Command& command, int& threads, const std::string& description) {
  add_number_option(command, "--threads", threads, 1, 65536, description);
}

Argument& add_directory_option(Command& command, const std::string& description,
                               std::function<void(const std::string&)> take) {
  return command.option("-o,--output", "DIR", description, std::move(take))
      .checked([](const std::string& name) {
        return std::string(name.empty() ? "the name of the directory is empty" : "");
      });
}

void add_pace_option(Command& command, std::optional<double>& pace) {
  command.option("--pace", "FACTOR", "seconds over the model's, for tests", parsed(pace, parse_pace))
      .hidden();
}

void add_progress_option(Command& command, ProgressMode& mode) {
  add_choice_option(command, "--progress", "HOW", mode, join(words_of<ProgressMode>(), " | "));
}

}  // namespace varprop
