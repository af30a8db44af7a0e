#include "driver/schedule/dispatcher.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "core/errors.hpp"

namespace varprop::driver {

Dispatcher::Dispatcher(Plan& plan, const std::vector<int>& threads, Pace pace)
    : plan_(plan), pace_(std::move(pace)), paces_(plan.parts()), limits_(plan.parts()) {
  for (const int count : threads) processes_.push_back({count});
  for (std::size_t part = 0; part < plan_.parts(); ++part) {
    pending_expected_ += plan_.pending_seconds(part) * pace_.expected(part);
  }
  const double all_threads = std::accumulate(threads.begin(), threads.end(), 0.0);
  plan_.call_cheap(service_seconds * all_threads);
  interleaving_ = worth_interleaving(all_threads);
}

bool Dispatcher::worth_interleaving(double threads) const {
  const double alone = service_seconds * static_cast<double>(plan_.cheap_units());
  return plan_.expensive_seconds() > 0 && alone > least_interleaved_share * plan_.pending_seconds() / threads;
}

/// Until a process has worked off what it has.
double Dispatcher::seconds_ahead(const Process& process) const {
  return process.seconds * pace_.load() / process.threads;
}

bool Dispatcher::wants_work(const Process& process) const {
  if (process.units < process.threads) return true;
  const double ahead = seconds_ahead(process);
  return ahead < most_seconds_ahead && (process.units < 2 * process.threads || ahead < 2 * pack_seconds);
}

/// By part, the predicted seconds of the longest unit that takes at most so many at its pace.
std::span<const double> Dispatcher::predicted_within(double seconds) {
  if (std::isinf(seconds)) return {};
  for (std::size_t part = 0; part < limits_.size(); ++part) limits_[part] = seconds / paces_[part];
  return limits_;
}

bool Dispatcher::cheap_ones_are_behind() const {
  const auto dealt = static_cast<double>(plan_.cheap_units() - plan_.cheap_left());
  return dealt * plan_.expensive_seconds() < static_cast<double>(plan_.cheap_units()) * expensive_finished_;
}

/// Adds the cheap units that go with so many expensive, predicted seconds to a pack, and takes what they need
/// from the seconds left for it.
void Dispatcher::interleave(double expensive_seconds, double& seconds_left, std::vector<Unit>& pack) {
  const double cheap_seconds = plan_.pending_seconds() - plan_.expensive_seconds();
  const double enough = expensive_seconds * cheap_seconds / plan_.expensive_seconds();
  double seconds = 0;
  while (seconds <= enough && pack.size() < largest_pack && cheap_ones_are_behind()) {
    const auto step = plan_.next_cheap(predicted_within(seconds_left));
    if (!step) break;
    pack.push_back(step->unit);
    seconds += step->seconds;
    seconds_left -= step->seconds * paces_[plan_.part(step->unit)];
  }
}

/// Before a deadline: as many of the cheapest units as are over in a moment, and so are surely short.
void Dispatcher::begin_with_cheapest(double& seconds_left, std::vector<Unit>& pack) {
  const double enough = share_for_cheapest * seconds_left;
  double seconds = 0;
  while (pack.size() < largest_pack && seconds < std::min(pack_seconds, enough)) {
    const auto step = plan_.next_cheapest(predicted_within(enough - seconds));
    if (!step) break;
    pack.push_back(step->unit);
    seconds += step->seconds * paces_[plan_.part(step->unit)];
  }
  seconds_left -= seconds;
}

/// The cheapest unit that ends in time if what units took before this run is no guide, once for every
/// process. The most expensive would tell more, if it ended.
void Dispatcher::try_one(Process& process, double seconds_left, std::vector<Unit>& pack) {
  if (process.units > 0 || anything_ended_ || std::exchange(process.tried, true)) return;
  for (std::size_t part = 0; part < paces_.size(); ++part) paces_[part] = pace_.by_this_run(part);
  const auto step = plan_.next_cheapest(predicted_within(seconds_left));
  if (!step) return;
  pack.push_back(step->unit);
  process.trying = true;
}

std::vector<Unit> Dispatcher::next_pack(std::size_t process, double seconds_left) {
  Process& to = processes_[process];
  std::vector<Unit> pack;
  if (!wants_work(to)) return pack;
  const bool limited = !std::isinf(seconds_left);
  for (std::size_t part = 0; part < paces_.size() && limited; ++part) paces_[part] = pace_.of(part);
  double left = seconds_left / reserve - seconds_ahead(to), seconds = 0;
  if (limited && process == 0 && !std::exchange(begun_, true)) begin_with_cheapest(left, pack);
  while (pack.size() < largest_pack && seconds < pack_seconds) {
    const auto step = plan_.next(predicted_within(left));
    if (!step) break;
    const std::size_t before = pack.size();
    pack.push_back(step->unit);
    left -= step->seconds * paces_[plan_.part(step->unit)];
    if (interleaving_ && !plan_.cheap(step->unit)) interleave(step->seconds, left, pack);
    for (std::size_t i = before; i < pack.size(); ++i) seconds += expected_seconds(pack[i]) * pace_.load();
  }
  if (limited && pack.empty()) try_one(to, left, pack);
  for (const Unit unit : pack) to.seconds += expected_seconds(unit);
  to.units += static_cast<std::int64_t>(pack.size());
  outstanding_units_ += static_cast<std::int64_t>(pack.size());
  return pack;
}

void Dispatcher::finished(std::size_t process, Unit unit, std::optional<double> wall_seconds) {
  const double predicted = plan_.seconds(unit), expected = expected_seconds(unit);
  Process& from = processes_[process];
  VARPROP_EXPECT(from.units > 0);
  --from.units;
  from.seconds -= expected;
  --outstanding_units_;
  finished_expected_ += expected;
  if (!plan_.cheap(unit)) expensive_finished_ += predicted;
  if (!wall_seconds) return;
  anything_ended_ = true;
  if (std::exchange(from.trying, false)) pace_.forget_earlier();
  pace_.finished(plan_.part(unit), predicted, *wall_seconds);
}

void Dispatcher::dropped(Unit unit, double wall_seconds) {
  pace_.dropped(plan_.part(unit), plan_.seconds(unit), wall_seconds);
}

}  // namespace varprop::driver
