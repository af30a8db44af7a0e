// Which rows of the file become a point's results.
// Batches pooled are the networks of all batches in one.
//
// Seen red: with batches weighed alike whatever their living networks, with extinct networks left out of the
// mean.

#include <gtest/gtest.h>
#include <cmath>

#include "analysis/results/point_results.hpp"
#include "core/math/moments.hpp"
#include "tests/analysis/synthetic.hpp"
#include "tests/analysis/synthetic_file.hpp"

namespace varprop::analysis {

namespace {

using namespace synthetic;

TEST(PointReader, ReadsAnyBlockAsItReadsAll) {
  const TemporaryFolder scratch;
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
      EXPECT_EQ(some[i].of(Quantity::forward)->log_mean, same.of(Quantity::forward)->log_mean);
      EXPECT_EQ(some[i].of(Quantity::backward)->at_end, same.of(Quantity::backward)->at_end);
    }
  }
}

TEST(PointReader, ReadsDoneBatchesUpToThePointsDepth) {
  const TemporaryFolder scratch;
  const Sweep sweep = small_sweep();
  const ResultsFile file(results_file(scratch, sweep, [](Unit unit) { return unit.batch.value() != 1; }),
                         ResultsFile::Access::read);
  const auto points = PointReader(file).read(PointIndex(0), 8);
  for (const PointResults& results : points) {
    const std::int32_t depth = results.point.depth.value();
    EXPECT_EQ(results.batches_done, 2);
    EXPECT_EQ(results.layers.front(), 1);
    EXPECT_EQ(results.layers.back(), depth);
    EXPECT_EQ(results.of(Quantity::forward)->at_end.size(),
              2u * static_cast<std::size_t>(sweep.replicas_per_batch()));
    EXPECT_DOUBLE_EQ(profile(results, *results.of(Quantity::forward), 1).back(),
                     (forward_step + 0.002) * depth);
    EXPECT_DOUBLE_EQ(profile(results, *results.of(Quantity::backward), 1).front(),
                     (backward_step + 0.002) * (depth - 1));
  }
}

TEST(PointReader, TakesNothingFromFailedBatches) {
  const TemporaryFolder scratch;
  const Sweep sweep = small_sweep();
  const fs::path path = results_file(scratch, sweep, [](Unit unit) { return unit.point.value() == 0; });
  const Unit unit{PointIndex(3), BatchIndex(2)};
  Record failed{unit, UnitState::failed, 0.1, "a reason", {}};
  ResultsFile(path, ResultsFile::Access::write).commit(std::span(&failed, 1));
  const ResultsFile file(path, ResultsFile::Access::read);
  const auto points = PointReader(file).read(PointIndex(0), 8);
  EXPECT_EQ(points[3].batches_done, 0);
  EXPECT_TRUE(points[3].of(Quantity::forward)->at_end.empty());
}

/// Seen red: the counts went into sums that overflowed.
TEST(PointReader, RefusesCountsOfMoreReplicasThanThereAre) {
  const TemporaryFolder scratch;
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
  const TemporaryFolder scratch;
  const Sweep sweep = small_sweep();
  const ResultsFile file(results_file(scratch, sweep, every_unit), ResultsFile::Access::read);
  const std::int64_t row_bytes = 8 * sweep.batches * row_length(sweep, RowAxis::layer);
  EXPECT_LE(PointReader(file).block_size() * row_bytes, std::int64_t{32} << 20);
  EXPECT_GE(PointReader(file).block_size(), 1);
}

LogMoments moments_of(std::initializer_list<double> values) {
  LogMoments moments;
  for (const double x : values) moments.add(Magnitude::from(x));
  return moments;
}

void append(QuantityResults& results, const LogMoments& moments) {
  results.log_mean.push_back(moments.log_mean());
  results.log_variance.push_back(moments.log_variance());
  results.log_of_mean.push_back(moments.log_of_mean());
  results.extinct.push_back(static_cast<double>(moments.extinct()));
}

TEST(PoolBatches, IsAsIfAllNetworksWereOneBatch) {
  PointResults results = synthetic::empty_point("relu", 2, 1);
  results.batches_done = 4;
  results.of(Quantity::forward).emplace();
  LogMoments all;
  for (const LogMoments& batch : {moments_of({1, 5, 0.25}), moments_of({7, 0, 0}), moments_of({0, 0, 0}),
                                  moments_of({2e-300, 3e300, 0})}) {
    append(*results.of(Quantity::forward), batch);
    all.merge(batch);
  }
  const PooledProfile pooled = pool_batches(results, *results.of(Quantity::forward), 3);
  EXPECT_NEAR(pooled.log_mean[0], all.log_mean(), 1e-12);
  EXPECT_NEAR(pooled.log_variance[0], all.log_variance(), 1e-9);
  EXPECT_NEAR(pooled.log_of_mean[0], all.log_of_mean(), 1e-12);
  EXPECT_EQ(pooled.extinct[0], 6);
}

TEST(PoolBatches, HasNothingToSayOfTheExtinct) {
  PointResults results = synthetic::empty_point("relu", 2, 1);
  results.batches_done = 1;
  results.of(Quantity::forward).emplace();
  append(*results.of(Quantity::forward), moments_of({0, 0}));
  const PooledProfile pooled = pool_batches(results, *results.of(Quantity::forward), 2);
  EXPECT_TRUE(std::isnan(pooled.log_mean[0]));
  EXPECT_TRUE(std::isnan(pooled.log_of_mean[0]));
  EXPECT_EQ(pooled.extinct[0], 2);
}

TEST(ReliableMean, NeedsMoreNetworksThanTheSpreadAllows) {
  EXPECT_TRUE(reliable_mean(0.5, 256));  // √(0.6487/256) = 0.050
  EXPECT_FALSE(reliable_mean(4, 256));   // √(53.6/256) = 0.46
  EXPECT_FALSE(reliable_mean(NAN, 256));
}

}  // namespace

}  // namespace varprop::analysis
