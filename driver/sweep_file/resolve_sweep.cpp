#include "driver/sweep_file/resolve_sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "core/errors.hpp"
#include "core/network/engine_choice.hpp"
#include "core/text/words.hpp"
#include "driver/schedule/division.hpp"
#include "driver/sweep_file/grid_reader.hpp"
#include "driver/sweep_file/keys.hpp"

namespace varprop::driver {

namespace {

constexpr std::int64_t largest_searched_point_count = 10'000'000;
constexpr std::int64_t most_replicas_per_batch =
    100'000'000;  // a record is one message of less than 2³¹ bytes

/// Refuses the key, or its section where the file leaves it out.
[[noreturn]] void refuse(const Document& document, const KeyName& key, const std::string& problem) {
  if (const auto setting = document.find(key)) setting->refuse(problem);
  throw InputError(fmt::format("{}: {}: {}", document.place_of_section(key.section), text_of(key), problem));
}

/// The largest divisor of n up to `wanted` and the smallest above it (n itself if there is no other).
std::pair<std::int64_t, std::int64_t> divisors_near(std::int64_t n, std::int64_t wanted) {
  const std::vector<std::int64_t> all = divisors(n);
  const auto above = std::upper_bound(all.begin() + 1, all.end(), wanted);
  return {*(above - 1), above == all.end() ? n : *above};
}

std::string divisors_text(std::int64_t replicas, std::int64_t batches) {
  const auto [below, above] = divisors_near(replicas, batches);
  return below == above ? fmt::format("batches = {}", below)
                        : fmt::format("batches = {} or {}", below, above);
}

std::string multiples_text(std::int64_t replicas, std::int64_t batches) {
  const std::int64_t below = replicas / batches * batches;
  return below == 0 ? fmt::format("replicas = {}", batches)
                    : fmt::format("replicas = {} or {}", below, below + batches);
}

/// replicas is a multiple of batches, and a batch's replicas can be counted in 31 bits.
void check_batches(const Document& document, const Sweep& sweep) {
  const std::int64_t replicas = sweep.replicas, batches = sweep.batches;
  const bool given = document.find({"simulation", "batches"}).has_value();
  const KeyName culprit{"simulation", given ? "batches" : "replicas"};
  if (replicas % batches != 0) {
    refuse(document, culprit,
           fmt::format("{} cannot be dealt evenly to {} batches{}; near are {}, or {}.",
                       counted(replicas, "replica"), batches, given ? "" : " (the default)",
                       divisors_text(replicas, batches), multiples_text(replicas, batches)));
  }
  if (replicas / batches > most_replicas_per_batch) {
    refuse(document, culprit,
           fmt::format("{} replicas in {} batches are too many for one batch; allowed: {} a batch.", replicas,
                       batches, most_replicas_per_batch));
  }
}

/// points · batches ≤ largest_unit_count.
void check_unit_count(const Document& document, const Sweep& sweep) {
  std::int64_t room = largest_unit_count / sweep.batches;
  if (!sweep.grid.is_product())
    room /= sweep.point_count();
  else
    for (const std::size_t extent : sweep.shape()) room /= static_cast<std::int64_t>(extent);
  if (room > 0) return;
  throw InputError(
      fmt::format("{}: grid: the axes' values times {} batches make more than 2^40 units of work; allowed "
                  "are fewer values or batches.",
                  document.place_of_section("grid"), sweep.batches));
}

/// "relu with gaussian weights and width 64", and what else is off its default.
std::string network_in_words(const Point& point) {
  std::string text = fmt::format("{} with {} weights and width {}", point.activation.text(),
                                 word_of(point.weights), point.width.value());
  for_each_axis([&](const auto& axis) {
    const auto& value = point.*axis.value;
    if (!is_first(axis) && !goes_without_saying(axis, value))
      text += fmt::format(", {} {}", axis.name, coordinate_text(value));
  });
  return text;
}

/// Every point has an engine that can simulate it (core/network/engine_choice.hpp). The widths of a shape
/// depend on the depth, and blocks have biases or none.
void check_engines(const Document& document, const Sweep& sweep) {
  const bool shaped = has_newer_dimension(sweep.grid);
  const AxisSet alike = shaped ? axes_of<WeightVariance>() : axes_of<WeightVariance, BiasVariance, Depth>();
  sweep.grid_index().for_each_group(alike, [&](const GridIndices& at) {
    const Point point = sweep.point(at);
    if (const auto reason = obstacle_of_bias_scaling(point, sweep.network))
      refuse(document, {"simulation", "bias_scaling"},
             fmt::format("{} {}.", network_in_words(point), *reason));
    const Engine engine = resolve_engine(point, sweep.network);
    if (const auto reason = obstacle(engine, point, sweep.network)) {
      refuse(document, {"simulation", "engine"},
             fmt::format("the {} engine {}: it cannot simulate {}.", word_of(engine), *reason,
                         network_in_words(point)));
    }
  });
}

/// The recorded layers (core/sweep/sweep.hpp) under the draft's limit.
std::vector<std::int32_t> choose_layers(const Document& document, const SweepDraft& draft) {
  const auto& depths = draft.sweep.grid.depth;
  try {
    const std::int64_t all = depths.back().value() + std::int64_t{1};
    return recorded_layers(draft.sweep.grid, draft.layer_limit.value_or(all));
  } catch (const InputError& error) {
    refuse(document, {"output", "layers"}, error.what());
  }
}

/// No two points have the same h, which selects a point's random numbers. Sweeps of more than 10⁷ points are
/// not searched: the chance of a pair is points²/2⁶⁵.
void check_streams(const Document& document, const Sweep& sweep) {
  const std::int64_t count = sweep.point_count();
  if (count > largest_searched_point_count) return;
  std::vector<std::uint64_t> hashes;
  hashes.reserve(static_cast<std::size_t>(count));
  const auto text = [&](std::int64_t i) { return canonical_text(sweep.point(PointIndex(i)), sweep.network); };
  for (std::int64_t i = 0; i < count; ++i) hashes.push_back(hash_text(text(i)));
  if (const auto pair = equal_pair(hashes)) {
    throw InputError(
        fmt::format("{}: grid: two points would share their random numbers, \"{}\" and \"{}\"; change one "
                    "of them slightly.",
                    document.place_of_section("grid"), text(pair->first), text(pair->second)));
  }
}

void read_default(const Key& key, const Document& document, SweepDraft& draft) {
  if (key.default_value.empty()) return;
  const Source source{"default of " + text_of(key.name), false};
  const toml::table table = toml::parse("value = " + key.default_value);
  key.read(Setting(text_of(key.name), source, *table.get("value")), document, draft);
}

void read_key(const Key& key, const Document& document, SweepDraft& draft) {
  if (const auto setting = document.find(key.name)) return key.read(*setting, document, draft);
  if (key.presence == Presence::required) {
    throw InputError(fmt::format("{}: {}: this key is missing ({}); allowed: {}.",
                                 document.place_of_section(key.name.section), text_of(key.name), key.meaning,
                                 key.allowed));
  }
  read_default(key, document, draft);
}

}  // namespace

std::optional<std::pair<std::int64_t, std::int64_t>> equal_pair(const std::vector<std::uint64_t>& numbers) {
  auto sorted = numbers;
  std::sort(sorted.begin(), sorted.end());
  const auto repeated = std::adjacent_find(sorted.begin(), sorted.end());
  if (repeated == sorted.end()) return std::nullopt;
  const auto first = std::find(numbers.begin(), numbers.end(), *repeated);
  const auto second = std::find(first + 1, numbers.end(), *repeated);
  return std::pair{first - numbers.begin(), second - numbers.begin()};
}

std::vector<std::pair<std::string, std::string>> preset_values(const SweepText& text) {
  const Document document(text, names_of_keys());
  std::vector<std::pair<std::string, std::string>> values;
  for (const KeyName& key : names_of_keys()) {
    const auto of_preset = document.find_in_preset(key);
    if (!of_preset) continue;
    const auto taken =
        key.section == "grid" ? document.grid_tables().front().find(key.name) : document.find(key);
    if (&taken->node() == &of_preset->node()) values.emplace_back(text_of(key), of_preset->shown());
  }
  return values;
}

Sweep resolve_sweep(const SweepText& text) {
  const Document document(text, names_of_keys());
  SweepDraft draft;
  bool grid_is_read = false;
  for (const Key& key : sweep_file_keys()) {  // in the order in which they are documented, and refused
    const bool of_grid = key.name.section == "grid";
    if (of_grid && !grid_is_read) draft.sweep.grid = read_grid(document, text.point_files);
    grid_is_read = grid_is_read || of_grid;
    if (!of_grid) read_key(key, document, draft);
  }
  if (draft.sweep.measures_quantity(Quantity::correlation)) {
    draft.sweep.network.input_correlation = draft.input_correlation;
  }
  draft.sweep.network.token_correlation = draft.input_correlation;
  check_batches(document, draft.sweep);
  check_unit_count(document, draft.sweep);
  check_engines(document, draft.sweep);
  draft.sweep.layers = choose_layers(document, draft);
  check_streams(document, draft.sweep);
  for (const Quantity quantity : draft.sweep.measures)
    draft.sweep.format = std::max(draft.sweep.format, newest_dataset_of(measure_of(quantity)));
  return std::move(draft.sweep);
}

}  // namespace varprop::driver
