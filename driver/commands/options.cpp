#include "driver/commands/options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>
#include <utility>

#include "core/errors.hpp"
#include "core/network/settings.hpp"
#include "core/text/words.hpp"
#include "driver/commands/commands.hpp"
#include "driver/sweep_file/keys.hpp"

namespace varprop::driver {

namespace {

constexpr std::array units{
    std::pair{std::string_view(""), 1.0},       std::pair{std::string_view("B"), 1.0},
    std::pair{std::string_view("kB"), 1e3},     std::pair{std::string_view("KB"), 1e3},
    std::pair{std::string_view("MB"), 1e6},     std::pair{std::string_view("GB"), 1e9},
    std::pair{std::string_view("TB"), 1e12},    std::pair{std::string_view("KiB"), 0x1p10},
    std::pair{std::string_view("MiB"), 0x1p20}, std::pair{std::string_view("GiB"), 0x1p30},
    std::pair{std::string_view("TiB"), 0x1p40}};

/// Bytes of one unit; 0 where there is no such unit.
double unit_bytes(std::string_view unit) {
  const auto found = std::find_if(units.begin(), units.end(), [&](const auto& u) { return u.first == unit; });
  return found == units.end() ? 0.0 : found->second;
}

/// A whole number from 1 on, or 0.
std::int32_t count_of(std::string_view digits) {
  std::int32_t count = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, count);
  return error == std::errc{} && stop == end && count > 0 ? count : 0;
}

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

std::int64_t parse_byte_count(const std::string& text) {
  const auto number_end = std::min(text.find_first_not_of("0123456789."), text.size());
  const auto unit_start = std::min(text.find_first_not_of(' ', number_end), text.size());
  const double number = parse_number(text.substr(0, number_end)).value_or(0.0);
  const double bytes = std::floor(number * unit_bytes(text.substr(unit_start)));
  validate(bytes >= 1.0 && bytes < 0x1p62,
           fmt::format("\"{}\" is no size; allowed are sizes such as 500MB, 20GB, 1.5TB or 64GiB.", text));
  return static_cast<std::int64_t>(bytes);
}

Shard parse_shard(const std::string& text) {
  const auto slash = std::min(text.find('/'), text.size());
  const std::string_view all(text);
  const Shard shard{count_of(all.substr(0, slash)),
                    slash < text.size() ? count_of(all.substr(slash + 1)) : 0};
  validate(shard.number > 0 && shard.number <= shard.count,
           "a shard is I/N, the I-th of N, I from 1 to N, such as 2/4.");
  return shard;
}

std::uint64_t parse_seed(const std::string& text) {
  std::uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  validate(error == std::errc() && end == text.data() + text.size(),
           "a seed is a whole number from 0 to 18446744073709551615.");
  return seed;
}

double parse_within(const std::string& text, const Limits& limits, const std::string& noun) {
  const auto number = parse_number(text);
  validate(number && limits.contain(*number), noun + " is " + text_of(limits) + ".");
  return *number;
}

Activation parse_activation(const std::string& text) {
  try {
    return Activation::parse(text);
  } catch (const InputError& error) {
    throw InputError("--activation " + text + ": " + error.what());
  }
}

Argument& add_activation_option(Command& command, std::string& activation) {
  return command.option("--activation", "A", "such as tanh or leaky_relu(0.2)", into(activation))
      .offer(activation_names());
}

double parse_input_mean_square(const std::string& text) {
  return parse_within(text, limits_of_input_mean_square, "a mean square");
}

void add_input_mean_square_option(Command& command, double& input_mean_square) {
  command.option("--input-mean-square", "M", "mean square of the input x (1)",
                 parsed(input_mean_square, parse_input_mean_square));
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

void add_file_size_option(Command& command, std::int64_t& most_bytes) {
  command.option("--max-file-size", "SIZE",
                 fmt::format("refuse larger results ({:.0f}GB)", static_cast<double>(most_bytes) / 1e9),
                 parsed(most_bytes, parse_byte_count));
}

void add_answer_options(Command& command, AnswerOptions& answer) {
  command.flag("--json", "what came of it, one JSON object", answer.json);
  command.flag("-q,--quiet", "say nothing but what went wrong", answer.quiet);
}

void add_progress_option(Command& command, ProgressMode& mode) {
  add_choice_option(command, "--progress", "HOW", mode, join(words_of<ProgressMode>(), " | "));
}

}  // namespace varprop::driver
