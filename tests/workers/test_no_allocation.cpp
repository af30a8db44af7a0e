// Nothing is allocated in the inner loops: a unit of many networks allocates exactly as often as a unit of
// few.
//
// Counted by an operator new of this program's own; allocations before and after the networks (vectors per
// layer, statistics, the record) are in both counts. Seen to fail with a vector made in DenseEngine::forward,
// with one made in the conditional engine's layers, and before the statistics and the orthogonal matrix had
// their room beforehand.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "core/network/engine_choice.hpp"
#include "workers/networks/stream_engine.hpp"
#include "workers/simulate_unit.hpp"
#include "workers/streams/scalar_stream_engine.hpp"

namespace {
std::atomic<std::int64_t> allocations{0};

void* counted(std::size_t size, std::size_t alignment) {
  ++allocations;
  void* const room = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (room == nullptr) throw std::bad_alloc();
  return room;
}
}  // namespace

// Where GCC sees `free` of what `new` made, inlined, it takes the pair for a mistake.
void* operator new(std::size_t size) {
  return counted(size, alignof(std::max_align_t));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
[[gnu::noinline]] void operator delete(void* room) noexcept {
  std::free(room);
}
[[gnu::noinline]] void operator delete(void* room, std::size_t) noexcept {
  std::free(room);
}
[[gnu::noinline]] void operator delete(void* room, std::align_val_t) noexcept {
  std::free(room);
}
[[gnu::noinline]] void operator delete(void* room, std::size_t, std::align_val_t) noexcept {
  std::free(room);
}

namespace varprop::test {
namespace {

using namespace workers;

struct Setting {
  Engine engine;
  WeightDistribution weights;
  const char* activation;
  bool two_inputs;
};

Sweep sweep_of(const Setting& setting, std::int64_t replicas) {
  Sweep sweep;
  sweep.grid = {{Activation::parse(setting.activation)},
                {setting.weights},
                {WeightVariance(1.5)},
                {BiasVariance(0.1)},
                {Width(37)},
                {Depth(9)}};
  sweep.network.engine = setting.engine;
  if (setting.two_inputs) {
    sweep.network.input_correlation = 0.5;
    sweep.measures.push_back(Quantity::correlation);
  }
  sweep.replicas = replicas;
  sweep.batches = 1;
  sweep.layers = recorded_layers(sweep.grid.depth, 64);
  return sweep;
}

/// How often a unit of so many networks allocates.
std::int64_t allocations_of(const Setting& setting, std::int64_t replicas) {
  const Sweep sweep = sweep_of(setting, replicas);
  const UnitSimulator simulate(sweep);
  const StopFlag stop{false};
  const std::int64_t before = allocations;
  const Record record = simulate({PointIndex(0), BatchIndex(0)}, stop);
  const std::int64_t after = allocations;
  EXPECT_EQ(record.state, UnitState::done) << record.failure;
  return after - before;
}

class NoAllocation : public ::testing::TestWithParam<Setting> {};

TEST_P(NoAllocation, ManyNetworksAllocateAsOftenAsFew) {
  const std::int64_t few = allocations_of(GetParam(), 2);
  EXPECT_GT(few, 0) << "the count does not work";
  EXPECT_EQ(allocations_of(GetParam(), 50), few);
}

INSTANTIATE_TEST_SUITE_P(
    Engines, NoAllocation,
    ::testing::Values(Setting{Engine::radial, WeightDistribution::gaussian, "relu", false},
                      Setting{Engine::conditional, WeightDistribution::gaussian, "tanh", false},
                      Setting{Engine::conditional, WeightDistribution::orthogonal, "gelu", false},
                      Setting{Engine::dense, WeightDistribution::gaussian, "tanh", false},
                      Setting{Engine::dense, WeightDistribution::uniform, "relu", false},
                      Setting{Engine::dense, WeightDistribution::truncated_normal, "relu", false},
                      Setting{Engine::dense, WeightDistribution::rademacher, "relu", false},
                      Setting{Engine::dense, WeightDistribution::orthogonal, "tanh", false},
                      Setting{Engine::conditional, WeightDistribution::gaussian, "tanh", true},
                      Setting{Engine::conditional, WeightDistribution::orthogonal, "relu", true},
                      Setting{Engine::dense, WeightDistribution::gaussian, "tanh", true}));

/// Networks of blocks: none at all, once the first has made room.
TEST(Allocation, NoneInNetworksOfBlocks) {
  for (const MatrixKind kind : {MatrixKind::drawn, MatrixKind::deferred, MatrixKind::folded}) {
    for (const Block block : {Block::plain, Block::residual, Block::transformer, Block::transformer_glu}) {
      if (kind == MatrixKind::folded && !has_attention(block)) continue;
      StreamNetwork network;
      network.block = block;
      network.norm = Norm::pre_layer;
      network.n = network.m = 12;
      network.L = 2;
      network.heads = 2;
      network.tokens = has_attention(block) ? 3 : 1;
      for (Magnitude& k : network.variance.values) k = Magnitude::from(0.1);
      StreamEngine engine(network, RandomMatrices(kind, network.weights, 1, 2));
      StreamSample sample(network.L);
      const StopFlag stop{false};
      engine(0, sample, stop);
      const std::int64_t before = allocations;
      for (std::uint32_t replica = 1; replica < 4; ++replica) engine(replica, sample, stop);
      EXPECT_EQ(allocations, before) << word_of(block);
    }
  }
}

TEST(Allocation, NoneInStreamsOfOneToken) {
  for (const Block block : {Block::mlp, Block::transformer, Block::transformer_glu}) {
    StreamNetwork network;
    network.block = block;
    network.norm = Norm::post_layer;
    network.n = network.m = 12;
    network.L = 2;
    for (Magnitude& k : network.variance.values) k = Magnitude::from(0.1);
    for (const HiddenSums hidden : {HiddenSums::radial, HiddenSums::of_neurons}) {
      ScalarStreamEngine engine(network, hidden, {1, 2});
      StreamSample sample(network.L);
      const StopFlag stop{false};
      engine(0, sample, stop);
      const std::int64_t before = allocations;
      for (std::uint32_t replica = 1; replica < 4; ++replica) engine(replica, sample, stop);
      EXPECT_EQ(allocations, before) << word_of(block);
    }
  }
}

}  // namespace
}  // namespace varprop::test
