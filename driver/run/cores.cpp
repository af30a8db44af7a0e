#include "driver/run/cores.hpp"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>

namespace varprop {

namespace {

/// The cgroup's CPU quota in cores, or a number no machine reaches. Version 2's file is "max 100000" or
/// "150000 100000".
int quota_cores() {
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  double quota = 0, period = 0;
  if (!(file >> quota >> period) || period <= 0) return 1 << 20;
  return std::max(1, static_cast<int>(std::ceil(quota / period)));
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

}  // namespace varprop
