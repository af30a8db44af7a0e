// A batch's networks → its slot: each statistic of each recorded layer in its place, and nothing beyond the
// depth.
//
// Seen red: the layer's number taken for its place among the recorded ones; ln q_1 in the place of ln q_L; a
// cosine that does not exist counted as 0; values that are no numbers let pass.
#include "workers/simulate_unit.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

namespace varprop {
namespace {

using namespace workers;

constexpr std::int32_t depth = 4;

/// Layers 1, 3 and 4 of the point, and 9 of deeper ones; three networks a batch.
Sweep sweep_of_three_networks() {
  Sweep sweep;
  sweep.grid = {{Activation::parse("relu")},
                {WeightDistribution::gaussian},
                {WeightVariance(2)},
                {BiasVariance(0)},
                {Width(8)},
                {Depth(depth), Depth(9)}};
  sweep.replicas = 6;
  sweep.batches = 2;
  sweep.layers = {1, 3, 4, 9};
  sweep.measures = {Quantity::forward, Quantity::backward, Quantity::weight_gradient};
  return sweep;
}

struct BatchStatisticsTest : testing::Test {
  Sweep sweep = sweep_of_three_networks();

  /// ln q_l = a·l, ln g_l = −a·l, ln ω_l = 2a·l.
  static NetworkSample network(double a) {
    NetworkSample sample(depth);
    for (std::size_t i = 0; i < sample.forward.size(); ++i) {
      const auto l = static_cast<double>(i + 1);
      sample.forward[i] = Magnitude::from(std::exp(a * l));
      sample.backward[i] = Magnitude::from(std::exp(-a * l));
      sample.weight_gradient[i] = Magnitude::from(std::exp(2 * a * l));
    }
    return sample;
  }

  std::vector<double> row(const std::vector<NetworkSample>& samples, const std::string& dataset) const {
    const RecordLayout layout(sweep);
    BatchStatistics statistics(sweep, layout, sweep.point(PointIndex(0)));
    for (const NetworkSample& sample : samples) statistics.add(sample);
    const auto values = statistics.values();
    EXPECT_EQ(static_cast<std::int64_t>(values.size()), layout.size());
    const std::size_t d = layout.find(dataset);
    const auto begin = values.begin() + layout.offset(d);
    return {begin, begin + layout.length(d)};
  }

