// This process and its machine: the cores it may use, the signals that ask it to stop, what it is called.
#pragma once

#include <string>

#include "core/storage/results_file.hpp"

namespace varprop::driver {

/// The cores that this process may run on.
struct Cores {
  int usable;        ///< of the affinity mask, bounded by the cgroup's quota; at least 1
  int online;        ///< of the machine
  std::string mask;  ///< names the mask: equal for processes that share their cores
};

Cores usable_cores();

enum class StopRequest {
  none,
  soon,  ///< SIGUSR1: units that are running may finish
  now,   ///< SIGTERM, SIGINT: running units are dropped
};

/// Listens to SIGUSR1, which would else end the process, from the first moment on.
void listen_to_soft_stops();

/// Listens to SIGTERM and SIGINT too, from when there is something to bring to an end in order; before, they
/// just end the process. A second SIGINT leaves at once with exit code 1.
void listen_to_hard_stops();

/// The most urgent request so far.
StopRequest stop_request();

/// The provenance of a file that this process creates now.
Provenance provenance_here(std::string command_line, std::string sweep_file, std::string mpi_version);

}  // namespace varprop::driver
