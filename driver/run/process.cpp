#include "driver/run/process.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <csignal>
#include <fstream>

namespace varprop::driver {

namespace {

/// The cgroup's CPU quota in cores, or a number no machine reaches. Version 2's file is "max 100000" or
/// "150000 100000".
int quota_cores() {
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  double quota = 0, period = 0;
  if (!(file >> quota >> period) || period <= 0) return 1 << 20;
  return std::max(1, static_cast<int>(std::ceil(quota / period)));
}

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

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

}  // namespace

Cores usable_cores() {
  Cores cores{1, static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN)), {}};
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return cores;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &set)) cores.mask += std::to_string(cpu) + " ";
  }
  cores.usable = std::max(1, std::min(CPU_COUNT(&set), quota_cores()));
  return cores;
}

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

Provenance provenance_here(std::string command_line, std::string sweep_file, std::string mpi_version) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return {std::move(command_line), std::move(sweep_file), std::move(mpi_version), host_name(),
          fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", now)};
}

}  // namespace varprop::driver
