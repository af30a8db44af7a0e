// Activations and tangent kernels in the records of every engine, one input and two.
//
// Seen red: with layer 1 left out of Θ_b; with a^L taken of z^L itself by one engine.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <string>
#include <vector>

#include "tests/workers/simulated_point.hpp"

namespace varprop::test {
namespace {

using namespace workers;

/// One network a batch, so that means of logarithms are logarithms; every law of weights, every engine.
Sweep one_network_a_batch(const std::string& activation) {
  Sweep sweep = one_point(activation, 1.9, activation == "relu" ? 0 : 0.2, 12, 6);
  sweep.replicas = sweep.batches = 2;
  sweep.measures = {Quantity::forward, Quantity::backward, Quantity::weight_gradient, Quantity::activations,
                    Quantity::ntk};
  return sweep;
}

/// Calls use(sweep, record) for one input and for two.
template <class Use>
void for_each_network_of(const std::string& activation, Use&& use) {
  Sweep two = one_network_a_batch(activation);
  two.measures.insert(two.measures.begin() + 3, Quantity::correlation);
  two.network.input_correlation = 0.5;
  for (const Sweep& sweep : {one_network_a_batch(activation), two}) {
    for_each_law_and_engine(sweep, {Engine::radial, Engine::conditional, Engine::dense},
                            [&](const Sweep& some) { use(some, simulate(some)); });
  }
}

TEST(NewerMeasures, TheTangentKernelIsTheSumOfTheGradientsOfAllLayers) {
  for (const char* activation : {"relu", "tanh"}) {
    for_each_network_of(activation, [](const Sweep& sweep, const Record& record) {
      const auto sum = [&](const std::string& dataset) {
        double all = 0;
        for (std::int64_t i = 0; i < 6; ++i) all += std::exp(value(sweep, record, dataset, i));
        return std::log(all);
      };
      EXPECT_NEAR(value(sweep, record, "ntk_weight", 0), sum("weight_gradient_log_mean"), 1e-12);
      EXPECT_NEAR(value(sweep, record, "ntk_bias", 0), sum("backward_log_mean"), 1e-12);
      Sweep thin = sweep;
      thin.layers = {1, 6};
      EXPECT_EQ(value(thin, simulate(thin), "ntk_weight", 0), value(sweep, record, "ntk_weight", 0));
    });
  }
}

/// ω_{l+1} = g_{l+1} |a^l|²; and |a^L| is |z^L| where φ keeps it.
TEST(NewerMeasures, ActivationsAreWhatTheNextWeightsSee) {
  for (const char* activation : {"relu", "tanh"}) {
    for_each_network_of(activation, [](const Sweep& sweep, const Record& record) {
      for (std::int64_t i = 0; i < 5; ++i) {
        const double seen = value(sweep, record, "weight_gradient_log_mean", i + 1) -
                            value(sweep, record, "backward_log_mean", i + 1) - std::log(12.0);
        EXPECT_NEAR(value(sweep, record, "activations_log_mean", i), seen, 1e-12) << "layer " << i + 1;
      }
      EXPECT_LT(value(sweep, record, "activations_log_mean", 5), value(sweep, record, "forward_log_mean", 5));
    });
  }
  for_each_network_of("abs", [](const Sweep& sweep, const Record& record) {
    EXPECT_NEAR(value(sweep, record, "activations_log_mean", 5), value(sweep, record, "forward_log_mean", 5),
                1e-12);
  });
}

TEST(NewerMeasures, MeasuringMoreLeavesTheRestAsItIs) {
  for_each_network_of("tanh", [](const Sweep& sweep, const Record& record) {
    Sweep less = sweep;
    std::erase(less.measures, Quantity::activations);
    std::erase(less.measures, Quantity::ntk);
    const Record without = simulate(less);
    const RecordLayout layout(less);
    for (const Dataset& dataset : layout.datasets()) {
      EXPECT_EQ(std::bit_cast<std::uint64_t>(value(sweep, record, dataset.name, 0)),
                std::bit_cast<std::uint64_t>(value(less, without, dataset.name, 0)))
          << dataset.name;
    }
  });
}

}  // namespace
}  // namespace varprop::test
