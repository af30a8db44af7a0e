// What a run says of itself at its beginning and end, to the person and to the file's log.
#pragma once

#include <string>
#include <vector>

#include "core/errors.hpp"
#include "core/storage/event_log.hpp"
#include "core/storage/results_file.hpp"
#include "driver/run/progress.hpp"

namespace varprop {

class RunReport {
 public:
  RunReport(Progress& progress, EventLog& log, const ResultsFile& file)
      : progress_(progress), log_(log), file_(file) {}

  /// `threads[p]` compute threads on rank p; the seconds that the pending units are expected to take; what a
  /// predicted second was measured to take here.
  void begin(const std::vector<int>& threads, double seconds, double factor);
  /// `reason`: of a failure, which ended the run in order.
  void end(ExitCode code, const std::string& reason);

 private:
  struct Counts {
    std::int64_t done = 0;
    std::int64_t failed = 0;
    std::int64_t total = 0;
  };
  Counts counts() const;
  void say_how_far(ExitCode code, const Counts& now);
  void advise_binding(const std::vector<int>& threads);

  Progress& progress_;
  EventLog& log_;
  const ResultsFile& file_;
};

}  // namespace varprop
