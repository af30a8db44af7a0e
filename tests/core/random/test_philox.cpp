// Philox4x32-10 against Random123: its published known answers, and the library itself.
#include "core/random/philox.hpp"

#include <Random123/philox.h>
#include <gtest/gtest.h>

namespace varprop {
namespace {

TEST(Philox, GivesTheKnownAnswers) {
  constexpr std::uint32_t ones = 0xffffffffu;
  EXPECT_EQ(Philox::block({0, 0, 0, 0}, {0, 0}),
            (Philox::Counter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(Philox::block({ones, ones, ones, ones}, {ones, ones}),
            (Philox::Counter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(Philox::block({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Philox::Counter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Philox, AgreesWithRandom123OnAWalkOfCounters) {
  Philox::Counter counter{1, 2, 3, 4};
  Philox::Key key{5, 6};
  for (int i = 0; i < 1000; ++i) {
    const r123::Philox4x32::ctr_type c{{counter[0], counter[1], counter[2], counter[3]}};
    const auto expected = r123::Philox4x32()(c, {{key[0], key[1]}});
    const auto block = Philox::block(counter, key);
    for (std::size_t word = 0; word < 4; ++word) ASSERT_EQ(block[word], expected[word]) << "step " << i;
    counter = block;  // from anywhere to anywhere
    key = {block[3], block[1]};
  }
}

}  // namespace
}  // namespace varprop
