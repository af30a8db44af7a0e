#include "driver/run/dispatcher.hpp"

#include <numeric>

#include "core/contracts.hpp"

namespace varprop {

Dispatcher::Dispatcher(Plan& plan, const std::vector<int>& threads) : plan_(plan) {
  for (const int count : threads) processes_.push_back({count});
  const double all_threads = std::accumulate(threads.begin(), threads.end(), 0.0);
  plan_.call_cheap(service_seconds * all_threads);
  strewing_ = worth_strewing(all_threads);
}

bool Dispatcher::worth_strewing(double threads) const {
  const double alone = service_seconds * static_cast<double>(plan_.cheap_units());
  return plan_.dear_seconds() > 0 && alone > least_strewn_share * plan_.pending_seconds() / threads;
}

bool Dispatcher::hungry(const Process& process) const {
  if (process.units < process.threads) return true;
  const double ahead = process.seconds * pace() / process.threads;
  return ahead < most_seconds_ahead && (process.units < 2 * process.threads || ahead < 2 * pack_seconds);
}

/// The longest unit, in predicted seconds, that a process still ends in time.
double Dispatcher::most_seconds(const Process& process, double seconds_left) const {
  return seconds_left / (reserve * pace()) - process.seconds / process.threads;
}

bool Dispatcher::cheap_ones_are_behind() const {
  const auto dealt = static_cast<double>(plan_.cheap_units() - plan_.cheap_left());
  return dealt * plan_.dear_seconds() < static_cast<double>(plan_.cheap_units()) * dear_finished_;
}

/// Adds the cheap units that go with so many dear seconds to a pack; their seconds.
double Dispatcher::strew(double dear_seconds, double most_seconds, std::vector<Unit>& pack) {
  const double cheap_seconds = plan_.pending_seconds() - plan_.dear_seconds();
  const double enough = dear_seconds * cheap_seconds / plan_.dear_seconds();
  double seconds = 0;
  while (seconds <= enough && pack.size() < largest_pack && cheap_ones_are_behind()) {
    const auto step = plan_.next_cheap(most_seconds - seconds);
    if (!step) break;
    pack.push_back(step->unit);
    seconds += step->seconds;
  }
  return seconds;
}

std::vector<Unit> Dispatcher::next_pack(std::size_t process, double seconds_left) {
  Process& to = processes_[process];
  std::vector<Unit> pack;
  if (!hungry(to)) return pack;
  double seconds = 0;
  while (pack.size() < largest_pack && seconds * pace() < pack_seconds) {
    const auto step = plan_.next(most_seconds(to, seconds_left) - seconds);
    if (!step) break;
    pack.push_back(step->unit);
    seconds += step->seconds;
    if (strewing_ && !plan_.cheap(step->unit)) {
      seconds += strew(step->seconds, most_seconds(to, seconds_left) - seconds, pack);
    }
  }
  to.units += static_cast<std::int64_t>(pack.size());
  to.seconds += seconds;
  outstanding_units_ += static_cast<std::int64_t>(pack.size());
  return pack;
}

void Dispatcher::finished(std::size_t process, Unit unit, std::optional<double> wall_seconds) {
  const double predicted = plan_.seconds(unit);
  Process& from = processes_[process];
  VARPROP_EXPECT(from.units > 0);
  --from.units;
  from.seconds -= predicted;
  --outstanding_units_;
  finished_predicted_ += predicted;
  if (!plan_.cheap(unit)) dear_finished_ += predicted;
  if (!wall_seconds) return;
  timed_predicted_ += predicted;
  timed_measured_ += *wall_seconds;
}

}  // namespace varprop
