// How many threads a process should compute with.
#pragma once

#include <string>

namespace varprop {

/// The cores that this process may run on.
struct Cores {
  int usable;        ///< of the affinity mask, bounded by the cgroup's quota; at least 1
  int online;        ///< of the machine
  std::string mask;  ///< names the mask: equal for processes that share their cores
};

Cores usable_cores();

}  // namespace varprop
