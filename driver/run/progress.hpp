// What a person sees while a sweep runs, and what its log is told.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/errors.hpp"
#include "core/storage/event_log.hpp"
#include "core/storage/results_file.hpp"
#include "core/text/words.hpp"

namespace varprop::driver {

enum class ProgressMode {
  automatic,  ///< a bar on a terminal, else a log
  bar,        ///< one line, redrawn
  log,        ///< a line a minute
  none,
};

}  // namespace varprop::driver

namespace varprop {

template <>
struct EnumWords<driver::ProgressMode> {
  static constexpr std::string_view noun = "progress mode";
  static constexpr std::array words{std::pair{driver::ProgressMode::automatic, std::string_view("auto")},
                                    std::pair{driver::ProgressMode::bar, std::string_view("bar")},
                                    std::pair{driver::ProgressMode::log, std::string_view("log")},
                                    std::pair{driver::ProgressMode::none, std::string_view("none")}};
};

}  // namespace varprop

namespace varprop::driver {

/// How far the sweep is, in units and in predicted cost.
struct ProgressState {
  std::int64_t units_done;
  std::int64_t units_total;
  double cost_share;       ///< of the predicted cost of this run, 0 to 1
  double elapsed_seconds;  ///< since the first unit was dealt
};

/// Writes to stderr. Only rank 0 has one that speaks.
class Progress {
 public:
  explicit Progress(ProgressMode mode);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// The file is being created: the share that is written.
  void creating(double share);
  /// Draws the bar or, once a minute, writes the line: which share of what is done.
  void update(std::string_view doing, double share);
  /// Draws the bar or, once a minute, writes the line.
  void update(const ProgressState& state);
  /// One line, whatever the mode (but none): what starts, what stops.
  void say(const std::string& line);
  /// One line in every mode: what failed.
  void warn(const std::string& line);

 private:
  using Clock = std::chrono::steady_clock;

  /// Whether what was told last is old.
  bool is_time() const;
  /// The bar, or the line alone.
  void tell(double share, const std::string& line);
  void draw(const std::string& line);
  void clear();

  ProgressMode mode_;
  bool drawn_ = false;
  Clock::time_point last_ = Clock::now();
};

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

}  // namespace varprop::driver
