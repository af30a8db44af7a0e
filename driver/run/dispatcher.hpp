// Who computes what next: the policy of rank 0, without any communication.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "driver/run/plan.hpp"

namespace varprop {

/// Deals packs of units to processes, so that none waits and none hoards: a process is fed while it has less
/// than two packs per thread ahead. A pack is one unit, or as many as take 50 ms together. Behind a unit of
/// minutes none is queued: the process with the dearest units would have the next dearest waiting while
/// others have none.
///
/// Units so cheap that rank 0 cannot deal and write them as fast as all threads together compute them would,
/// left to the end, have everybody wait for rank 0: they are strewn among the dear ones.
class Dispatcher {
 public:
  static constexpr double reserve = 1.5;  ///< how many times as long as predicted a unit may take

  /// `threads[p]` compute threads in process p. `plan` must outlive the dispatcher, and have handed out
  /// nothing yet.
  Dispatcher(Plan& plan, const std::vector<int>& threads);

  /// The units to send to process p now; empty if it has enough, or nothing is left that it would finish,
  /// after what it has already and with half as long again as a reserve, within `seconds_left`.
  std::vector<Unit> next_pack(std::size_t process,
                              double seconds_left = std::numeric_limits<double>::infinity());

  /// Process p finished a unit in so many seconds.
  void finished(std::size_t process, Unit unit, double wall_seconds);

  bool exhausted() const { return plan_.empty(); }  ///< every unit has been dealt
  std::int64_t outstanding() const { return outstanding_units_; }

  /// Predicted seconds of finished units, and what a predicted second takes on this machine.
  double finished_seconds() const { return finished_predicted_; }
  double pace() const { return finished_predicted_ > 0 ? finished_measured_ / finished_predicted_ : 1.0; }

 private:
  struct Process {
    int threads;
    std::int64_t units = 0;
    double seconds = 0;  ///< predicted
  };
  bool hungry(const Process& process) const;
  double most_seconds(const Process& process, double seconds_left) const;

  static constexpr double pack_seconds = 0.05;
  static constexpr double service_seconds = 50e-6;  ///< what a unit takes rank 0, roughly
  static constexpr double most_seconds_ahead =
      60;  ///< per thread: asking for more takes a thousandth of this
  static constexpr std::size_t largest_pack = 4096;

  Plan& plan_;
  std::vector<Process> processes_;
  std::int64_t outstanding_units_ = 0;
  double finished_predicted_ = 0;
  double finished_measured_ = 0;
};

}  // namespace varprop
