#include "driver/sweep_file/rules.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/errors.hpp"
#include "core/point/engines.hpp"
#include "core/text.hpp"
#include "driver/sweep_file/resolve_sweep.hpp"

namespace varprop {

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
  std::pair<std::int64_t, std::int64_t> near{1, n};
  const auto consider = [&near, wanted](std::int64_t d) {
    if (d <= wanted)
      near.first = std::max(near.first, d);
    else
      near.second = std::min(near.second, d);
  };
  for (std::int64_t i = 1; i * i <= n; ++i) {
    if (n % i != 0) continue;
    consider(i);
    consider(n / i);
  }
  return near;
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

}  // namespace

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

void check_unit_count(const Document& document, const Sweep& sweep) {
  std::int64_t room = largest_unit_count / sweep.batches;
  for (const std::size_t extent : sweep.shape()) room /= static_cast<std::int64_t>(extent);
  if (room > 0) return;
  throw InputError(
      fmt::format("{}: grid: the axes' values times {} batches make more than 2^40 units of work; allowed "
                  "are fewer values or batches.",
                  document.place_of_section("grid"), sweep.batches));
}

void check_engines(const Document& document, const Sweep& sweep) {
  const Grid& grid = sweep.grid;
  Point point = sweep.point(PointIndex(0));
  for (const Activation& activation : grid.activation) {
    for (const Weights weights : grid.weights) {
      for (const Width width : grid.width) {
        point.activation = activation;
        point.weights = weights;
        point.width = width;
        const Engine engine = resolve_engine(point, sweep.ensemble);
        if (const auto reason = obstacle(engine, point, sweep.ensemble)) {
          refuse(document, {"simulation", "engine"},
                 fmt::format("the {} engine {}: it cannot simulate {} with {} weights and width {}.",
                             word_of(engine), *reason, activation.text(), word_of(weights), width.value()));
        }
      }
    }
  }
}

std::vector<std::int32_t> choose_layers(const Document& document, const SweepDraft& draft) {
  const auto& depths = draft.sweep.grid.depth;
  try {
    return recorded_layers(depths, draft.layer_limit.value_or(depths.back().value()));
  } catch (const InputError& error) {
    refuse(document, {"output", "layers"}, error.what());
  }
}

std::optional<std::pair<std::int64_t, std::int64_t>> equal_pair(const std::vector<std::uint64_t>& numbers) {
  auto sorted = numbers;
  std::sort(sorted.begin(), sorted.end());
  const auto repeated = std::adjacent_find(sorted.begin(), sorted.end());
  if (repeated == sorted.end()) return std::nullopt;
  const auto first = std::find(numbers.begin(), numbers.end(), *repeated);
  const auto second = std::find(first + 1, numbers.end(), *repeated);
  return std::pair{first - numbers.begin(), second - numbers.begin()};
}

void check_streams(const Document& document, const Sweep& sweep) {
  const std::int64_t count = sweep.point_count();
  if (count > largest_searched_point_count) return;
  std::vector<std::uint64_t> hashes;
  hashes.reserve(static_cast<std::size_t>(count));
  const auto text = [&](std::int64_t i) {
    return canonical_text(sweep.point(PointIndex(i)), sweep.ensemble);
  };
  for (std::int64_t i = 0; i < count; ++i) hashes.push_back(hash_text(text(i)));
  if (const auto pair = equal_pair(hashes)) {
    throw InputError(
        fmt::format("{}: grid: two points would share their random numbers, \"{}\" and \"{}\"; change one "
                    "of them slightly.",
                    document.place_of_section("grid"), text(pair->first), text(pair->second)));
  }
}

}  // namespace varprop
