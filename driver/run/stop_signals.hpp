// Signals as requests to stop.
#pragma once

namespace varprop {

enum class StopRequest {
  none,
  soon,  ///< SIGUSR1: units that are running may finish
  now,   ///< SIGTERM, SIGINT: running units are dropped
};

/// Listens to SIGUSR1, SIGTERM and SIGINT for the rest of the process. A second SIGINT leaves at once with
/// exit code 1.
void listen_to_stop_signals();

/// The most urgent request so far.
StopRequest stop_request();

}  // namespace varprop
