// Which rows of the file become a point's results.
#include "analysis/point_reader.hpp"

#include <gtest/gtest.h>

#include "synthetic_file.hpp"

namespace varprop {
namespace {

using namespace synthetic;

TEST(PointReader, ReadsAnyBlockAsItReadsAll) {
  const Scratch scratch;
  const Sweep sweep = small_sweep();
  const ResultsFile file(results_file(scratch, sweep, [](Unit unit) { return unit.point.value() != 4; }),
                         ResultsFile::Access::read);
  const PointReader reader(file);
  const auto all = reader.read(PointIndex(0), 8);
  for (std::int64_t first = 0; first < 8; ++first) {
    const auto some = reader.read(PointIndex(first), std::min<std::int64_t>(2, 8 - first));
    for (std::size_t i = 0; i < some.size(); ++i) {
      const PointResults& same = all[static_cast<std::size_t>(first) + i];
      EXPECT_EQ(some[i].point, same.point);
      EXPECT_EQ(some[i].batches_done, same.batches_done);
      EXPECT_EQ(some[i].forward->log_mean, same.forward->log_mean);
      EXPECT_EQ(some[i].backward->at_end, same.backward->at_end);
    }
  }
}

TEST(PointReader, ReadsDoneBatchesUpToThePointsDepth) {
  const Scratch scratch;
  const Sweep sweep = small_sweep();
  const ResultsFile file(results_file(scratch, sweep, [](Unit unit) { return unit.batch.value() != 1; }),
                         ResultsFile::Access::read);
  const auto points = PointReader(file).read(PointIndex(0), 8);
  for (const PointResults& results : points) {
    const std::int32_t depth = results.point.depth.value();
    EXPECT_EQ(results.batches_done, 2);
    EXPECT_EQ(results.layers.front(), 1);
    EXPECT_EQ(results.layers.back(), depth);
    EXPECT_EQ(results.forward->at_end.size(), 2u * static_cast<std::size_t>(sweep.replicas_per_batch()));
    EXPECT_DOUBLE_EQ(profile(results, *results.forward, 1).back(), (forward_step + 0.002) * depth);
    EXPECT_DOUBLE_EQ(profile(results, *results.backward, 1).front(), (backward_step + 0.002) * (depth - 1));
  }
}

TEST(PointReader, TakesNothingFromFailedBatches) {
  const Scratch scratch;
  const Sweep sweep = small_sweep();
  const fs::path path = results_file(scratch, sweep, [](Unit unit) { return unit.point.value() == 0; });
  const Unit unit{PointIndex(3), BatchIndex(2)};
  Record failed{unit, UnitState::failed, 0.1, "a reason", {}};
  ResultsFile(path, ResultsFile::Access::write).commit(std::span(&failed, 1));
  const ResultsFile file(path, ResultsFile::Access::read);
  const auto points = PointReader(file).read(PointIndex(0), 8);
  EXPECT_EQ(points[3].batches_done, 0);
  EXPECT_TRUE(points[3].forward->at_end.empty());
}

/// Seen red: the counts went into sums that overflowed.
TEST(PointReader, RefusesCountsOfMoreReplicasThanThereAre) {
  const Scratch scratch;
  const Sweep sweep = small_sweep();
  const RecordLayout layout(sweep);
  for (const double count : {-1.0, 5.0}) {
    const fs::path path = results_file(scratch, sweep, [](Unit) { return false; });
    Record record = done_record(sweep, {PointIndex(0), BatchIndex(0)});
    record.values[static_cast<std::size_t>(layout.offset(layout.find("backward_extinct")))] = count;
    ResultsFile(path, ResultsFile::Access::write).commit(std::span(&record, 1));
    const ResultsFile file(path, ResultsFile::Access::read);
    EXPECT_THROW(PointReader(file).read(PointIndex(0), 8), InputError) << count;
    fs::remove(path);
  }
}

TEST(PointReader, AsksForBoundedBlocks) {
  const Scratch scratch;
  const Sweep sweep = small_sweep();
  const ResultsFile file(results_file(scratch, sweep, every_unit), ResultsFile::Access::read);
  const std::int64_t row_bytes = 8 * sweep.batches * row_length(sweep, RowAxis::layer);
  EXPECT_LE(PointReader(file).block_size() * row_bytes, std::int64_t{32} << 20);
  EXPECT_GE(PointReader(file).block_size(), 1);
}

}  // namespace
}  // namespace varprop
