// What a launcher's environment tells of this process, before and without MPI.
#pragma once

#include <string>

namespace varprop {

/// Whether mpirun, srun or another launcher with MPI's variables started this process.
bool started_by_launcher();

/// Which of the copies of a program that a launcher started side by side.
struct Copy {
  int rank = 0;
  int count = 1;
  std::string variable;  ///< what in the environment says so; empty where nothing does
};

/// As a launcher's environment tells, before MPI is initialised. A rank is believed together with the number
/// of processes only, both from the same launcher: a rank alone is a leftover, of which nobody knows whose.
Copy copy_from_environment();

/// Its rank: 0 for a process that is alone.
int rank_from_environment();

/// Throws SystemError where SLURM says that it started several tasks, but no plugin told them of each other.
void refuse_blind_tasks();

}  // namespace varprop
