// How far a sweep is: what its results file, its event log and its writer's lock say together, for a person
// and for a program.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace varprop::driver {

/// A unit whose engine threw.
struct FailedUnit {
  std::string point;           ///< canonical text
  std::string point_in_words;  ///< as people name it
  std::int32_t batch;          ///< from 1
  std::string reason;          ///< of the last try; empty where the event log does not tell
};

/// A run of `varprop sweep` on this file, as the event log tells it.
struct Job {
  std::string process;  ///< "process 4711 on node3, SLURM job 99"; empty where the log does not say
  std::string begin;    ///< ISO 8601, UTC
  std::string end;      ///< the same; empty while it runs, or where it was killed
  std::int64_t ranks = 0;
  std::int64_t threads = 0;          ///< compute threads of all ranks
  std::int64_t done_at_begin = 0;    ///< units
  std::int64_t done_at_end = 0;      ///< units; counts where it ended
  std::optional<std::int64_t> code;  ///< exit code, where it ended
  std::optional<double> factor;      ///< what a predicted second took in its probe of the machine
};

struct SweepStatus {
  std::filesystem::path results;
  std::string title;
  std::string identity;
  int numerics_version = 0;
  int networks_version = 0;  ///< of networks beyond the plain one; 0 where there are none
  std::int64_t points = 0;
  std::int64_t units = 0;  ///< that the file holds
  std::int64_t done = 0;
  std::int64_t pending = 0;
  std::int64_t failed = 0;
  double remaining_seconds = 0;       ///< of one core: predicted for pending and failed units, times `pace`
  bool measured = false;              ///< units are done, and tell the pace
  double pace = 1;                    ///< measured over predicted seconds of the done units, or of a probe
  std::optional<std::string> writer;  ///< who writes to the file now
  std::vector<FailedUnit> failures;   ///< in slot order
  std::vector<Job> jobs;              ///< oldest first
  std::string log_obstacle;  ///< why the event log could not be read; empty where it was, or is not there

  /// Seconds until the writer's threads will have finished; nothing where nobody is at work.
  std::optional<double> seconds_left() const;
};

/// Opens the file for reading only and takes no lock: a running sweep is not disturbed, and its file is true
/// at any moment. Throws InputError where it is no results file, and while it is only being created.
SweepStatus read_status(const std::filesystem::path& results);

/// Lines for a terminal, without the last line end; long lists are cut and say so.
std::string status_page(const SweepStatus& status);

/// One JSON object, nothing cut (docs/running.md names its keys).
std::string status_json(const SweepStatus& status);

}  // namespace varprop::driver
