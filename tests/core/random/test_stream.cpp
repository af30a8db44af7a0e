// Philox4x32-10 against Random123: its published known answers, and the library itself.
// Streams follow the contract bit by bit, and no two of them meet.
#include "core/random/stream.hpp"

#include <Random123/philox.h>
#include <gtest/gtest.h>

#include <set>

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

TEST(Stream, CounterIsLaidOutAsTheContractSays) {
  const PointKey point{{11, 12}, 13};
  const Stream stream(point, 7, 0xABCDE, Purpose::bias);
  const auto counter = stream.counter(0x9112345678u);
  EXPECT_EQ(counter[0], 0x12345678u);
  EXPECT_EQ(counter[1], 0x91u | 0xABCDEu << 8 | 5u << 28);
  EXPECT_EQ(counter[2], 7u);
  EXPECT_EQ(counter[3], 13u);
  EXPECT_EQ(stream.key(), (Philox::Key{11, 12}));
}

TEST(Stream, DrawsAreTheHalvesOfBlocks) {
  const Stream stream(PointKey::derive(1, 2), 0, 1, Purpose::weight);
  const auto block = Philox::block(stream.counter(5), stream.key());
  EXPECT_EQ(stream.draw(10), block[0] | std::uint64_t{block[1]} << 32);
  EXPECT_EQ(stream.draw(11), block[2] | std::uint64_t{block[3]} << 32);
}

TEST(Stream, PointKeyIsTheBlockOfSeedAndHash) {
  const auto key = PointKey::derive(0x1111222233334444u, 0x5555666677778888u);
  const auto block = Philox::block({0x77778888u, 0x55556666u, 0x76617270u, 0}, {0x33334444u, 0x11112222u});
  EXPECT_EQ(key.key, (Philox::Key{block[0], block[1]}));
  EXPECT_EQ(key.t, block[2]);
}

TEST(Stream, EveryPartOfTheAddressChangesTheDraw) {
  std::set<std::uint64_t> draws;
  int count = 0;
  for (const std::uint64_t seed : {1, 2}) {
    for (const std::uint64_t h : {1, 2}) {
      for (const std::uint32_t replica : {0, 1}) {
        for (const std::uint32_t layer : {1, 2}) {
          for (const Purpose purpose : {Purpose::preactivation, Purpose::transpose}) {
            for (const std::uint64_t draw : {0, 1, 2}) {
              draws.insert(Stream(PointKey::derive(seed, h), replica, layer, purpose).draw(draw));
              ++count;
            }
          }
        }
      }
    }
  }
  EXPECT_EQ(draws.size(), static_cast<std::size_t>(count));
}

}  // namespace
}  // namespace varprop
