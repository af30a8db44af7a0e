#include "driver/run/stop_signals.hpp"

#include <unistd.h>

#include <csignal>
#include <initializer_list>

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

}  // namespace

void listen_to_stop_signals() {
  struct sigaction action {};
  action.sa_handler = handle_signal;
  action.sa_flags = SA_RESTART;
  for (const int signal : {SIGUSR1, SIGTERM, SIGINT}) sigaction(signal, &action, nullptr);
}

StopRequest stop_request() {
  if (now_requested != 0) return StopRequest::now;
  return soon_requested != 0 ? StopRequest::soon : StopRequest::none;
}

}  // namespace varprop
