// What a sweep will take: work, time, memory and disk, before it runs; the batches that mend it; and the
// pages that say so.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "driver/forecast/simulated_run.hpp"
#include "driver/run/probe.hpp"
#include "driver/schedule/cost.hpp"

namespace varprop::driver {

/// The points of one activation, one weight distribution, and so on (driver/schedule/cost.hpp): one engine
/// simulates them.
struct PartOfWork {
  Activation activation;
  WeightDistribution weights;
  std::string others;  ///< "dummy=2": coordinates along further axes; empty where all are at their defaults
  Engine engine;
  std::int64_t points = 0;
  std::int64_t units = 0;
  double model_seconds = 0;  ///< of one core of the reference machine
  double seconds = 0;        ///< of one core of the machine that the calibration tells of

  double factor() const { return seconds / model_seconds; }
};

struct Workload {
  std::int64_t points = 0;
  std::int64_t units = 0;
  double model_seconds = 0;         ///< of one core of the reference machine, all units
  double seconds = 0;               ///< the same on the machine that the calibration tells of
  double longest_unit_seconds = 0;  ///< of one core
  PointIndex longest_point;         ///< the first of the points with the longest units
  std::vector<PartOfWork> parts;    ///< row-major (activation, weights)

  double factor() const { return seconds / model_seconds; }
};

/// Predicted times, scaled by the calibration. O(points that differ in more than their variances) time,
/// O(parts) memory.
Workload workload_of(const Sweep& sweep, const Calibration& calibration);

/// Bytes at the peak.
struct Memory {
  double rank0 = 0;
  double others = 0;  ///< each; 0 where there is only rank 0
};

/// Predicted from what is kept for a unit, a point and a network, with the program itself; fitted to measured
/// peaks (docs/running.md, Planning). Nothing of it grows with the number of units done.
Memory memory_of(const Sweep& sweep, const Machine& machine);

/// The same sweep in smaller units.
struct Remedy {
  std::int32_t batches;  ///< a divisor of the replicas
  SimulatedRun run;      ///< with these batches
};

/// Whether the longest unit keeps cores waiting: the efficiency is below 0.9, and that unit takes more than a
/// tenth of the makespan.
bool held_up_by_longest_unit(const Workload& work, const SimulatedRun& run);

/// The fewest batches that bring the longest unit below a tenth of work over cores, or else the most that the
/// replicas allow and that can be simulated; where those would not shorten the makespan by a twentieth,
/// fewer. Nothing where none would.
std::optional<Remedy> find_remedy(const Sweep& sweep, const Workload& work, const Calibration& calibration,
                                  const Machine& machine, const SimulatedRun& run);

/// What a second of the cost model takes, part by part, and how that is known.
struct Speed {
  enum class Source {
    model,   ///< not at all: as on the reference machine
    probe,   ///< a short probe of this machine (driver/run/probe.hpp)
    pilot,   ///< units of the sweep, timed here
    pinned,  ///< a test said so
  };
  Source source = Source::model;
  Calibration calibration;
  std::optional<Pilot> pilot = std::nullopt;  ///< where that is the source
};

struct Forecast {
  std::string title;
  Machine machine;
  Workload work;
  std::string longest_point;        ///< canonical text of the point with the longest unit
  std::string longest_point_words;  ///< the same point, as people name it
  std::optional<SimulatedRun> run;  ///< nothing for more than most_simulated_units
  bool held_up = false;             ///< by the longest unit
  std::optional<Remedy> remedy;     ///< where it is held up and more batches help
  Memory memory;
  double file_bytes = 0;
  double padding_bytes = 0;  ///< of these: layers beyond a point's depth
  Speed speed;

  /// Seconds; where the run was not simulated at least this: work over cores, or the longest unit.
  double makespan() const;
};

Forecast forecast(const Sweep& sweep, const Machine& machine, const Speed& speed);

/// "#SBATCH --ntasks=64" and so on: tasks, cores and memory of each, and a time that leaves room for a slower
/// machine. Seconds and bytes are rounded up.
std::vector<std::string> job_header(const Forecast& forecast);

/// Lines for a terminal, without the last line end.
std::string forecast_page(const Forecast& forecast);

/// One JSON object (docs/running.md names its keys).
std::string forecast_json(const Forecast& forecast);

}  // namespace varprop::driver
