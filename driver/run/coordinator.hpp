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
#include "driver/run/group_commit.hpp"
#include "driver/run/process.hpp"
#include "driver/run/progress.hpp"
#include "driver/schedule/scheduler.hpp"

namespace varprop::driver {

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
    const Calibration& expected;  ///< what a predicted second takes here, before any unit ran
  };

  /// `threads[p]` compute threads on rank p; `grace` seconds for running units after a soft stop.
  Coordinator(const Parts& parts, const std::vector<int>& threads, double grace);

  /// Seconds that the pending units take on so many cores of this machine, as far as is known.
  double expected_seconds(int cores) const { return scheduler_.expected_seconds(cores); }

  /// Works until all is done or a stop is requested; everything finished by then is committed.
  /// No unit is begun that is not predicted to end before the deadline. A failure where not one unit was done
  /// by the deadline, or where something else has written to the file: reason() has the sentences. Whatever
  /// it throws (SystemError: the disk), the other ranks have been told to stop.
  ExitCode run();
  const std::string& reason() const { return reason_; }

  /// False after a run that ended while ranks did not answer: MPI cannot be left in order then.
  bool everybody_left();

 private:
  using Clock = std::chrono::steady_clock;

  StopRequest work();
  double commit_seconds() const;
  double seconds_to_compute() const;
  void require_memory() const;
  std::string loss() const;
  void close(StopRequest how, const std::function<void()>& commit);
  bool take_results();
  void take_message(const Message& message);
  std::vector<Record> take_own();
  void accept(std::size_t process, std::vector<Record> records);
  bool take_back(std::size_t process, const Record& record);
  void report_failure(const Record& record);
  bool feed();
  void send(std::size_t process, const std::vector<Unit>& pack);
  void tell_to_stop(StopRequest how);
  void report_progress();
  ExitCode outcome();

  static constexpr std::int64_t most_failures_told = 20;  ///< on stderr; the event log has them all

  Parts parts_;
  double grace_;
  const Sweep& sweep_;
  Scheduler scheduler_;
  GroupCommit commits_;
  Clock::time_point begin_ = Clock::now();
  std::int64_t done_before_ = 0;  ///< units that were done when this run began
  double seconds_given_ = 0;      ///< that units had before the deadline when the first was dealt
  std::string reason_;
  bool closing_ = false;
  int done_ranks_ = 0;
  std::optional<int> starved_rank_;  ///< which ran out of memory, the first
};

}  // namespace varprop::driver
