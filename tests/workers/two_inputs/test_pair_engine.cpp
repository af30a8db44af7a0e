// Units that measure the correlation of two inputs.
#include <gtest/gtest.h>

#include <cmath>

#include "core/simd/forced_target.hpp"
#include "workers/simulate_unit.hpp"

namespace varprop::test {
namespace {

using namespace workers;

Sweep pair_sweep(const std::string& activation, std::int64_t n, Engine engine, double correlation = 0.5) {
  Sweep sweep;
  sweep.grid = {{Activation::parse(activation)},
                {WeightDistribution::gaussian},
                {WeightVariance(1.5)},
                {BiasVariance(0.1)},
                {Width(n)},
                {Depth(6)}};
  sweep.network.engine = engine;
  sweep.network.input_correlation = correlation;
  sweep.measures.push_back(Quantity::correlation);
  sweep.replicas = 4;
  sweep.batches = 1;
  sweep.layers = recorded_layers(sweep.grid.depth, 64);
  return sweep;
}

Record simulate(const Sweep& sweep) {
  const StopFlag stop{false};
  return UnitSimulator(sweep)({PointIndex(0), BatchIndex(0)}, stop);
}

double value(const Sweep& sweep, const Record& record, const std::string& dataset, std::int64_t layer) {
  const RecordLayout layout(sweep);
  return record.values[static_cast<std::size_t>(layout.offset(layout.find(dataset)) + layer - 1)];
}

class TwoInputs : public ::testing::TestWithParam<Engine> {};

TEST_P(TwoInputs, AreMeasuredAtEveryLayer) {
  for (const std::int64_t n : {2, 3, 8, 21, 64}) {
    const Sweep sweep = pair_sweep("tanh", n, GetParam());
    const Record record = simulate(sweep);
    ASSERT_EQ(record.state, UnitState::done) << record.failure;
    for (std::int64_t l = 1; l <= 6; ++l) {
      for (const char* dataset : {"correlation_mean", "gradient_correlation_mean"}) {
        EXPECT_LE(std::abs(value(sweep, record, dataset, l)), 1) << dataset << " of layer " << l;
      }
      EXPECT_TRUE(std::isfinite(value(sweep, record, "correlation_log_distance_mean", l)));
      EXPECT_EQ(std::isfinite(value(sweep, record, "gradient_correlation_log_distance_mean", l)), l < 6);
    }
    EXPECT_EQ(value(sweep, record, "gradient_correlation_mean", 6), 1);
    EXPECT_EQ(value(sweep, record, "gradient_correlation_variance", 6), 0);
  }
}

TEST_P(TwoInputs, ThatAreEqualStayEqual) {
  const Sweep sweep = pair_sweep("gelu", 20, GetParam(), 1.0);
  const Record record = simulate(sweep);
  for (std::int64_t l = 1; l <= 6; ++l) {
    EXPECT_EQ(value(sweep, record, "correlation_mean", l), 1);
    EXPECT_EQ(value(sweep, record, "gradient_correlation_mean", l), 1);
    EXPECT_TRUE(std::isnan(value(sweep, record, "correlation_log_distance_mean", l)));
  }
}

TEST_P(TwoInputs, LeaveNothingToSayOnceOneIsExtinct) {
  Sweep sweep = pair_sweep("relu", 1, GetParam(), -1.0);  // one neuron: one of two opposite signals is off
  sweep.grid.bias_variance = {BiasVariance(0)};
  const Record record = simulate(sweep);
  EXPECT_EQ(value(sweep, record, "correlation_mean", 1), -1);
  for (std::int64_t l = 2; l <= 6; ++l) EXPECT_TRUE(std::isnan(value(sweep, record, "correlation_mean", l)));
  for (std::int64_t l = 1; l < 6; ++l) {
    EXPECT_TRUE(std::isnan(value(sweep, record, "gradient_correlation_mean", l)));
  }
}

TEST_P(TwoInputs, GiveEqualBitsOnEveryInstructionSet) {
  if (vector_targets().size() < 2) GTEST_SKIP() << "this machine has one vector target only";
  const Sweep sweep = pair_sweep("gelu", 61, GetParam());
  std::vector<std::vector<double>> values;
  for (const std::int64_t target : vector_targets()) {
    const ForcedTarget forced(target);
    values.push_back(simulate(sweep).values);
  }
  for (std::size_t i = 0; i < values[0].size(); ++i) {
    EXPECT_TRUE(values[0][i] == values[1][i] || std::isnan(values[0][i] + values[1][i])) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, TwoInputs, ::testing::Values(Engine::conditional, Engine::dense),
                         [](const auto& test) { return std::string(word_of(test.param)); });

}  // namespace
}  // namespace varprop::test