  /// The recorded layers within the depth, and fill beyond it.
  static void expect_row(const std::vector<double>& row, const std::vector<double>& wanted, double fill) {
    ASSERT_EQ(row.size(), 4u);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(row[i], wanted[i], 1e-12) << i;
    EXPECT_TRUE(std::isnan(fill) ? std::isnan(row[3]) : row[3] == fill) << row[3];
  }
  static constexpr double no_number = std::numeric_limits<double>::quiet_NaN();
};

TEST_F(BatchStatisticsTest, HasTheMomentsOfEveryQuantityAtTheRecordedLayers) {
  const std::vector networks{network(1), network(2), network(6)};
  expect_row(row(networks, "forward_log_mean"), {3, 9, 12}, no_number);
  expect_row(row(networks, "backward_log_mean"), {-3, -9, -12}, no_number);
  expect_row(row(networks, "weight_gradient_log_mean"), {6, 18, 24}, no_number);
  expect_row(row(networks, "forward_log_variance"), {7, 63, 112}, no_number);
  expect_row(row(networks, "forward_extinct"), {0, 0, 0}, -1);
  const auto log_of_mean = [](double l) {
    return std::log((std::exp(l) + std::exp(2 * l) + std::exp(6 * l)) / 3);
  };
  expect_row(row(networks, "forward_log_of_mean"), {log_of_mean(1), log_of_mean(3), log_of_mean(4)},
             no_number);
}

TEST_F(BatchStatisticsTest, CountsExtinctNetworksApartAndAsZerosOfTheMean) {
  NetworkSample dead = network(1);
  for (std::size_t i = 2; i < dead.forward.size(); ++i) dead.forward[i] = Magnitude();
  const std::vector networks{network(1), dead, network(3)};
  expect_row(row(networks, "forward_extinct"), {0, 1, 1}, -1);
  expect_row(row(networks, "forward_log_mean"), {5.0 / 3, 6, 8}, no_number);
  expect_row(row(networks, "forward_log_of_mean"),
             {std::log((2 * std::exp(1.0) + std::exp(3.0)) / 3),
              std::log((std::exp(3.0) + std::exp(9.0)) / 3), std::log((std::exp(4.0) + std::exp(12.0)) / 3)},
             no_number);
}

TEST_F(BatchStatisticsTest, KeepsTheLastSignalAndTheFirstGradientOfEveryNetwork) {
  NetworkSample dead = network(1);
  dead.forward.back() = dead.backward.front() = Magnitude();
  const auto last = row({network(1), dead, network(6)}, "forward_last");
  ASSERT_EQ(last.size(), 3u);
  EXPECT_NEAR(last[0], 4, 1e-12);
  EXPECT_TRUE(std::isnan(last[1])) << "extinct";
  EXPECT_NEAR(last[2], 24, 1e-12);
  const auto first = row({network(1), dead, network(6)}, "backward_first");
  EXPECT_NEAR(first[0], -1, 1e-12);
  EXPECT_TRUE(std::isnan(first[1])) << "extinct";
  EXPECT_NEAR(first[2], -6, 1e-12);
}

TEST_F(BatchStatisticsTest, HasTheMomentsOfBothCosinesWhereTheyExist) {
  sweep.measures.push_back(Quantity::correlation);
  sweep.network.input_correlation = 0.5;
  std::vector networks{network(1), network(1), network(1)};
  const auto cosine = [](double c) { return Cosine{c, Magnitude::from(1 - c)}; };
  for (std::size_t i = 0; i < networks.size(); ++i) {
    for (auto& c : networks[i].correlation) c = cosine(0.25 * static_cast<double>(i));
    for (auto& c : networks[i].gradient_correlation) c = cosine(-0.5);
  }
  networks[2].correlation[2] = std::nullopt;  // layer 3
  expect_row(row(networks, "correlation_mean"), {0.25, 0.125, 0.25}, no_number);
  expect_row(row(networks, "correlation_variance"), {0.0625, 0.03125, 0.0625}, no_number);
  const double two = std::log(0.75) / 2, three = (std::log(0.75) + std::log(0.5)) / 3;
  expect_row(row(networks, "correlation_log_distance_mean"), {three, two, three}, no_number);
  expect_row(row(networks, "gradient_correlation_mean"), {-0.5, -0.5, -0.5}, no_number);
  expect_row(row(networks, "gradient_correlation_log_distance_variance"), {0, 0, 0}, no_number);
  sweep.format = format_of_counts;
  networks[1].correlation[0] = cosine(1);
  expect_row(row(networks, "correlation_extinct"), {0, 1, 0}, -1);
  expect_row(row(networks, "correlation_log_distance_extinct"), {1, 1, 0}, -1);
  expect_row(row(networks, "gradient_correlation_extinct"), {0, 0, 0}, -1);
}

/// Seen red: with recorded layers only in the sum; with the gradients' in the place of the weights'.
TEST_F(BatchStatisticsTest, SumsTheTangentKernelOverAllLayersWhateverIsRecorded) {
  sweep.measures = {Quantity::ntk};
  NetworkSample dead = network(1);
  dead.weight_gradient.assign(depth, Magnitude());
  const auto weight = row({network(1), dead, network(6)}, "ntk_weight");
  const auto sum = [](double a) { return std::exp(a) + std::exp(2 * a) + std::exp(3 * a) + std::exp(4 * a); };
  ASSERT_EQ(weight.size(), 3u);
  EXPECT_NEAR(weight[0], std::log(sum(2)), 1e-12);
  EXPECT_TRUE(std::isnan(weight[1])) << "all are 0";
  EXPECT_NEAR(weight[2], std::log(sum(12)), 1e-12);
  const auto bias = row({network(1), dead, network(6)}, "ntk_bias");
  EXPECT_NEAR(bias[0], std::log(sum(-1)), 1e-12);
  EXPECT_NEAR(bias[1], std::log(sum(-1)), 1e-12) << "biases learn in a dead network";
  EXPECT_EQ(RecordLayout(sweep).datasets().size(), 2u);
}

TEST_F(BatchStatisticsTest, HasTheMomentsOfActivations) {
  sweep.measures = {Quantity::activations};
  std::vector networks{network(1), network(2)};
  for (NetworkSample& sample : networks) sample.ask_for_activations(), sample.activations = sample.forward;
  expect_row(row(networks, "activations_log_mean"), {1.5, 4.5, 6}, no_number);
  expect_row(row(networks, "activations_extinct"), {0, 0, 0}, -1);
}

TEST_F(BatchStatisticsTest, LeavesOutWhatIsNotMeasured) {
  sweep.measures = {Quantity::backward};
  const RecordLayout layout(sweep);
  BatchStatistics statistics(sweep, layout, sweep.point(PointIndex(0)));
  statistics.add(network(1));
  EXPECT_EQ(static_cast<std::int64_t>(statistics.values().size()), layout.size());
  EXPECT_EQ(layout.datasets().size(), 5u) << "four of the layers, one of the replicas";
}

#if !defined(VARPROP_CONTRACTS)  // which refuse to make such a number
TEST_F(BatchStatisticsTest, RefusesALivingNetworkWhoseValueIsNoNumber) {
  NetworkSample sample = network(1);
  sample.forward[2] = Magnitude::from(std::numeric_limits<double>::quiet_NaN());
  const RecordLayout layout(sweep);
  BatchStatistics statistics(sweep, layout, sweep.point(PointIndex(0)));
  statistics.add(sample);
  EXPECT_THROW(statistics.values(), std::logic_error);
}
#endif

}  // namespace
}  // namespace varprop
