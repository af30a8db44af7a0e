// What a sweep will take: work, time, memory and disk, before it runs; and the batches that mend it.
#pragma once

#include <optional>
#include <string>

#include "driver/forecast/simulated_run.hpp"
#include "driver/forecast/workload.hpp"
#include "driver/run/probe.hpp"

namespace varprop::driver {

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

}  // namespace varprop::driver
