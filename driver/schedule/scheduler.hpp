// What rank 0 decides in a run: who computes what next, when that is over, and what came of it. No messages,
// no threads, no file, no clock: a real run, the forecast's simulated time and the benchmarks have the same
// decisions made.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/errors.hpp"
#include "core/sweep/record.hpp"
#include "driver/schedule/deadline.hpp"
#include "driver/schedule/dispatcher.hpp"

namespace varprop::driver {

/// The pending units of a sweep, dealt to processes and taken back. Turn by turn: tell what came back, then
/// deal.
class Scheduler {
 public:
  /// `states` by slot. `threads[p]` compute threads in process p. `expected`: what a predicted second takes
  /// here, before any unit ran; `earlier`: the units that were done before this run. `sweep` must outlive the
  /// scheduler.
  Scheduler(const Sweep& sweep, const std::vector<UnitState>& states, const std::vector<int>& threads,
            const Calibration& expected, const Calibration& earlier);
  /// All units are pending, and nothing was done before.
  Scheduler(const Sweep& sweep, const std::vector<int>& threads, const Calibration& expected);
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  /// Sends a pack, which is not empty, to a process.
  using Deliver = std::function<void(std::size_t process, const std::vector<Unit>& pack)>;

  /// One pack to each of these processes that wants one, in this order, so that few units are spread, not
  /// heaped. No unit is dealt that is not predicted to end within `seconds_left`. Returns the processes that
  /// got one.
  std::vector<std::size_t> deal(std::span<const std::size_t> processes, const Deliver& deliver,
                                double seconds_left = std::numeric_limits<double>::infinity());
  /// The same for all processes; whether any got one.
  bool deal(const Deliver& deliver, double seconds_left = std::numeric_limits<double>::infinity());

  /// A process returned a unit: done after so many seconds, or failed.
  void done(std::size_t process, Unit unit, double wall_seconds);
  void failed(std::size_t process, Unit unit);
  /// A unit ran for so long and was dropped. It stays outstanding: nobody computes it any more in this run.
  void dropped(Unit unit, double wall_seconds);

  /// Nothing is out, and the last turn dealt nothing: all units are back, or none of those left would end in
  /// time.
  bool over() const { return !dealt_ && outstanding() == 0; }
  std::int64_t outstanding() const { return dispatcher_.outstanding(); }

  std::int64_t pending_units() const { return plan_.pending_units(); }  ///< at the beginning
  std::int64_t finished_units() const { return finished_; }             ///< done and failed
  std::int64_t failed_units() const { return failed_; }
  double finished_share() const { return dispatcher_.finished_share(); }  ///< of the expected cost, 0 to 1
  double predicted_seconds(Unit unit) const { return plan_.seconds(unit); }

  /// Seconds that the pending units take on so many cores of this machine, as far as is known.
  double expected_seconds(int cores) const;

  /// What came of the run. A failure where not one unit was done and nobody had asked for a stop: by all it
  /// knows, a run that its deadline kept from finishing a single unit would do no better the next time.
  ExitCode outcome(bool stop_requested) const;
  /// Why not one unit was done by the deadline, and what would mend it, in sentences. Units had
  /// `seconds_given` before it when the first was dealt; the last commit may take `commit_seconds`.
  std::string shortfall_sentences(const Deadline& deadline, double seconds_given,
                                  double commit_seconds) const;

 private:
  const Sweep& sweep_;
  Plan plan_;
  Dispatcher dispatcher_;
  std::vector<std::size_t> processes_;  ///< 0, 1, …
  bool dealt_ = true;                   ///< in the last turn; before the first there is something to deal
  std::int64_t finished_ = 0, failed_ = 0;
  std::optional<Plan::Step> dropped_;  ///< the unit that had run longest when it was dropped, and how long
};

}  // namespace varprop::driver
