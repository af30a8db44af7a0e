#include "core/parallel/launcher.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "core/errors.hpp"

namespace varprop {

namespace {

/// Variables that each launcher sets for its processes: Open MPI, PMIx, PMI (MPICH, Intel MPI).
constexpr std::array launcher_variables{"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"};

/// A launcher's variables for the rank of a process and for their number, the innermost launcher first: an
/// mpirun in a SLURM job hands the job's variables on. Tasks that srun started without MPI are nobody's
/// copies: each may have work of its own.
struct LauncherVariables {
  const char* rank;
  const char* count;
};
constexpr std::array counting_launchers{LauncherVariables{"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"},
                                        LauncherVariables{"PMI_RANK", "PMI_SIZE"},
                                        LauncherVariables{"PMIX_RANK", "SLURM_STEP_NUM_TASKS"},
                                        LauncherVariables{"PMIX_RANK", "SLURM_NTASKS"}};

/// A whole number of the environment from 0 on; nothing where there is none.
std::optional<int> number_in_environment(const char* variable) {
  const char* const text = std::getenv(variable);
  if (text == nullptr) return std::nullopt;
  int number = -1;
  const char* const end = text + std::strlen(text);
  const auto [stop, error] = std::from_chars(text, end, number);
  return error == std::errc{} && stop == end && number >= 0 ? std::optional(number) : std::nullopt;
}

}  // namespace

bool started_by_launcher() {
  return std::any_of(launcher_variables.begin(), launcher_variables.end(),
                     [](const char* variable) { return std::getenv(variable) != nullptr; });
}

Copy copy_from_environment() {
  for (const auto& [rank_variable, count_variable] : counting_launchers) {
    const auto rank = number_in_environment(rank_variable), count = number_in_environment(count_variable);
    if (rank && count && *rank < *count) return {*rank, *count, rank_variable};
  }
  return {};
}

int rank_from_environment() {
  return copy_from_environment().rank;
}

void refuse_blind_tasks() {
  const char* const tasks = std::getenv("SLURM_STEP_NUM_TASKS");
  if (tasks == nullptr || std::atoi(tasks) <= 1) return;
  throw SystemError(
      "SLURM started " + std::string(tasks) +
      " tasks but gave them no MPI variables, so each would run the whole sweep on its own: use "
      "srun --mpi=pmix (srun --mpi=list shows what there is), or mpirun.");
}

}  // namespace varprop
