#include "driver/run/follower.hpp"

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

  bool send_results() {
    const auto records = pool_.take_finished();
    if (records.empty()) return false;
    communicator_.send(0, tag_results, to_bytes(records));
    return true;
  }

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
