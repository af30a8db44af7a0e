// MPI: the world of ranks that mpirun or srun started. The only module that calls it.
#pragma once

#include <memory>
#include <string>

#include "core/parallel/communicator.hpp"

namespace varprop {

/// MPI's world for the life of this object, which is made once in a program: initialised at its birth and
/// finalised at its death, for the thread that made it (MPI_THREAD_FUNNELED). A process that no launcher
/// started is a world of one, and never calls MPI.
///
/// Throws SystemError where MPI gives no usable threads, or a launcher started several processes that do
/// not know of each other (SLURM with a wrong --mpi plugin, the mpirun of another MPI): each would be a
/// world of its own.
std::unique_ptr<Communicator> mpi_communicator();

/// Ends this process, and with it all ranks where MPI is at work.
[[noreturn]] void end_all_ranks(int code);

/// "Open MPI v4.1.4": the library that the program runs with. May be asked before MPI is initialised.
std::string mpi_library_version();

}  // namespace varprop
