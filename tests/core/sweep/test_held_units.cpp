// Positions and slots of the units of a file. Seen red: position() one too large.

#include <gtest/gtest.h>

#include "core/sweep/sweep.hpp"
#include "tests/fixtures/known_sweep.hpp"

namespace varprop {
namespace {

TEST(HeldUnits, OfAWholeSweepStandAtTheirSlots) {
  const Sweep sweep = known_sweep();
  const HeldUnits units(sweep);
  EXPECT_TRUE(units.whole());
  EXPECT_EQ(units.count(), sweep.unit_count());
  EXPECT_EQ(units.slot(17), 17);
  EXPECT_EQ(units.position(17), 17);
  EXPECT_EQ(units.position(sweep.unit_count()), sweep.unit_count());
  EXPECT_TRUE(units.holds(sweep.unit_count() - 1));
  EXPECT_FALSE(units.holds(sweep.unit_count()));
  EXPECT_FALSE(units.holds(-1));
}

TEST(HeldUnits, OfAShardStandInTheOrderOfTheirSlots) {
  const HeldUnits units({2, 3}, {4, 5, 9});
  EXPECT_FALSE(units.whole());
  EXPECT_EQ(units.shard(), (Shard{2, 3}));
  EXPECT_EQ(units.count(), 3);
  for (std::int64_t position = 0; position < 3; ++position) {
    EXPECT_EQ(units.position(units.slot(position)), position);
    EXPECT_TRUE(units.holds(units.slot(position)));
  }
  EXPECT_FALSE(units.holds(6));
  EXPECT_FALSE(units.holds(10));
  EXPECT_EQ(units.position(0), 0) << "the number of units before";
  EXPECT_EQ(units.position(6), 2);
  EXPECT_EQ(units.position(100), 3);
}

TEST(HeldUnits, AreNamedInWords) {
  EXPECT_EQ(text_of(Shard{2, 4}), "shard 2 of 4");
  EXPECT_EQ(text_of(std::nullopt), "the whole sweep");
}

}  // namespace
}  // namespace varprop
