// What ranks are told and asked by: who am I, send bytes, look for bytes, tell everybody. An interface, so
// that a process that knows no MPI can run a sweep.
#pragma once

#include <cstddef>
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

/// A world of ranks 0 … size() − 1, and one rank's place in it. Only the thread that made it may use it.
class Communicator {
 public:
  virtual ~Communicator() = default;
  Communicator(const Communicator&) = delete;
  Communicator& operator=(const Communicator&) = delete;

  int rank() const { return rank_; }
  int size() const { return size_; }
  bool root() const { return rank_ == 0; }

  /// Sends without waiting. Messages of one sender to one receiver arrive in order.
  virtual void send(int to, int tag, Bytes body) = 0;
  /// How many sent messages their receivers have not taken yet. A sender with more to say does well to wait
  /// and to say it in one.
  virtual std::size_t unfinished_sends() = 0;
  /// The next message that has arrived, if any. Never waits.
  virtual std::optional<Message> receive() = 0;
  /// Sends a copy to every other rank.
  void send_to_all(int tag, const Bytes& body);
  /// The next message, waiting for it asleep: a waiting rank leaves its core to others.
  Message wait();

  /// How many ranks on this machine, this one included, call this with the same text. Everybody calls it;
  /// waits.
  virtual int count_on_node(const std::string& text) const = 0;

  /// Ends all processes at once.
  [[noreturn]] void abort(int code) const;

  /// "Open MPI v4.1.4", or "none" where no MPI is at work.
  virtual std::string library_version() const = 0;

 protected:
  Communicator(int rank, int size) : rank_(rank), size_(size) {}

 private:
  virtual void end_others(int code) const = 0;  ///< and this process with them, or not

  int rank_;
  int size_;
};

/// A world of one, which has nobody to send to.
class LocalCommunicator final : public Communicator {
 public:
  LocalCommunicator() : Communicator(0, 1) {}

  void send(int to, int tag, Bytes body) override;
  std::size_t unfinished_sends() override { return 0; }
  std::optional<Message> receive() override { return std::nullopt; }
  int count_on_node(const std::string&) const override { return 1; }
  std::string library_version() const override { return "none"; }

 private:
  void end_others(int) const override {}
};

}  // namespace varprop
