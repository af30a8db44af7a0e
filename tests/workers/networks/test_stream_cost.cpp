// What the planner is told of networks of blocks.
#include <gtest/gtest.h>

#include "workers/networks/stream_engine.hpp"

namespace varprop::test {
namespace {

using namespace workers;

StreamNetwork transformer(std::int64_t n, std::int32_t L, std::int32_t T) {
  StreamNetwork network;
  network.block = Block::transformer;
  network.n = n;
  network.m = 4 * n;
  network.L = L;
  network.tokens = T;
  return network;
}

/// Q, K, V: 3n × n; out: n × n; 4n × n and n × 4n.
TEST(StreamCost, CountsTheNormalsOfEveryMatrixBothWays) {
  EXPECT_EQ(drawn_numbers(transformer(64, 3, 2), MatrixKind::deferred), 3 * 2 * (4 + 2 + 5 + 5) * 64.0);
  EXPECT_EQ(drawn_numbers(transformer(64, 3, 2), MatrixKind::drawn), 3 * 2 * 2 * (3 + 1 + 4 + 4) * 64.0 * 64);
}

TEST(StreamCost, LetsMemoryGrowWithWidthAndTokensUntilLayersAreDoneAgain) {
  const auto bytes = [](std::int64_t n, std::int32_t L) {
    return stream_bytes(transformer(n, L, 8), MatrixKind::deferred);
  };
  EXPECT_NEAR(bytes(2048, 4) / bytes(1024, 4), 2, 1e-9);
  EXPECT_NEAR(bytes(1024, 40) / bytes(1024, 20), 2, 0.1);
  ASSERT_GT(intermediate_bytes(transformer(1 << 16, 100, 8), MatrixKind::deferred), kept_bytes);
  // Then a layer's own and a stream a layer: 8 bytes of n T numbers.
  EXPECT_NEAR(bytes(1 << 16, 300) - bytes(1 << 16, 200), 100 * 8.0 * 8 * (1 << 16), 1);
}

/// Of attention in axes nothing depends on the width, of a transformer what hidden neurons take.
TEST(StreamCost, LetsOnlyHiddenNeuronsCountWhereVectorsAreInAxes) {
  StreamNetwork attention = transformer(1 << 10, 4, 8), wider = transformer(1 << 20, 4, 8);
  attention.block = wider.block = Block::attention;
  for (const auto of : {drawn_numbers, stream_bytes, block_touch_seconds, intermediate_bytes})
    EXPECT_EQ(of(attention, MatrixKind::folded), of(wider, MatrixKind::folded));
  const auto numbers = [](std::int64_t n) { return drawn_numbers(transformer(n, 4, 8), MatrixKind::folded); };
  EXPECT_EQ(numbers(2048) - numbers(1024), 4 * 8 * 2 * 4 * 1024.0);
}

}  // namespace
}  // namespace varprop::test
