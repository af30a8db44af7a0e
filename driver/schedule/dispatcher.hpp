// Who computes what next: the policy of rank 0, without any communication.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "driver/schedule/pace.hpp"
#include "driver/schedule/plan.hpp"

namespace varprop::driver {

/// Deals packs of units to processes, so that none waits and none hoards: a process is fed while it has less
/// than two packs per thread ahead. A pack is one unit, or as many as take 50 ms together. Behind a unit of
/// minutes none is queued: the process with the most expensive units would have the next most expensive
/// waiting while others have none.
///
/// Units so cheap that all threads together would outrun rank 0, which deals and writes them, are interleaved
/// among the expensive ones where they are many: left to the end, they would have everybody wait for rank 0.
/// They follow an expensive unit in its pack, as long as a smaller share of them has been dealt than of the
/// expensive seconds is finished; so no expensive unit waits for cheap ones.
///
/// Before a deadline, process 0 begins with a few of the cheapest units: were the machine so much slower than
/// is thought that all expensive ones are dropped in the end, the run would still have finished something.
/// And where only the times of units that were done before this run say that nothing will end, every process
/// tries one unit: if one ends, those times were of another machine, or another load, and are forgotten.
class Dispatcher {
 public:
  static constexpr double reserve = 1.5;  ///< how many times as long as predicted a unit may take

  /// `threads[p]` compute threads in process p. `plan` must outlive the dispatcher, and have handed out
  /// nothing yet. What it deals next follows from the cost model alone; the pace decides how much at a time,
  /// and what ends before a deadline.
  Dispatcher(Plan& plan, const std::vector<int>& threads, Pace pace);

  /// The units to send to process p now; empty if it has enough, or nothing is left that it would finish,
  /// after what it has already and with half as long again as a reserve, within `seconds_left`.
  std::vector<Unit> next_pack(std::size_t process,
                              double seconds_left = std::numeric_limits<double>::infinity());

  /// Process p finished a unit in so many seconds; without them where it failed, which says nothing of the
  /// pace.
  void finished(std::size_t process, Unit unit, std::optional<double> wall_seconds);

  /// A unit ran for so long and was dropped.
  void dropped(Unit unit, double wall_seconds);

  bool exhausted() const { return plan_.empty(); }  ///< every unit has been dealt
  std::int64_t outstanding() const { return outstanding_units_; }

  /// What a predicted second takes on this machine.
  const Pace& pace() const { return pace_; }
  /// The share of the run's expected cost that is finished, 0 to 1.
  double finished_share() const {
    return pending_expected_ > 0 ? finished_expected_ / pending_expected_ : 1.0;
  }

 private:
  struct Process {
    int threads;
    std::int64_t units = 0;
    double seconds = 0;   ///< expected
    bool tried = false;   ///< whether it was time to try a unit whatever earlier ones took
    bool trying = false;  ///< whether it has such a unit
  };
  double expected_seconds(Unit unit) const { return plan_.seconds(unit) * pace_.expected(plan_.part(unit)); }
  double seconds_ahead(const Process& process) const;
  bool wants_work(const Process& process) const;
  std::span<const double> predicted_within(double seconds);
  void begin_with_cheapest(double& seconds_left, std::vector<Unit>& pack);
  void try_one(Process& process, double seconds_left, std::vector<Unit>& pack);
  bool worth_interleaving(double threads) const;
  bool cheap_ones_are_behind() const;
  void interleave(double expensive_seconds, double& seconds_left, std::vector<Unit>& pack);

  static constexpr double pack_seconds = 0.05;
  static constexpr double service_seconds = 50e-6;  ///< what a unit takes rank 0, roughly
  static constexpr double least_interleaved_share =
      0.02;  ///< of the whole run, that rank 0 would deal cheap units alone
  static constexpr double most_seconds_ahead =
      60;  ///< per thread: asking for more takes a thousandth of this
  static constexpr std::size_t largest_pack = 4096;
  static constexpr double share_for_cheapest = 0.025;  ///< of the time left, that the cheapest may take first

  Plan& plan_;
  Pace pace_;
  std::vector<Process> processes_;
  std::int64_t outstanding_units_ = 0;
  double pending_expected_ = 0, finished_expected_ = 0;  ///< seconds
  std::vector<double> paces_;   ///< by part, as the last pack before a deadline goes by
  std::vector<double> limits_;  ///< by part; see predicted_within()
  bool interleaving_ = false;
  bool begun_ = false;             ///< process 0 was dealt to, before a deadline
  bool anything_ended_ = false;    ///< a unit of this run has a time
  double expensive_finished_ = 0;  ///< predicted seconds
};

}  // namespace varprop::driver
