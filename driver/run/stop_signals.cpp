#include "driver/run/stop_signals.hpp"

#include <unistd.h>

#include <csignal>

namespace varprop {

namespace {

volatile std::sig_atomic_t soon_requested = 0;
volatile std::sig_atomic_t now_requested = 0;
volatile std::sig_atomic_t interrupts = 0;

void handle_signal(int signal) {
  if (signal == SIGUSR1) {
    soon_requested = 1;
    return;
  }
  if (signal == SIGINT && interrupts == 1) _exit(1);
  if (signal == SIGINT) interrupts = 1;
  now_requested = 1;
}

void listen_to(int signal) {
  struct sigaction action {};
  action.sa_handler = handle_signal;
  action.sa_flags = SA_RESTART;
  sigaction(signal, &action, nullptr);
}

}  // namespace

void listen_to_soft_stops() {
  listen_to(SIGUSR1);
}

void listen_to_hard_stops() {
  listen_to(SIGTERM);
  listen_to(SIGINT);
}

StopRequest stop_request() {
  if (now_requested != 0) return StopRequest::now;
  return soon_requested != 0 ? StopRequest::soon : StopRequest::none;
}

}  // namespace varprop
