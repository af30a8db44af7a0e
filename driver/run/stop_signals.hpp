// Signals as requests to stop.
#pragma once

namespace varprop {

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

}  // namespace varprop
