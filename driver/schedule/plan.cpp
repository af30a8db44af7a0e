#include "driver/schedule/plan.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "core/errors.hpp"
#include "driver/schedule/cost.hpp"

namespace varprop::driver {

Plan::Plan(const Sweep& sweep, const std::vector<UnitState>& states)
    : sweep_(sweep),
      part_(static_cast<std::size_t>(sweep.point_count())),
      parts_(SweepParts(sweep).count()),
      done_(states.size()),
      unit_seconds_(static_cast<std::size_t>(sweep.point_count())) {
  for (std::size_t slot = 0; slot < states.size(); ++slot) done_[slot] = !to_do(states[slot]);
  const SweepParts number_of(sweep);
  for (std::int64_t index = 0; index < sweep.point_count(); ++index) {
    part_[static_cast<std::size_t>(index)] = static_cast<std::uint32_t>(number_of(PointIndex(index)));
    const std::int64_t pending = pending_batches(index);
    if (pending == 0) continue;
    const double seconds = predicted_seconds(sweep, sweep.point(PointIndex(index)));
    unit_seconds_[static_cast<std::size_t>(index)] = seconds;
    order_.push_back(index);
    add_to_part(index, static_cast<double>(pending) * seconds);
    pending_units_ += pending;
    pending_seconds_ += static_cast<double>(pending) * seconds;
  }
  std::stable_sort(order_.begin(), order_.end(), [this](std::int64_t a, std::int64_t b) {
    return unit_seconds_[static_cast<std::size_t>(a)] > unit_seconds_[static_cast<std::size_t>(b)];
  });
  next_batch_.resize(order_.size());
  next_open_.resize(order_.size() + 1);
  std::iota(next_open_.begin(), next_open_.end(), std::int64_t{0});
  left_ = pending_units_;
  expensive_seconds_ = pending_seconds_;
}

/// A point of which units of so many seconds in all are pending.
void Plan::add_to_part(std::int64_t point, double seconds) {
  const auto unit_seconds = [this](std::int64_t i) { return unit_seconds_[static_cast<std::size_t>(i)]; };
  Part& part = parts_[part_at(point)];
  part.seconds += seconds;
  if (part.most_expensive < 0 || unit_seconds(point) > unit_seconds(part.most_expensive))
    part.most_expensive = point;
  if (part.cheapest < 0 || unit_seconds(point) < unit_seconds(part.cheapest)) part.cheapest = point;
}

/// Batches of a point that were pending when the plan was made.
std::int64_t Plan::pending_batches(std::int64_t point) const {
  const auto first = done_.begin() + point * sweep_.batches;
  return std::count(first, first + sweep_.batches, false);
}

void Plan::call_cheap(double seconds) {
  VARPROP_EXPECT(left_ == pending_units_);
  cheap_seconds_ = seconds;
  cheap_units_ = 0;
  expensive_seconds_ = pending_seconds_;
  const auto places = static_cast<std::int64_t>(order_.size());
  for (auto place = first_place_of_at_most(seconds); place < places; ++place) {
    const std::int64_t point = order_[static_cast<std::size_t>(place)], units = pending_batches(point);
    cheap_units_ += units;
    expensive_seconds_ -= static_cast<double>(units) * unit_seconds_[static_cast<std::size_t>(point)];
  }
  cheap_left_ = cheap_units_;
}

/// The first point from a place on that has units left; as many as there are points where none has.
std::int64_t Plan::first_open(std::int64_t place) {
  std::int64_t open = place;
  while (next_open_[static_cast<std::size_t>(open)] != open)
    open = next_open_[static_cast<std::size_t>(open)];
  while (next_open_[static_cast<std::size_t>(place)] != open) {
    place = std::exchange(next_open_[static_cast<std::size_t>(place)], open);
  }
  return open;
}

/// The first unit left of the point at a place, or nothing.
std::optional<Unit> Plan::first_unit(std::int64_t place) {
  const PointIndex point(order_[static_cast<std::size_t>(place)]);
  for (std::int32_t& batch = next_batch_[static_cast<std::size_t>(place)]; batch < sweep_.batches; ++batch) {
    const Unit unit{point, BatchIndex(batch)};
    if (!done_[static_cast<std::size_t>(sweep_.slot(unit))]) return unit;
  }
  return std::nullopt;
}

/// The first place whose units take no longer.
std::int64_t Plan::first_place_of_at_most(double most_seconds) const {
  return std::partition_point(order_.begin(), order_.end(),
                              [&](std::int64_t point) {
                                return unit_seconds_[static_cast<std::size_t>(point)] > most_seconds;
                              }) -
         order_.begin();
}

/// Hands out the first unit left of the point at a place.
Plan::Step Plan::take(std::int64_t place, Unit unit) {
  ++next_batch_[static_cast<std::size_t>(place)];
  --left_;
  if (cheap(unit)) --cheap_left_;
  return {unit, seconds(unit)};
}

/// The first unit left at this place or a later one, of those short enough for their part.
std::optional<Plan::Step> Plan::next_from(std::int64_t place, std::span<const double> most_seconds) {
  const auto places = static_cast<std::int64_t>(order_.size());
  for (place = first_open(place); place < places; place = first_open(place)) {
    const std::int64_t point = order_[static_cast<std::size_t>(place)];
    if (!most_seconds.empty() &&
        unit_seconds_[static_cast<std::size_t>(point)] > most_seconds[part_at(point)]) {
      ++place;
      continue;
    }
    if (const auto unit = first_unit(place)) return take(place, *unit);
    next_open_[static_cast<std::size_t>(place)] = place + 1;
  }
  return std::nullopt;
}

std::optional<Plan::Step> Plan::next(double most_seconds) {
  return next_from(std::isinf(most_seconds) ? 0 : first_place_of_at_most(most_seconds), {});
}

std::optional<Plan::Step> Plan::next(std::span<const double> most_seconds) {
  if (most_seconds.empty()) return next_from(0, {});
  const double most = *std::max_element(most_seconds.begin(), most_seconds.end());
  return next_from(first_place_of_at_most(most), most_seconds);
}

std::optional<Plan::Step> Plan::next_cheap(std::span<const double> most_seconds) {
  const double most =
      most_seconds.empty() ? cheap_seconds_ : *std::max_element(most_seconds.begin(), most_seconds.end());
  return next_from(first_place_of_at_most(std::min(most, cheap_seconds_)), most_seconds);
}

std::optional<Plan::Step> Plan::next_cheapest(std::span<const double> most_seconds) {
  const double most = *std::max_element(most_seconds.begin(), most_seconds.end());
  const std::int64_t first = first_place_of_at_most(most);
  for (auto place = static_cast<std::int64_t>(order_.size()) - 1; place >= first; --place) {
    const std::int64_t point = order_[static_cast<std::size_t>(place)];
    if (unit_seconds_[static_cast<std::size_t>(point)] > most_seconds[part_at(point)]) continue;
    if (const auto unit = first_unit(place)) return take(place, *unit);
  }
  return std::nullopt;
}

/// The first pending unit of a point.
std::optional<Plan::Step> Plan::step_of(std::int64_t point) const {
  if (point < 0) return std::nullopt;
  const auto first = done_.begin() + point * sweep_.batches;
  const auto batch = std::find(first, first + sweep_.batches, false) - first;
  const Unit unit{PointIndex(point), BatchIndex(static_cast<std::int32_t>(batch))};
  return Step{unit, seconds(unit)};
}

std::optional<Plan::Step> Plan::most_expensive(std::size_t part) const {
  return step_of(parts_[part].most_expensive);
}

std::optional<Plan::Step> Plan::cheapest(std::size_t part) const {
  return step_of(parts_[part].cheapest);
}

}  // namespace varprop::driver
