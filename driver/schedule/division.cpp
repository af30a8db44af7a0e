#include "driver/schedule/division.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <queue>
#include <utility>

#include "core/errors.hpp"
#include "core/text/words.hpp"
#include "driver/schedule/cost.hpp"

namespace varprop::driver {

std::vector<std::int64_t> divisors(std::int64_t n) {
  std::vector<std::int64_t> small, large;
  for (std::int64_t d = 1; d * d <= n; ++d) {
    if (n % d != 0) continue;
    small.push_back(d);
    if (d * d != n) large.push_back(n / d);
  }
  small.insert(small.end(), large.rbegin(), large.rend());
  return small;
}

std::vector<std::int32_t> finer_batches(const Sweep& sweep) {
  std::vector<std::int32_t> finer;
  for (const std::int64_t d : divisors(sweep.replicas)) {
    if (d > sweep.batches && d <= std::numeric_limits<std::int32_t>::max()) {
      finer.push_back(static_cast<std::int32_t>(d));
    }
  }
  return finer;
}

std::optional<std::int32_t> batches_for_share(const Sweep& sweep, double share) {
  for (const std::int32_t batches : finer_batches(sweep)) {
    if (batches * share >= sweep.batches) return batches;
  }
  return std::nullopt;
}

namespace {

constexpr double piece_share = 0.01;  ///< of a shard's share of the cost

struct PricedPoint {
  std::int64_t index;
  double unit_seconds;
};

std::vector<PricedPoint> most_expensive_first(const Sweep& sweep) {
  std::vector<PricedPoint> points;
  for (std::int64_t index = 0; index < sweep.point_count(); ++index) {
    points.push_back({index, predicted_seconds(sweep, sweep.point(PointIndex(index)))});
  }
  std::stable_sort(points.begin(), points.end(),
                   [](const auto& a, const auto& b) { return a.unit_seconds > b.unit_seconds; });
  return points;
}

/// Batches of a point that are dealt together.
class PieceSize {
 public:
  PieceSize(const Sweep& sweep, const std::vector<PricedPoint>& points, std::int32_t shards)
      : batches_(sweep.batches) {
    double total = 0;
    for (const PricedPoint& point : points) total += point.unit_seconds * batches_;
    largest_seconds_ = piece_share * total / shards;
    std::int64_t pieces = 0;
    for (const PricedPoint& point : points) pieces += (batches_ + (*this)(point)-1) / (*this)(point);
    if (pieces < shards) largest_seconds_ = 0;  // or a shard would be empty
  }

  std::int32_t operator()(const PricedPoint& point) const {
    const double batches = std::floor(largest_seconds_ / point.unit_seconds);
    return static_cast<std::int32_t>(std::clamp<double>(batches, 1, batches_));
  }

 private:
  std::int32_t batches_;
  double largest_seconds_ = 0;
};

/// The shard with the least cost so far; of equal ones the first.
class Shards {
 public:
  explicit Shards(std::int32_t count) {
    for (std::int32_t number = 1; number <= count; ++number) loads_.push({0.0, number});
  }

  /// Gives a piece of this cost to a shard and returns its number.
  std::int32_t take(double seconds) {
    const auto [load, number] = loads_.top();
    loads_.pop();
    loads_.push({load + seconds, number});
    return number;
  }

 private:
  using Load = std::pair<double, std::int32_t>;
  std::priority_queue<Load, std::vector<Load>, std::greater<>> loads_;
};

/// The slots that one shard gets, in the order of the deal.
std::vector<std::int64_t> dealt_slots(const Sweep& sweep, Shard shard) {
  const auto points = most_expensive_first(sweep);
  const PieceSize piece_size(sweep, points, shard.count);
  Shards shards(shard.count);
  std::vector<std::int64_t> slots;
  for (const PricedPoint& point : points) {
    const std::int32_t size = piece_size(point);
    for (std::int32_t first = 0; first < sweep.batches; first += size) {
      const std::int32_t end = std::min(first + size, sweep.batches);
      if (shards.take(point.unit_seconds * (end - first)) != shard.number) continue;
      for (std::int32_t batch = first; batch < end; ++batch) {
        slots.push_back(sweep.slot({PointIndex(point.index), BatchIndex(batch)}));
      }
    }
  }
  return slots;
}

}  // namespace

HeldUnits deal_shard(const Sweep& sweep, Shard shard) {
  validate(shard.count <= sweep.unit_count(),
           fmt::format("--shard {}/{}: the sweep has only {} of work, so it can be dealt to at most {}.",
                       shard.number, shard.count, counted(sweep.unit_count(), "unit"),
                       counted(sweep.unit_count(), "shard")));
  std::vector<std::int64_t> slots = dealt_slots(sweep, shard);
  std::sort(slots.begin(), slots.end());
  return {shard, std::move(slots)};
}

std::int64_t SampleSize::of(std::int64_t total) const {
  const double wanted = units > 0 ? static_cast<double>(units) : share * static_cast<double>(total);
  if (wanted >= static_cast<double>(total)) return total;
  return std::max<std::int64_t>(std::min<std::int64_t>(1, total),
                                static_cast<std::int64_t>(std::ceil(wanted)));
}

SampleSize parse_sample_size(const std::string& text) {
  constexpr double largest_count = 1e15;
  const bool percent = text.ends_with('%');
  const double number = parse_number(text.substr(0, text.size() - (percent ? 1 : 0))).value_or(0.0);
  const bool count = number >= 1 && number <= largest_count && number == std::floor(number);
  validate(
      percent ? number > 0 && number <= 100 : count,
      fmt::format("\"{}\" is no sample; allowed are a share above 0 % to 100 %, such as 1%, and a number of "
                  "units from 1, such as 200.",
                  text));
  return percent ? SampleSize{number / 100, 0} : SampleSize{0, static_cast<std::int64_t>(number)};
}

}  // namespace varprop::driver
