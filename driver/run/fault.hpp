// Faults on purpose, and other patience than usual: what a test asks for with the hidden options --fault and
// --patience.
#pragma once

#include <cstdint>
#include <string>

#include "core/sweep/record.hpp"
#include "workers/network/stop_flag.hpp"

namespace varprop::driver {

/// One thing that goes wrong, at a given moment or (slow) all the time.
struct Fault {
  enum class Kind {
    none,
    unit_throws,   ///< "throw@SLOT": the unit throws
    unit_starves,  ///< "starve@SLOT": the unit runs out of memory
    unit_hangs,    ///< "hang@SLOT": the unit never ends by itself
    unit_kills,    ///< "kill@SLOT": the unit's process gets SIGKILL
    write_fails,   ///< "write@K": from the K-th commit on (from 1), the operating system refuses to write
    units_slow,  ///< "slow@F": every unit takes F times what is predicted, or its own time if that is longer
  };
  Kind kind = Kind::none;
  std::int64_t at = -1;

  /// Throws InputError.
  static Fault parse(const std::string& text);

  /// Called before a unit is simulated.
  void before_unit(std::int64_t slot, const workers::StopFlag& stop) const;
  /// Called after a unit was simulated that is predicted to take so many seconds: the record's wall time
  /// counts the delay. Throws Stopped.
  void after_unit(Record& record, double predicted_seconds, const workers::StopFlag& stop) const;
  /// Called before the K-th commit.
  void before_commit(std::int64_t K) const;
};

/// How many seconds a run waits for what.
struct Patience {
  double commit = 1;   ///< between two commits while units finish
  double writer = 5;   ///< for another writer to leave: the ranks of a killed mpirun outlive it for a moment
  double answer = 20;  ///< for a rank that was told to drop its work to say that it is done

  /// "commit=0.02s,writer=1m": the others stay as they are. Throws InputError.
  static Patience parse(const std::string& text);
};

}  // namespace varprop::driver
