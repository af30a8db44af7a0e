#include "core/parallel/communicator.hpp"

#include <mpi.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <limits>

#include "core/contracts.hpp"
#include "core/parallel/backoff.hpp"

namespace varprop {

struct Communicator::Sending {
  Bytes body;
  MPI_Request request;
};

namespace {

/// Throws SystemError where an MPI call failed.
void check(int code, const char* call) {
  if (code == MPI_SUCCESS) return;
  std::array<char, MPI_MAX_ERROR_STRING> text{};
  int length = 0;
  MPI_Error_string(code, text.data(), &length);
  throw SystemError(std::string(call) +
                    " failed: " + std::string(text.data(), static_cast<std::size_t>(length)));
}

int count_of(std::size_t size) {
  VARPROP_EXPECT(size <= static_cast<std::size_t>(std::numeric_limits<int>::max()));
  return static_cast<int>(size);
}

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

/// A launcher started several, and this one is alone in MPI's world.
void refuse_lonely_copy(int size) {
  const Copy copy = copy_from_environment();
  if (size > 1 || copy.count <= 1) return;
  throw SystemError(
      "a launcher started " + std::to_string(copy.count) + " processes (" + copy.variable + "), but " +
      mpi_library_version() +
      ", which varprop was built with, knows of one only, so each would run the whole sweep on its "
      "own: use its mpirun, or srun --mpi=pmix; where this process is meant to be alone, unset " +
      copy.variable + ".");
}

/// SLURM says that it started several tasks, but no plugin told them of each other.
void refuse_blind_tasks() {
  const char* const tasks = std::getenv("SLURM_STEP_NUM_TASKS");
  if (tasks == nullptr || std::atoi(tasks) <= 1) return;
  throw SystemError(
      "SLURM started " + std::string(tasks) +
      " tasks but gave them no MPI variables, so each would run the whole sweep on its own: use "
      "srun --mpi=pmix (srun --mpi=list shows what there is), or mpirun.");
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

Communicator::Communicator() {
  if (!started_by_launcher()) {
    refuse_blind_tasks();
    if (rank_from_environment() > 0) refuse_lonely_copy(1);  // rank 0 may be the script of a job
    return;
  }
  int provided = MPI_THREAD_SINGLE;
  check(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided), "MPI_Init_thread");
  initialized_ = true;
  validate(provided >= MPI_THREAD_FUNNELED, "this MPI library does not allow threads (MPI_THREAD_FUNNELED).");
  check(MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
  check(MPI_Comm_rank(MPI_COMM_WORLD, &rank_), "MPI_Comm_rank");
  check(MPI_Comm_size(MPI_COMM_WORLD, &size_), "MPI_Comm_size");
  refuse_lonely_copy(size_);
}

Communicator::~Communicator() {
  if (!initialized_) return;
  for (Sending& sending : sending_) MPI_Wait(&sending.request, MPI_STATUS_IGNORE);
  MPI_Finalize();
}

void Communicator::send(int to, int tag, Bytes body) {
  VARPROP_EXPECT(initialized_ && to != rank_);
  finish_sends();
  Sending& sending = sending_.emplace_back(Sending{std::move(body), MPI_REQUEST_NULL});
  check(MPI_Isend(sending.body.data(), count_of(sending.body.size()), MPI_BYTE, to, tag, MPI_COMM_WORLD,
                  &sending.request),
        "MPI_Isend");
}

void Communicator::finish_sends() {
  sending_.remove_if([](Sending& sending) {
    int done = 0;
    check(MPI_Test(&sending.request, &done, MPI_STATUS_IGNORE), "MPI_Test");
    return done != 0;
  });
}

std::size_t Communicator::unfinished_sends() {
  finish_sends();
  return sending_.size();
}

std::optional<Message> Communicator::receive() {
  if (size_ == 1) return std::nullopt;
  int arrived = 0;
  MPI_Status status;
  check(MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &arrived, &status), "MPI_Iprobe");
  if (arrived == 0) return std::nullopt;
  int size = 0;
  check(MPI_Get_count(&status, MPI_BYTE, &size), "MPI_Get_count");
  Message message{status.MPI_SOURCE, status.MPI_TAG, Bytes(static_cast<std::size_t>(size))};
  check(MPI_Recv(message.body.data(), size, MPI_BYTE, message.source, message.tag, MPI_COMM_WORLD,
                 MPI_STATUS_IGNORE),
        "MPI_Recv");
  return message;
}

void Communicator::send_to_all(int tag, const Bytes& body) {
  for (int to = 0; to < size_; ++to) {
    if (to != rank_) send(to, tag, body);
  }
}

Message Communicator::wait() {
  Backoff backoff;
  while (true) {
    finish_sends();
    if (auto message = receive()) return *std::move(message);
    backoff.sleep();
  }
}

int Communicator::count_on_node(const std::string& text) const {
  if (size_ == 1) return 1;
  MPI_Comm node = MPI_COMM_NULL;
  check(MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, rank_, MPI_INFO_NULL, &node),
        "MPI_Comm_split_type");
  int size = 0;
  check(MPI_Comm_size(node, &size), "MPI_Comm_size");
  const auto mine = static_cast<std::uint64_t>(std::hash<std::string>{}(text));
  std::vector<std::uint64_t> all(static_cast<std::size_t>(size));
  check(MPI_Allgather(&mine, 1, MPI_UINT64_T, all.data(), 1, MPI_UINT64_T, node), "MPI_Allgather");
  MPI_Comm_free(&node);
  return static_cast<int>(std::count(all.begin(), all.end(), mine));
}

void Communicator::abort(int code) const {
  end_all_ranks(code);
}

std::string Communicator::library_version() const {
  return initialized_ ? mpi_library_version() : "none";
}

void end_all_ranks(int code) {
  int begun = 0, over = 0;
  MPI_Initialized(&begun);
  MPI_Finalized(&over);
  if (begun != 0 && over == 0) MPI_Abort(MPI_COMM_WORLD, code);
  std::_Exit(code);
}

std::string mpi_library_version() {
  std::array<char, MPI_MAX_LIBRARY_VERSION_STRING> text{};
  int length = 0;
  check(MPI_Get_library_version(text.data(), &length), "MPI_Get_library_version");
  const std::string version(text.data(), static_cast<std::size_t>(length));
  return version.substr(0, version.find_first_of(",\n"));
}

}  // namespace varprop
