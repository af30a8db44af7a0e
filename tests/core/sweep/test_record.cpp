// Records and slots survive the journey between ranks bit by bit.
#include "core/sweep/record.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <limits>

namespace varprop {
namespace {

TEST(RecordBytes, RoundTripEveryField) {
  Record done{{PointIndex(1'000'000'007), BatchIndex(15)}, UnitState::done, 1.25, {}, {1.5, -0.0, 3e300}};
  done.values.push_back(std::numeric_limits<double>::quiet_NaN());
  const Record failed{{PointIndex(2), BatchIndex(0)}, UnitState::failed, 0.5, "no such luck", {}};
  const auto records = records_from_bytes(to_bytes(std::vector<Record>{done, failed}));
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].unit, done.unit);
  EXPECT_EQ(records[0].state, UnitState::done);
  EXPECT_EQ(records[0].wall_seconds, 1.25);
  ASSERT_EQ(records[0].values.size(), done.values.size());
  for (std::size_t i = 0; i < done.values.size(); ++i) {
    EXPECT_EQ(std::bit_cast<std::uint64_t>(records[0].values[i]),
              std::bit_cast<std::uint64_t>(done.values[i]));
  }
  EXPECT_EQ(records[1].failure, "no such luck");
  EXPECT_TRUE(records[1].values.empty());
}

TEST(RecordBytes, RoundTripSlots) {
  const std::vector<std::int64_t> slots{0, 7, std::int64_t{1} << 39};
  EXPECT_EQ(slots_from_bytes(to_bytes(slots)), slots);
  EXPECT_TRUE(slots_from_bytes(to_bytes(std::vector<std::int64_t>{})).empty());
  EXPECT_TRUE(records_from_bytes(to_bytes(std::vector<Record>{})).empty());
}

}  // namespace
}  // namespace varprop
