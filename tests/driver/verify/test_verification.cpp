// No bit of a unit escapes. Seen red: with numbers compared by ==, with integers left out, with the fill
// beyond a point's depth left out, and with the last number of a row left out.
#include "driver/verify/verification.hpp"

#include <gtest/gtest.h>

#include <bit>

#include "tests/fixtures/known_sweep.hpp"

namespace varprop::driver {
namespace {

struct UnitComparisonTest : testing::Test {
  Sweep sweep = known_sweep();
  RecordLayout layout{sweep};
  Record record = known_record(sweep, sweep.unit(6));  // of depth 5: slot 6 is batch 3 of point 1

  std::optional<UnitDifference> compare(const Record& stored) const {
    return compare_unit(sweep, layout, stored, record);
  }

  static double flipped(double x, int bit) {
    return std::bit_cast<double>(std::bit_cast<std::uint64_t>(x) ^ (std::uint64_t{1} << bit));
  }
};

TEST_F(UnitComparisonTest, EqualBitsAreEqual) {
  EXPECT_FALSE(compare(record));
  Record slower = record;
  slower.wall_seconds = 99;
  EXPECT_FALSE(compare(slower)) << "time is no result";
}

TEST_F(UnitComparisonTest, EveryBitOfEveryNumberCounts) {
  for (const std::int64_t slot : {2, 6}) {  // of depth 3, with NaN and −1 beyond it, and of depth 5
    record = known_record(sweep, sweep.unit(slot));
    for (std::size_t i = 0; i < record.values.size(); ++i) {
      for (const int bit : {0, 31, 51, 52, 63}) {
        Record stored = record;
        stored.values[i] = flipped(stored.values[i], bit);
        EXPECT_TRUE(compare(stored)) << "slot " << slot << ", number " << i << ", bit " << bit;
      }
    }
  }
}

TEST_F(UnitComparisonTest, NamesPointBatchDatasetAndPlace) {
  Record stored = record;
  const std::size_t d = layout.find("backward_log_variance");
  const auto at = static_cast<std::size_t>(layout.offset(d));
  stored.values[at + 1] = 5;
  stored.values[at + 3] = 6;
  const auto difference = compare(stored);
  ASSERT_TRUE(difference);
  EXPECT_EQ(difference->batch, 3);
  EXPECT_EQ(difference->point, sweep.point(PointIndex(1)));
  ASSERT_EQ(difference->rows.size(), 1u);
  const RowDifference& row = difference->rows[0];
  EXPECT_EQ(row.dataset, "backward_log_variance");
  EXPECT_EQ(row.place, "layer 2");
  EXPECT_EQ(row.stored, 5);
  EXPECT_EQ(row.computed, record.values[at + 1]);
  EXPECT_EQ(row.numbers, 2);
  EXPECT_FALSE(row.beyond);
}

TEST_F(UnitComparisonTest, NothingMayStandBeyondAPointsDepth) {
  record = known_record(sweep, sweep.unit(2));  // of depth 3; layer 5 is beyond
  Record stored = record;
  stored.values[static_cast<std::size_t>(layout.offset(layout.find("forward_extinct")) + 3)] = 0;
  const auto difference = compare(stored);
  ASSERT_TRUE(difference);
  EXPECT_EQ(difference->rows.at(0).place, "layer 5");
  EXPECT_TRUE(difference->rows.at(0).beyond);
}

TEST_F(UnitComparisonTest, AUnitThatFailsNowIsDifferent) {
  const Record stored = record;
  record = failed_record(stored.unit);
  const auto difference = compare(stored);
  ASSERT_TRUE(difference);
  EXPECT_EQ(difference->failure, "for the test");
}

}  // namespace
}  // namespace varprop::driver
