#include "driver/run/plan.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "core/contracts.hpp"
#include "driver/run/cost_model.hpp"

namespace varprop {

Plan::Plan(const Sweep& sweep, const std::vector<UnitState>& states)
    : sweep_(sweep), done_(states.size()), unit_seconds_(static_cast<std::size_t>(sweep.point_count())) {
  for (std::size_t slot = 0; slot < states.size(); ++slot) done_[slot] = !to_do(states[slot]);
  for (std::int64_t index = 0; index < sweep.point_count(); ++index) {
    const std::int64_t pending = pending_batches(index);
    if (pending == 0) continue;
    const double seconds = predicted_seconds(sweep, sweep.point(PointIndex(index)));
    unit_seconds_[static_cast<std::size_t>(index)] = seconds;
    order_.push_back(index);
    pending_units_ += pending;
    pending_seconds_ += static_cast<double>(pending) * seconds;
  }
  std::stable_sort(order_.begin(), order_.end(), [this](std::int64_t a, std::int64_t b) {
    return unit_seconds_[static_cast<std::size_t>(a)] > unit_seconds_[static_cast<std::size_t>(b)];
  });
  next_batch_.resize(order_.size());
  next_open_.resize(order_.size() + 1);
  std::iota(next_open_.begin(), next_open_.end(), std::int64_t{0});
  first_cheap_ = static_cast<std::int64_t>(order_.size());
  left_ = pending_units_;
  dear_seconds_ = dear_seconds_left_ = pending_seconds_;
}

/// Batches of a point that were pending when the plan was made.
std::int64_t Plan::pending_batches(std::int64_t point) const {
  const auto first = done_.begin() + point * sweep_.batches;
  return std::count(first, first + sweep_.batches, false);
}

void Plan::strew(double cheap_seconds) {
  VARPROP_EXPECT(left_ == pending_units_);
  first_cheap_ = first_place_of_at_most(cheap_seconds);
  cheap_units_ = 0;
  dear_seconds_ = pending_seconds_;
  for (auto place = first_cheap_; place < static_cast<std::int64_t>(order_.size()); ++place) {
    const std::int64_t point = order_[static_cast<std::size_t>(place)], units = pending_batches(point);
    cheap_units_ += units;
    dear_seconds_ -= static_cast<double>(units) * unit_seconds_[static_cast<std::size_t>(point)];
  }
  cheap_left_ = cheap_units_;
  dear_seconds_left_ = dear_seconds_;
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

/// The first unit left at a place from begin to before end.
std::optional<Plan::Candidate> Plan::first_candidate(std::int64_t begin, std::int64_t end) {
  for (auto place = first_open(begin); place < end; place = first_open(place)) {
    if (const auto unit = first_unit(place)) return Candidate{place, *unit};
    next_open_[static_cast<std::size_t>(place)] = place + 1;
  }
  return std::nullopt;
}

/// A smaller share of the cheap units has been handed out than of the dear units' seconds.
bool Plan::cheap_ones_are_behind() const {
  return static_cast<double>(cheap_left_) * dear_seconds_ >
         static_cast<double>(cheap_units_) * dear_seconds_left_;
}

Plan::Step Plan::hand_out(const Candidate& candidate) {
  ++next_batch_[static_cast<std::size_t>(candidate.place)];
  --left_;
  const Step step{candidate.unit, seconds(candidate.unit)};
  if (candidate.place < first_cheap_) {
    dear_seconds_left_ -= step.seconds;
  } else {
    --cheap_left_;
  }
  return step;
}

std::optional<Plan::Step> Plan::next(double most_seconds) {
  const std::int64_t begin = std::isinf(most_seconds) ? 0 : first_place_of_at_most(most_seconds);
  const auto dear = first_candidate(begin, first_cheap_);
  if (dear && !cheap_ones_are_behind()) return hand_out(*dear);
  const auto cheap = first_candidate(std::max(begin, first_cheap_), static_cast<std::int64_t>(order_.size()));
  if (cheap) return hand_out(*cheap);
  return dear ? std::optional(hand_out(*dear)) : std::nullopt;
}

Plan::Step Plan::cheapest() const {
  VARPROP_EXPECT(!order_.empty());
  const PointIndex point(order_.back());
  const auto first = done_.begin() + point.value() * sweep_.batches;
  const auto batch = std::find(first, first + sweep_.batches, false) - first;
  const Unit unit{point, BatchIndex(static_cast<std::int32_t>(batch))};
  return {unit, seconds(unit)};
}

}  // namespace varprop
