#include "core/parallel/communicator.hpp"

#include <cstdlib>
#include <utility>

#include "core/errors.hpp"
#include "core/parallel/backoff.hpp"

namespace varprop {

void Communicator::send_to_all(int tag, const Bytes& body) {
  for (int to = 0; to < size_; ++to) {
    if (to != rank_) send(to, tag, body);
  }
}

Message Communicator::wait() {
  Backoff backoff;
  while (true) {
    unfinished_sends();  // lets go of those that have arrived
    if (auto message = receive()) return *std::move(message);
    backoff.sleep();
  }
}

void Communicator::abort(int code) const {
  end_others(code);
  std::_Exit(code);
}

void LocalCommunicator::send(int, int, Bytes) {
  VARPROP_EXPECT(false);  // there is nobody else
}

}  // namespace varprop
