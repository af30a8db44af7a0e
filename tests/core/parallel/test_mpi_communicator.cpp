// Messages between ranks: order, size, everybody. Runs on 1, 2 and 4 ranks.
#include "core/parallel/mpi_communicator.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <numeric>

#include "core/parallel/launcher.hpp"

namespace varprop {
namespace {

/// One world for the whole program: MPI can be initialised once only.
Communicator& world() {
  static const std::unique_ptr<Communicator> communicator = mpi_communicator();
  return *communicator;
}

Bytes ramp(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i * 7);
  return bytes;
}

TEST(Communicator, KnowsTheWorldThatTheLauncherMade) {
  const char* const size = std::getenv("OMPI_COMM_WORLD_SIZE");
  EXPECT_EQ(world().size(), size == nullptr ? 1 : std::atoi(size));
  EXPECT_EQ(world().rank(), rank_from_environment());
  EXPECT_EQ(world().root(), world().rank() == 0);
}

TEST(Communicator, DeliversAllMessagesOfOneSenderInOrderWhateverTheirSize) {
  constexpr int count = 50;
  const auto size_of = [](int i) { return static_cast<std::size_t>(i % 5 == 0 ? 300000 : 13 * i); };
  if (world().root()) {
    std::vector<int> next(static_cast<std::size_t>(world().size()), 0);
    for (int left = count * (world().size() - 1); left > 0; --left) {
      const Message message = world().wait();
      const int i = next[static_cast<std::size_t>(message.source)]++;
      ASSERT_EQ(message.tag, i);
      ASSERT_EQ(message.body, ramp(size_of(i)));
    }
    world().send_to_all(1000, ramp(3));
  } else {
    for (int i = 0; i < count; ++i) world().send(0, i, ramp(size_of(i)));
    const Message message = world().wait();
    EXPECT_EQ(message.tag, 1000);
    EXPECT_EQ(message.body, ramp(3));
  }
  EXPECT_FALSE(world().receive().has_value());
}

TEST(Communicator, CountsEqualTextsOnTheNode) {
  EXPECT_EQ(world().count_on_node("same"), world().size());
  EXPECT_EQ(world().count_on_node(std::to_string(world().rank())), 1);
}

TEST(Communicator, AnEmptyMessageArrives) {
  if (world().root()) {
    world().send_to_all(5, {});
  } else {
    const Message message = world().wait();
    EXPECT_EQ(message.tag, 5);
    EXPECT_TRUE(message.body.empty());
  }
}

}  // namespace
}  // namespace varprop
