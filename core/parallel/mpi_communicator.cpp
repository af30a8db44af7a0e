#include "core/parallel/mpi_communicator.hpp"

#include <mpi.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <limits>
#include <list>

#include "core/errors.hpp"
#include "core/parallel/launcher.hpp"

namespace varprop {

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

/// MPI between its initialisation and its end.
struct MpiLibrary {
  int rank = 0;
  int size = 1;

  MpiLibrary() {
    int provided = MPI_THREAD_SINGLE;
    check(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided), "MPI_Init_thread");
    validate(provided >= MPI_THREAD_FUNNELED,
             "this MPI library does not allow threads (MPI_THREAD_FUNNELED).");
    check(MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
    check(MPI_Comm_rank(MPI_COMM_WORLD, &rank), "MPI_Comm_rank");
    check(MPI_Comm_size(MPI_COMM_WORLD, &size), "MPI_Comm_size");
    refuse_lonely_copy(size);
  }
  ~MpiLibrary() { MPI_Finalize(); }
  MpiLibrary(const MpiLibrary&) = delete;
  MpiLibrary& operator=(const MpiLibrary&) = delete;
};

class MpiCommunicator final : public Communicator {
 public:
  explicit MpiCommunicator(std::unique_ptr<MpiLibrary> mpi)
      : Communicator(mpi->rank, mpi->size), mpi_(std::move(mpi)) {}
  ~MpiCommunicator() override {
    for (Sending& sending : sending_) MPI_Wait(&sending.request, MPI_STATUS_IGNORE);
  }

  void send(int to, int tag, Bytes body) override;
  std::size_t unfinished_sends() override;
  std::optional<Message> receive() override;
  int count_on_node(const std::string& text) const override;
  std::string library_version() const override { return mpi_library_version(); }

 private:
  struct Sending {
    Bytes body;
    MPI_Request request;
  };
  void end_others(int code) const override { end_all_ranks(code); }
  void finish_sends();

  std::unique_ptr<MpiLibrary> mpi_;
  std::list<Sending> sending_;
};

void MpiCommunicator::send(int to, int tag, Bytes body) {
  VARPROP_EXPECT(to != rank());
  finish_sends();
  Sending& sending = sending_.emplace_back(Sending{std::move(body), MPI_REQUEST_NULL});
  check(MPI_Isend(sending.body.data(), count_of(sending.body.size()), MPI_BYTE, to, tag, MPI_COMM_WORLD,
                  &sending.request),
        "MPI_Isend");
}

void MpiCommunicator::finish_sends() {
  sending_.remove_if([](Sending& sending) {
    int done = 0;
    check(MPI_Test(&sending.request, &done, MPI_STATUS_IGNORE), "MPI_Test");
    return done != 0;
  });
}

std::size_t MpiCommunicator::unfinished_sends() {
  finish_sends();
  return sending_.size();
}

std::optional<Message> MpiCommunicator::receive() {
  if (size() == 1) return std::nullopt;
  int arrived = 0;
  MPI_Status status;
  check(MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &arrived, &status), "MPI_Iprobe");
  if (arrived == 0) return std::nullopt;
  int length = 0;
  check(MPI_Get_count(&status, MPI_BYTE, &length), "MPI_Get_count");
  Message message{status.MPI_SOURCE, status.MPI_TAG, Bytes(static_cast<std::size_t>(length))};
  check(MPI_Recv(message.body.data(), length, MPI_BYTE, message.source, message.tag, MPI_COMM_WORLD,
                 MPI_STATUS_IGNORE),
        "MPI_Recv");
  return message;
}

int MpiCommunicator::count_on_node(const std::string& text) const {
  if (size() == 1) return 1;
  MPI_Comm node = MPI_COMM_NULL;
  check(MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, rank(), MPI_INFO_NULL, &node),
        "MPI_Comm_split_type");
  int ranks = 0;
  check(MPI_Comm_size(node, &ranks), "MPI_Comm_size");
  const auto mine = static_cast<std::uint64_t>(std::hash<std::string>{}(text));
  std::vector<std::uint64_t> all(static_cast<std::size_t>(ranks));
  check(MPI_Allgather(&mine, 1, MPI_UINT64_T, all.data(), 1, MPI_UINT64_T, node), "MPI_Allgather");
  MPI_Comm_free(&node);
  return static_cast<int>(std::count(all.begin(), all.end(), mine));
}

}  // namespace

std::unique_ptr<Communicator> mpi_communicator() {
  if (started_by_launcher()) return std::make_unique<MpiCommunicator>(std::make_unique<MpiLibrary>());
  refuse_blind_tasks();
  if (rank_from_environment() > 0) refuse_lonely_copy(1);  // rank 0 may be the script of a job
  return std::make_unique<LocalCommunicator>();
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
