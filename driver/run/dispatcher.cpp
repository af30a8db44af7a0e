#include "driver/run/dispatcher.hpp"

#include <numeric>

#include "core/contracts.hpp"

namespace varprop {

Dispatcher::Dispatcher(Plan& plan, const std::vector<int>& threads) : plan_(plan) {
  for (const int count : threads) processes_.push_back({count});
  plan_.strew(service_seconds * std::accumulate(threads.begin(), threads.end(), 0.0));
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
  }
  to.units += static_cast<std::int64_t>(pack.size());
  to.seconds += seconds;
  outstanding_units_ += static_cast<std::int64_t>(pack.size());
  return pack;
}

void Dispatcher::finished(std::size_t process, Unit unit, double wall_seconds) {
  const double predicted = plan_.seconds(unit);
  Process& from = processes_[process];
  VARPROP_EXPECT(from.units > 0);
  --from.units;
  from.seconds -= predicted;
  --outstanding_units_;
  finished_predicted_ += predicted;
  finished_measured_ += wall_seconds;
}

}  // namespace varprop
