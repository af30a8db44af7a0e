#include "driver/schedule/scheduler.hpp"

#include <algorithm>
#include <numeric>

namespace varprop::driver {

namespace {

std::vector<UnitState> all_pending(const Sweep& sweep) {
  return std::vector<UnitState>(static_cast<std::size_t>(sweep.unit_count()), UnitState::pending);
}

}  // namespace

Scheduler::Scheduler(const Sweep& sweep, const std::vector<UnitState>& states,
                     const std::vector<int>& threads, const Calibration& expected, const Calibration& earlier)
    : sweep_(sweep),
      plan_(sweep, states),
      dispatcher_(plan_, threads, Pace(plan_, expected, earlier)),
      processes_(threads.size()) {
  std::iota(processes_.begin(), processes_.end(), std::size_t{0});
}

Scheduler::Scheduler(const Sweep& sweep, const std::vector<int>& threads, const Calibration& expected)
    : Scheduler(sweep, all_pending(sweep), threads, expected, Calibration(sweep)) {}

std::vector<std::size_t> Scheduler::deal(std::span<const std::size_t> processes, const Deliver& deliver,
                                         double seconds_left) {
  std::vector<std::size_t> fed;
  for (const std::size_t process : processes) {
    const auto pack = dispatcher_.next_pack(process, seconds_left);
    if (pack.empty()) continue;
    deliver(process, pack);
    fed.push_back(process);
  }
  dealt_ = !fed.empty();
  return fed;
}

bool Scheduler::deal(const Deliver& deliver, double seconds_left) {
  return !deal(processes_, deliver, seconds_left).empty();
}

void Scheduler::done(std::size_t process, Unit unit, double wall_seconds) {
  dispatcher_.finished(process, unit, wall_seconds);
  ++finished_;
}

void Scheduler::failed(std::size_t process, Unit unit) {
  dispatcher_.finished(process, unit, std::nullopt);
  ++finished_;
  ++failed_;
}

void Scheduler::dropped(Unit unit, double wall_seconds) {
  dispatcher_.dropped(unit, wall_seconds);
  if (!dropped_ || wall_seconds > dropped_->seconds) dropped_ = {unit, wall_seconds};
}

double Scheduler::expected_seconds(int cores) const {
  double all = 0, longest = 0;
  for (std::size_t part = 0; part < plan_.parts(); ++part) {
    const double pace = dispatcher_.pace().of(part);
    all += pace * plan_.pending_seconds(part);
    const auto most_expensive = plan_.most_expensive(part);
    if (most_expensive) longest = std::max(longest, pace * most_expensive->seconds);
  }
  return std::max(all / cores, longest);
}

ExitCode Scheduler::outcome(bool stop_requested) const {
  if (finished_ == pending_units()) return failed_ > 0 ? ExitCode::some_points_failed : ExitCode::complete;
  return finished_ > failed_ || stop_requested ? ExitCode::stopped_early : ExitCode::failure;
}

std::string Scheduler::shortfall_sentences(const Deadline& deadline, double seconds_given,
                                           double commit_seconds) const {
  const Shortfall shortfall{deadline.text(), deadline.start_seconds(seconds_given, commit_seconds),
                            seconds_given,   commit_seconds,
                            failed_,         deadline.seconds_kept(),
                            dropped_};
  return shortfall_text(sweep_, plan_, dispatcher_.pace(), shortfall);
}

}  // namespace varprop::driver
