// All that varprop asks of MPI: who am I, send bytes, look for bytes, tell everybody. A process that no
// launcher started is a world of one, and never calls MPI.
#pragma once

#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <vector>

namespace varprop {

using Bytes = std::vector<std::byte>;

/// A message that has arrived.
struct Message {
  int source;
  int tag;
  Bytes body;
};

/// MPI's world for the life of this object: initialised at its birth, where a launcher's variables are
/// present, and finalised at its death. Only the thread that made it may use it (MPI_THREAD_FUNNELED).
class Communicator {
 public:
  /// Throws SystemError where MPI gives no usable threads, or a launcher started several processes that do
  /// not know of each other (SLURM with a wrong --mpi plugin, the mpirun of another MPI): each would be a
  /// world of its own.
  Communicator();
  ~Communicator();
  Communicator(const Communicator&) = delete;
  Communicator& operator=(const Communicator&) = delete;

  int rank() const { return rank_; }
  int size() const { return size_; }
  bool root() const { return rank_ == 0; }

  /// Sends without waiting. Messages of one sender to one receiver arrive in order.
  void send(int to, int tag, Bytes body);
  /// How many sent messages their receivers have not taken yet. A sender with more to say does well to wait
  /// and to say it in one.
  std::size_t unfinished_sends();
  /// The next message that has arrived, if any. Never waits.
  std::optional<Message> receive();
  /// Sends a copy to every other rank.
  void send_to_all(int tag, const Bytes& body);
  /// The next message, waiting for it asleep: a waiting rank leaves its core to others.
  Message wait();

  /// How many ranks on this machine, this one included, call this with the same text. Everybody calls it;
  /// waits.
  int count_on_node(const std::string& text) const;

  /// Ends all processes at once.
  [[noreturn]] void abort(int code) const;

  /// "Open MPI v4.1.4, …", or "none" for a world of one.
  std::string library_version() const;

 private:
  struct Sending;
  void finish_sends();

  bool initialized_ = false;
  int rank_ = 0;
  int size_ = 1;
  std::list<Sending> sending_;
};

/// Ends this process, and with it all ranks where MPI is at work.
[[noreturn]] void end_all_ranks(int code);

/// "Open MPI v4.1.4": the library that the program runs with. May be asked before MPI is initialised.
std::string mpi_library_version();

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

}  // namespace varprop
