// What a sweep will take: work, time, memory and disk, before it runs.
#pragma once

#include <optional>
#include <string>

#include "driver/forecast/memory.hpp"
#include "driver/forecast/pilot.hpp"
#include "driver/forecast/remedy.hpp"
#include "driver/forecast/workload.hpp"

namespace varprop {

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

}  // namespace varprop
