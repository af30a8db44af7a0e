// Units → records: range, reproducibility, independence of everything around a point.
#include "tests/workers/simulated_point.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <chrono>
#include <cmath>
#include <thread>
#include <tuple>
#include <utility>

#include "core/simd/forced_target.hpp"

namespace varprop::test {
namespace {

using namespace workers;

void expect_equal_bits(const Record& a, const Record& b) {
  ASSERT_EQ(a.values.size(), b.values.size());
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    ASSERT_EQ(std::bit_cast<std::uint64_t>(a.values[i]), std::bit_cast<std::uint64_t>(b.values[i])) << i;
  }
}

struct Extreme {
  const char* activation;
  double weight_variance;
  double rate;  ///< of ln q per layer, infinite width
  Engine engine;
};

class ExtremeDepth : public ::testing::TestWithParam<Extreme> {};

TEST_P(ExtremeDepth, GivesFiniteNumbersInEveryLayer) {
  const auto& [activation, weight_variance, rate, engine] = GetParam();
  constexpr std::int32_t L = 5000;
  const Sweep sweep = one_point(activation, weight_variance, 0, 32, L, engine);
  const Record record = simulate(sweep);
  ASSERT_EQ(record.state, UnitState::done) << record.failure;
  for (std::size_t i = 0; i < sweep.layers.size(); ++i) {
    for (const char* dataset : {"forward_log_mean", "backward_log_mean", "weight_gradient_log_of_mean"}) {
      ASSERT_TRUE(std::isfinite(value(sweep, record, dataset, static_cast<std::int64_t>(i)))) << dataset;
    }
  }
  const auto last = static_cast<std::int64_t>(sweep.layers.size()) - 1;
  EXPECT_NEAR(value(sweep, record, "forward_log_mean", last) / L, rate, 0.12);
  EXPECT_NEAR(value(sweep, record, "backward_log_mean", 0) / L, rate, 0.12);
}

INSTANTIATE_TEST_SUITE_P(Cases, ExtremeDepth,
                         ::testing::Values(Extreme{"relu", 8, std::log(4.0), Engine::conditional},
                                           Extreme{"tanh", 0.1, std::log(0.1), Engine::conditional},
                                           Extreme{"gelu", 60, std::log(30.0), Engine::conditional},
                                           Extreme{"gelu", 0.4, std::log(0.1), Engine::conditional},
                                           Extreme{"relu", 8, std::log(4.0), Engine::dense},
                                           Extreme{"tanh", 0.1, std::log(0.1), Engine::dense}));

TEST(SimulateUnit, NumbersDoNotDependOnTheGridAroundThePoint) {
  const Sweep alone = one_point("tanh", 1.5, 0.05, 40, 12);
  Sweep among = alone;
  among.grid.activation.insert(among.grid.activation.begin(), Activation::parse("relu"));
  among.grid.width = {Width(17), Width(40), Width(64)};
  expect_equal_bits(simulate(alone), simulate(among, 1 * 3 + 1));
}

TEST(SimulateUnit, MeasuringLessLeavesTheRestAsItIs) {
  const Sweep all = one_point("gelu", 2, 0, 33, 9);
  Sweep forward = all;
  forward.measures = {Quantity::forward};
  EXPECT_EQ(value(all, simulate(all), "forward_log_variance", 8),
            value(forward, simulate(forward), "forward_log_variance", 8));
}

TEST(SimulateUnit, BatchesAndSeedsDiffer) {
  const Sweep sweep = one_point("relu", 2, 0, 33, 5);
  Sweep other = sweep;
  other.seed = 2;
  const double first = value(sweep, simulate(sweep), "forward_last", 0);
  EXPECT_NE(first, value(sweep, simulate(sweep, 0, 1), "forward_last", 0));
  EXPECT_NE(first, value(other, simulate(other), "forward_last", 0));
}

void expect_equal_targets(const Sweep& sweep) {
  std::vector<Record> records;
  for (const std::int64_t target : vector_targets()) {
    const ForcedTarget forced(target);
    records.push_back(simulate(sweep));
  }
  expect_equal_bits(records[0], records[1]);
}

TEST(SimulateUnit, BitsAreEqualOnEveryInstructionSet) {
  if (vector_targets().size() < 2) GTEST_SKIP() << "this machine has one vector target only";
  for_each_law_and_engine(one_point("gelu", 2, 0.1, 61, 20), {Engine::conditional, Engine::dense},
                          expect_equal_targets);
  for (const Engine engine : {Engine::conditional, Engine::dense}) {
    for (const auto& [activation, weight_variance, n] :
         {std::tuple{"tanh", 1e8, 3}, {"silu", 1e6, 2}, {"arctan", 1e300, 5}, {"sin", 1e30, 9}}) {
      expect_equal_targets(one_point(activation, weight_variance, 0.1, n, 20, engine));
    }
  }
}

TEST(SimulateUnit, LayersBeyondThePointsDepthStayFill) {
  Sweep sweep = one_point("tanh", 1, 0, 8, 4);
  sweep.grid.depth = {Depth(4), Depth(16)};
  sweep.layers = recorded_layers(sweep.grid.depth, 16);
  const Record record = simulate(sweep);
  EXPECT_TRUE(std::isfinite(value(sweep, record, "forward_log_mean", 3)));
  EXPECT_TRUE(std::isnan(value(sweep, record, "forward_log_mean", 4)));
  EXPECT_EQ(value(sweep, record, "forward_extinct", 3), 0);
  EXPECT_EQ(value(sweep, record, "forward_extinct", 4), -1);
}

TEST(SimulateUnit, AnExtinctNetworkIsCountedAndLeftOut) {
  Sweep sweep = one_point("relu", 2, 0, 1, 40);  // one neuron: alive with probability 2^-39
  sweep.replicas = 64;
  sweep.batches = 1;
  const Record record = simulate(sweep);
  EXPECT_EQ(value(sweep, record, "forward_extinct", 39), 64);
  EXPECT_EQ(value(sweep, record, "backward_extinct", 0), 64);
  EXPECT_EQ(value(sweep, record, "backward_extinct", 39), 0);
  EXPECT_TRUE(std::isnan(value(sweep, record, "forward_log_mean", 39)));
  EXPECT_TRUE(std::isnan(value(sweep, record, "forward_last", 0)));
}

TEST(SimulateUnit, EveryWidthGivesNumbersInEveryEngine) {
  for (std::int64_t n = 1; n <= 70; ++n) {
    for_each_law_and_engine(one_point("tanh", 1.5, 0.3, n, 3), {Engine::conditional, Engine::dense},
                            [n](const Sweep& sweep) {
                              const Record record = simulate(sweep);
                              ASSERT_EQ(record.state, UnitState::done) << record.failure;
                              for (const double x : record.values)
                                ASSERT_TRUE(std::isfinite(x)) << "n = " << n;
                            });
  }
}

/// φ and φ' together, or φ' alone, exactly 0 over a whole range.
bool has_true_zeros(const std::string& activation) {
  for (const char* flat : {"relu", "hard_tanh", "hardswish", "hardsigmoid", "relu6", "relu2", "softshrink"}) {
    if (activation == flat) return true;
  }
  return false;
}

TEST(SimulateUnit, SaturationAndVanishingTailsGiveNumbers) {
  for (const Engine engine : {Engine::conditional, Engine::dense}) {
    for (const std::string& activation : activation_names()) {
      if (has_true_zeros(activation)) continue;
      for (const double weight_variance : {1e4, 1e8}) {
        if (activation == "gelu_tanh" && weight_variance > 1e4)
          continue;  // below e^−10¹⁷: its exponent is z³
        for (const std::int64_t n : {1, 2, 16}) {
          const Sweep sweep = one_point(activation, weight_variance, 0, n, 3, engine);
          const Record record = simulate(sweep);
          ASSERT_EQ(record.state, UnitState::done) << activation << ": " << record.failure;
          for (std::int64_t i = 0; i < 3; ++i) {
            EXPECT_EQ(value(sweep, record, "forward_extinct", i), 0) << activation << " n = " << n;
            EXPECT_EQ(value(sweep, record, "backward_extinct", i), 0) << activation << " n = " << n;
          }
        }
      }
    }
  }
}

/// q_1 … q_4 = 1, 3/2, (3/2)³, (3/2)⁷ and g_l/g_{l+1} = 2 q_l of infinite width; at n = 2¹⁶ one layer's noise
/// is 0.02, and doubles in each.
TEST(SimulateUnit, ASquaringActivationMeetsItsMap) {
  const Sweep sweep = one_point("relu2", 1, 0, 1 << 16, 4);
  const Record record = simulate(sweep);
  const double ln = std::log(1.5);
  EXPECT_NEAR(value(sweep, record, "forward_log_mean", 3), 7 * ln, 0.2);
  EXPECT_NEAR(value(sweep, record, "backward_log_mean", 0), 3 * std::log(2) + 4 * ln, 0.2);
}

/// The fixed point 2/(3σ_w²) drives away: e^±10¹⁷ is passed by layer 70.
TEST(SimulateUnit, ASquaringActivationEndsAtInfinityOrAtZero) {
  for (const bool two_inputs : {false, true}) {
    for (const Engine engine : {Engine::conditional, Engine::dense}) {
      const auto of = [&](double weight_variance, const auto& use) {
        Sweep sweep = one_point("relu2", weight_variance, 0, 16, 100, engine);
        if (two_inputs) sweep.network.input_correlation = 0.5;
        const Record record = simulate(sweep);
        ASSERT_EQ(record.state, UnitState::done) << record.failure;
        use([&](const char* dataset, std::int64_t at) { return value(sweep, record, dataset, at); });
      };
      const auto last = static_cast<std::int64_t>(one_point("relu2", 1, 0, 16, 100).layers.size()) - 1;
      of(50, [last](const auto& at) {
        EXPECT_TRUE(std::isfinite(at("forward_log_mean", 5)));
        EXPECT_EQ(at("forward_log_mean", last), HUGE_VAL);
        EXPECT_EQ(at("forward_last", 3), HUGE_VAL);
        EXPECT_EQ(at("backward_log_mean", 0), HUGE_VAL);
        EXPECT_EQ(at("backward_log_mean", last), 0);
        EXPECT_EQ(at("weight_gradient_log_of_mean", 0), HUGE_VAL);
        EXPECT_TRUE(std::isnan(at("forward_log_variance", last)));
        EXPECT_EQ(at("forward_extinct", last), 0);
      });
      of(1e-3, [last](const auto& at) {
        EXPECT_TRUE(std::isfinite(at("forward_log_mean", 5)));
        EXPECT_EQ(at("forward_extinct", last), 4);
        EXPECT_EQ(at("backward_extinct", 0), 4);
        EXPECT_EQ(at("backward_extinct", last), 0);
      });
    }
  }
}

TEST(SimulateUnit, TheFlatPartsOfHardTanhEndTheGradientAndNotTheSignal) {
  for (const Engine engine : {Engine::conditional, Engine::dense}) {
    const Sweep sweep = one_point("hard_tanh", 1e30, 0, 2, 4, engine);
    const Record record = simulate(sweep);
    ASSERT_EQ(record.state, UnitState::done) << record.failure;
    EXPECT_EQ(value(sweep, record, "backward_extinct", 0), 4);
    EXPECT_EQ(value(sweep, record, "backward_extinct", 3), 0);
    EXPECT_EQ(value(sweep, record, "forward_extinct", 3), 0);
  }
}

/// The engines that know straight lines alone must be told those of z = 0: all networks of one ReLU are off
/// by layer 60, and so are their gradients; one layer below the last they are those that are alive there.
TEST(SimulateUnit, AnExtinctSignalStaysExtinctInEveryEngine) {
  for (const Engine engine : {Engine::radial, Engine::conditional, Engine::dense}) {
    Sweep sweep = one_point("relu", 2, 0, 1, 60, engine);
    sweep.replicas = 64;
    sweep.batches = 1;
    const Record record = simulate(sweep);
    ASSERT_EQ(record.state, UnitState::done) << record.failure;
    double extinct = 0;
    for (std::int64_t l = 0; l < 60; ++l) {
      const double now = value(sweep, record, "forward_extinct", l);
      EXPECT_GE(now, extinct) << "layer " << l + 1;
      extinct = now;
    }
    EXPECT_EQ(extinct, 64);
    EXPECT_EQ(value(sweep, record, "backward_extinct", 0), 64);
    EXPECT_EQ(value(sweep, record, "backward_extinct", 59), 0);
  }
}

/// Slopes below exp(−10¹⁷) are zero: the gradient is extinct there, and the signal is what it is.
TEST(SimulateUnit, ASlopeBeyondEvenLogarithmsEndsTheGradientAlone) {
  for (const Engine engine : {Engine::conditional, Engine::dense}) {
    for (const double weight_variance : {1e80, 1e300}) {
      for (const char* activation : {"tanh", "erf", "elu", "selu"}) {
        const Sweep sweep = one_point(activation, weight_variance, 0, 1, 8, engine);
        const Record record = simulate(sweep);
        ASSERT_EQ(record.state, UnitState::done) << activation << ": " << record.failure;
        EXPECT_GT(value(sweep, record, "backward_extinct", 0), 0) << activation;
        EXPECT_EQ(value(sweep, record, "backward_extinct", 7), 0) << activation;
        EXPECT_EQ(value(sweep, record, "forward_extinct", 7), 0) << activation;
        EXPECT_TRUE(std::isfinite(value(sweep, record, "forward_log_mean", 7))) << activation;
      }
    }
  }
}

/// ELU's negative side is −α however far out: eight layers of one neuron each, exactly.
TEST(SimulateUnit, FarOutOnItsFlatSideEluIsFlat) {
  Sweep sweep = one_point("elu(2)", 1e80, 0, 1, 2);
  sweep.replicas = sweep.batches = 64;
  int flat = 0;
  for (std::int32_t replica = 0; replica < 64; ++replica) {
    const Record record = simulate(sweep, 0, replica);
    const double ln_q = value(sweep, record, "forward_log_mean", 1);
    const double of_flat = std::log(4.0) + 80 * std::log(10.0);  // |a|² = 4, times N(0, 1)²
    flat += ln_q < of_flat + 10 ? 1 : 0;
  }
  EXPECT_NEAR(flat, 32, 20) << "half of the networks; 5 standard errors";
}

/// Signs that cancel exactly end a signal: of two inputs of ±1, every second row does.
TEST(SimulateUnit, ASignalThatCancelsExactlyIsExtinct) {
  Sweep sweep = one_point("tanh", 1, 0, 2, 6, Engine::dense);
  sweep.grid.weights = {WeightDistribution::rademacher};
  sweep.network.input = InputDistribution::rademacher;
  sweep.replicas = 64;
  sweep.batches = 1;
  const Record record = simulate(sweep);
  ASSERT_EQ(record.state, UnitState::done) << record.failure;
  EXPECT_GT(value(sweep, record, "forward_extinct", 5), 0);
}

TEST(SimulateUnit, TheSmallestVarianceIsNoZero) {
  const Sweep sweep = one_point("tanh", 5e-324, 0, 16, 3);
  const Record record = simulate(sweep);
  EXPECT_NEAR(value(sweep, record, "forward_log_mean", 2), 3 * std::log(5e-324), 5);
  EXPECT_EQ(value(sweep, record, "forward_extinct", 2), 0);
}

/// One layer of these would take seconds or minutes: a stop is heard within it, or the test runs into its
/// timeout.
TEST(SimulateUnit, AStopIsHeardInTheMiddleOfALayer) {
  for (const auto& [engine, n] : {std::pair{Engine::conditional, std::int64_t{20'000'000'000}},
                                  std::pair{Engine::dense, std::int64_t{1'000'000}}}) {
    const Sweep sweep = one_point("tanh", 1, 0, n, 4, engine);
    const UnitSimulator simulator(sweep);
    StopFlag stop{false};
    std::thread later([&stop] {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      stop = true;
    });
    EXPECT_THROW(simulator({PointIndex(0), BatchIndex(0)}, stop), Stopped);
    later.join();
  }
}

}  // namespace
}  // namespace varprop::test
