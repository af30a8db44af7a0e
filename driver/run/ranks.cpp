#include "driver/run/ranks.hpp"

#include <new>
#include <string>
#include <string_view>
#include <utility>

#include "core/errors.hpp"
#include "core/parallel/backoff.hpp"
#include "core/sweep/record.hpp"

namespace varprop::driver {

namespace {

Bytes bytes_of(const std::string& text) {
  const auto* const begin = reinterpret_cast<const std::byte*>(text.data());
  return {begin, begin + text.size()};
}

std::string to_text(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// "4:tanh": a text after its length, since a sweep file may hold any bytes.
std::string piece_of(const std::string& text) {
  return std::to_string(text.size()) + ":" + text;
}

/// The first text of `pieces`, which keep the others.
std::string taken_from(std::string_view& pieces) {
  const std::size_t begin = pieces.find(':') + 1;
  const std::size_t length = std::stoull(std::string(pieces.substr(0, begin)));
  std::string text(pieces.substr(begin, length));
  pieces.remove_prefix(begin + length);
  return text;
}

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
    communicator_.send(0, tag_done, {});
  }

 private:
  bool take_message() {
    const auto message = communicator_.receive();
    if (!message) return false;
    if (message->tag == tag_stop) {
      stop(message->body.front() != std::byte{0});
    } else {
      VARPROP_EXPECT(message->tag == tag_work);
      if (!stopping_) pool_.push(pack_from_bytes(sweep_, message->body));
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

Bytes setup_to_bytes(const Setup& setup) {
  const auto& [text, format] = setup;
  std::string all = piece_of(std::to_string(format.major)) + piece_of(std::to_string(format.minor)) +
                    piece_of(text.file_name) + piece_of(text.file_text) + piece_of(text.engine) +
                    piece_of(std::to_string(text.point_files.size()));
  for (const auto& [name, points] : text.point_files) all += piece_of(name) + piece_of(points);
  for (const std::string& argument : text.overrides) all += piece_of(argument);
  return bytes_of(all);
}

Setup setup_from_bytes(const Bytes& bytes) {
  const std::string all = to_text(bytes);
  std::string_view left = all;
  Setup setup{};
  setup.format.major = std::stoi(taken_from(left));
  setup.format.minor = std::stoi(taken_from(left));
  SweepText& text = setup.text;
  text.file_name = taken_from(left);
  text.file_text = taken_from(left);
  text.engine = taken_from(left);
  for (int files = std::stoi(taken_from(left)); files > 0; --files) {
    const std::string name(taken_from(left));
    text.point_files[name] = taken_from(left);
  }
  while (!left.empty()) text.overrides.push_back(taken_from(left));
  return setup;
}

Bytes pack_to_bytes(const Sweep& sweep, const std::vector<Unit>& pack) {
  std::vector<std::int64_t> slots;
  for (const Unit unit : pack) slots.push_back(sweep.slot(unit));
  return to_bytes(slots);
}

std::vector<Unit> pack_from_bytes(const Sweep& sweep, const Bytes& bytes) {
  std::vector<Unit> pack;
  for (const std::int64_t slot : slots_from_bytes(bytes)) pack.push_back(sweep.unit(slot));
  return pack;
}

Bytes verdict_to_bytes(ExitCode code) {
  return bytes_of(std::to_string(static_cast<int>(code)));
}

ExitCode verdict_from_bytes(const Bytes& bytes) {
  return static_cast<ExitCode>(std::stoi(to_text(bytes)));
}

void follow(Communicator& communicator, const Sweep& sweep, ComputePool& pool) {
  Follower(communicator, sweep, pool).run();
}

}  // namespace varprop::driver
