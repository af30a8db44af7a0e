// What a person sees while a sweep runs.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "driver/run/progress_mode.hpp"

namespace varprop {

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
  /// Draws the bar or, once a minute, writes the line.
  void update(const ProgressState& state);
  /// One line, whatever the mode (but none): what starts, what stops.
  void say(const std::string& line);
  /// One line in every mode: what failed.
  void warn(const std::string& line);

 private:
  using Clock = std::chrono::steady_clock;

  void draw(const std::string& line);
  void clear();

  ProgressMode mode_;
  bool drawn_ = false;
  Clock::time_point last_ = Clock::now();
};

}  // namespace varprop
