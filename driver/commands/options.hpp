// Options that several commands have, each said once; and values as people write them: seeds, sizes, shards.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/errors.hpp"
#include "core/network/axes.hpp"
#include "core/sweep/sweep.hpp"
#include "driver/command_line/command.hpp"
#include "driver/run/progress.hpp"

namespace varprop::driver {

struct AnswerOptions;

/// Bytes: "500MB", "20 GB", "1.5TB", "64GiB", "1000". Throws InputError where the text is none, or below one
/// byte.
std::int64_t parse_byte_count(const std::string& text);

/// "2/4": the second of four shards. Throws InputError where the text is none.
Shard parse_shard(const std::string& text);

/// A seed. Not by way of a double, which holds whole numbers to 2⁵³ only. Throws InputError.
std::uint64_t parse_seed(const std::string& text);

/// A number within limits. Throws InputError that says what is allowed.
double parse_within(const std::string& text, const Limits& limits, const std::string& noun = "allowed");

/// The same of a whole number: parse_whole<Width>, by the limits of an axis.
template <class T>
typename T::value_type parse_whole(const std::string& text) {
  return static_cast<typename T::value_type>(parse_within(text, limits_of<T>));
}

/// The argument of --activation. Throws InputError that names the option.
Activation parse_activation(const std::string& text);

/// --activation A, and --input-mean-square M, which networks without a sweep have.
Argument& add_activation_option(Command& command, std::string& activation);
double parse_input_mean_square(const std::string& text);
void add_input_mean_square_option(Command& command, double& input_mean_square);

/// --set and --engine: what changes a sweep file's settings.
void add_setting_options(Command& command, std::vector<std::string>& overrides, std::string& engine);

/// --threads N, from 1.
void add_threads_option(Command& command, int& threads, const std::string& description);

/// -o, --output DIR. An empty name is refused.
Argument& add_directory_option(Command& command, const std::string& description,
                               std::function<void(const std::string&)> take);

/// --pace FACTOR, hidden, for tests: seconds on this machine over the cost model's, instead of probing.
void add_pace_option(Command& command, std::optional<double>& pace);

/// --max-file-size SIZE, in bytes.
void add_file_size_option(Command& command, std::int64_t& most_bytes);

/// --json, and -q, --quiet; not both.
void add_answer_options(Command& command, AnswerOptions& answer);

/// --progress HOW.
void add_progress_option(Command& command, ProgressMode& mode);

}  // namespace varprop::driver
