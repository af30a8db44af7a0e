#include "driver/run/follower.hpp"

#include <new>
#include <utility>

#include "core/contracts.hpp"
#include "core/parallel/backoff.hpp"
#include "core/record/record_bytes.hpp"
#include "driver/run/messages.hpp"

namespace varprop {

namespace {

class Follower {
 public:
  Follower(Communicator& communicator, const Sweep& sweep, ComputePool& pool)
      : communicator_(communicator), sweep_(sweep), pool_(pool) {}

  void run() {
    Backoff backoff;
    while (true) {
      const bool told = take_message();
      const bool sent = send_results();
      if (stopping_ && pool_.idle()) break;
      if (told || sent) {
        backoff.reset();
      } else {
        backoff.sleep();
      }
    }
    communicator_.send(0, tag_farewell, {});
  }

 private:
  bool take_message() {
    const auto message = communicator_.receive();
    if (!message) return false;
    if (message->tag == tag_stop) {
      stop(message->body.front() != std::byte{0});
    } else {
      VARPROP_EXPECT(message->tag == tag_work);
      push(slots_from_bytes(message->body));
    }
    return true;
  }

  void stop(bool drop) {
    stopping_ = true;
    if (drop) {
      pool_.drop();
    } else {
      pool_.clear_queue();
    }
  }

  void push(const std::vector<std::int64_t>& slots) {
    std::vector<Unit> units;
    for (const std::int64_t slot : slots) units.push_back(sweep_.unit(slot));
    if (!stopping_) pool_.push(units);
  }

  /// What is finished while rank 0 is busy goes into one message.
  bool send_results() {
    if (communicator_.unfinished_sends() >= most_messages_under_way) return false;
    auto records = take_finished();
    std::vector<Record> message;
    std::size_t numbers = 0;
    for (Record& record : records) {
      numbers += record.values.size();
      message.push_back(std::move(record));
      if (numbers < most_numbers_in_a_message) continue;
      communicator_.send(0, tag_results, to_bytes(std::exchange(message, {})));
      numbers = 0;
    }
    if (!message.empty()) communicator_.send(0, tag_results, to_bytes(message));
    return !records.empty();
  }

  /// The pool has dropped its units where it ran out of memory: rank 0 ends the run.
  std::vector<Record> take_finished() {
    try {
      return pool_.take_finished();
    } catch (const std::bad_alloc&) {
      communicator_.send(0, tag_trouble, {});
      return {};
    }
  }

  static constexpr std::size_t most_messages_under_way = 2;
  static constexpr std::size_t most_numbers_in_a_message = 4'000'000;  ///< MPI counts to 2³¹ bytes

  Communicator& communicator_;
  const Sweep& sweep_;
  ComputePool& pool_;
  bool stopping_ = false;
};

}  // namespace

void follow(Communicator& communicator, const Sweep& sweep, ComputePool& pool) {
  Follower(communicator, sweep, pool).run();
}

}  // namespace varprop
