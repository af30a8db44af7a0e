// Rank 0's part of a sweep: hands out, computes too, and is the only writer.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/errors.hpp"
#include "core/parallel/communicator.hpp"
#include "core/storage/event_log.hpp"
#include "core/storage/results_file.hpp"
#include "driver/run/compute_pool.hpp"
#include "driver/run/deadline.hpp"
#include "driver/run/dispatcher.hpp"
#include "driver/run/group_commit.hpp"
#include "driver/run/plan.hpp"
#include "driver/run/progress.hpp"
#include "driver/run/stop_signals.hpp"

namespace varprop {

/// Runs all pending units of a results file, on this process's pool and on every other rank.
class Coordinator {
 public:
  /// All references must outlive the coordinator.
  struct Parts {
    Communicator& communicator;
    ResultsFile& file;
    ComputePool& pool;
    EventLog& log;
    Progress& progress;
    const Deadline& deadline;
    const Fault& fault;
    const Patience& patience;
  };

  /// `threads[p]` compute threads on rank p; `grace` seconds for running units after a soft stop.
  Coordinator(const Parts& parts, const std::vector<int>& threads, double grace);

  /// Predicted seconds of the pending units on one core of the reference machine.
  double predicted_seconds() const { return plan_.pending_seconds(); }

  /// Works until all is done or a stop is requested; everything finished by then is committed.
  /// No unit is begun that is not predicted to end before the deadline. Whatever it throws (SystemError: the
  /// disk, or a deadline before which not one unit can end), the other ranks have been told to stop.
  ExitCode run();

  /// False after a run that ended while ranks did not answer: MPI cannot be left in order then.
  bool everybody_left();

 private:
  using Clock = std::chrono::steady_clock;

  StopRequest work();
  double seconds_to_compute() const;
  void require_memory() const;
  void require_progress() const;
  std::string too_short_a_time() const;
  void close(StopRequest how, const std::function<void()>& commit);
  bool take_results();
  void take_message(const Message& message);
  std::vector<Record> take_own();
  void accept(std::size_t process, std::vector<Record> records);
  void report_failure(const Record& record);
  bool feed();
  void tell_to_stop(StopRequest how);
  void report_progress();
  ExitCode outcome() const;

  static constexpr std::int64_t most_failures_told = 20;  ///< on stderr; the event log has them all

  Parts parts_;
  double grace_;
  const Sweep& sweep_;
  Plan plan_;
  Dispatcher dispatcher_;
  GroupCommit commits_;
  Clock::time_point begin_ = Clock::now();
  std::int64_t done_before_ = 0;  ///< units that were done when this run began
  std::int64_t finished_units_ = 0;
  std::int64_t failed_units_ = 0;
  int farewells_ = 0;
  std::optional<int> starved_rank_;  ///< which ran out of memory, the first
};

}  // namespace varprop
