// The weight variance that holds a depth. Seen red: with S counted from the input; with ranges that end at
// the best, or are 5 % too wide; with the zero of G in the place of that of S + G; with a best one that is 2
// % off; without any simulation; with a depth twice as large and a width half as large among the remedies;
// without a reason; with a choice judged at its root; with first layers that always count; with networks that
// die taken for held.
#include "driver/init/holding.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "theory/means/log_ratio.hpp"

namespace varprop::driver {
namespace {

using analysis::Regime;

/// A family and the predictor that it refers to.
struct Subject {
  Subject(const char* activation, std::int64_t width, int depth,
          WeightDistribution weights = WeightDistribution::gaussian, double bias_variance = 0)
      : predict(Activation::parse(activation)), family{predict, weights, bias_variance, width, depth} {}

  theory::InfiniteWidthPredictor predict;
  Family family;
};

TEST(Holding, OfHomogeneousActivationsIsTheCriticalOneAtTheirWidth) {
  const Subject relu("relu", 128, 50);
  const Holding holding = hold(relu.family);
  const double m = theory::exact_log_ratio(Activation::parse("relu").facts(), 128)->mean;
  ASSERT_TRUE(holding.best && holding.gradient_alone);
  EXPECT_EQ(holding.source, Evidence::theory);
  EXPECT_NEAR(holding.best->weight_variance, 2 * std::exp(-m), 1e-5);
  EXPECT_NEAR(*holding.gradient_alone, 2 * std::exp(-m), 1e-5);
  EXPECT_NEAR(*holding.limit, 2, 1e-5);
}

TEST(Holding, KeepsWithinFWhereItIsStable) {
  // L − 1 layers that each change ln q by ln(σ_w²/2), until it is ln F; upwards the first layer counts as
  // well
  const Subject relu("relu", 1 << 20, 50);
  const Holding holding = hold(relu.family);
  ASSERT_TRUE(holding.stable);
  const double log_factor = std::log(100.0);
  EXPECT_NEAR(std::log(holding.stable->low / 2), -log_factor / 49, 0.02 * log_factor / 49);
  EXPECT_NEAR(std::log(holding.stable->high / 2), (log_factor - std::log(2.0)) / 50, 0.02 * log_factor / 49);
}

TEST(Holding, MakesTheLargerChangeAsSmallAsCanBe) {
  for (const char* activation : {"tanh", "gelu"}) {
    SCOPED_TRACE(activation);
    const Subject subject(activation, 512, 24);
    const Holding holding = hold(subject.family);
    ASSERT_TRUE(holding.best && holding.stable);
    const auto networks = theoretical_family(subject.family);
    const auto larger = [&](double weight_variance) {
      const ThroughDepth there = (*networks)(weight_variance);
      return std::max(std::abs(there.signal), std::abs(there.gradient()));
    };
    const double best = holding.best->weight_variance;
    EXPECT_NEAR(holding.best->signal, -holding.best->gradient(), 0.01);
    for (const double factor : {0.9, 0.99, 1.01, 1.1})
      EXPECT_GT(larger(factor * best), larger(best)) << factor;
    const auto [low, high] = *holding.stable;
    for (const double within : {low, best, high})
      EXPECT_EQ((*networks)(within).judged.regime, Regime::stable) << within;
    for (const double beyond : {best + 1.02 * (low - best), best + 1.03 * (high - best)})
      EXPECT_NE((*networks)(beyond).judged.regime, Regime::stable) << beyond;
  }
}

TEST(Holding, AgreesWithSimulatedNetworks) {
  // 1000 networks of tanh: S + G within 4 standard errors and what theory neglects; false alarms 6e-5
  const Subject tanh("tanh", 128, 32);
  const Holding holding = hold(tanh.family);
  ASSERT_TRUE(holding.best);
  const ThroughDepth measured = (*sampled_family(tanh.family, 1000))(holding.best->weight_variance);
  const double neglected =
      holding.best->judged.totals.backward.error + holding.best->judged.totals.forward.error;
  EXPECT_LT(std::abs(measured.signal + measured.gradient()), 4 * measured.standard_error + neglected);
  EXPECT_LT(std::abs(measured.signal - holding.best->signal), 0.1);
  EXPECT_EQ(measured.judged.regime, Regime::stable);
}

TEST(Holding, IsSimulatedWhereTheoryDoesNotReach) {
  const Subject narrow("selu", 4, 4);
  const Holding holding = hold(narrow.family);
  EXPECT_EQ(holding.source, Evidence::simulation);
  EXPECT_GE(holding.networks, 100);
  ASSERT_TRUE(holding.best);
  ASSERT_TRUE(holding.error);
  EXPECT_GT(*holding.error, 0);
  const ThroughDepth again = (*sampled_family(narrow.family, 4000))(holding.best->weight_variance);
  const double slope = 2.0 * (narrow.family.depth - 1);  // at the most
  EXPECT_LT(std::abs(again.signal + again.gradient()),
            4 * (again.standard_error + slope * *holding.error / holding.best->weight_variance));
}

/// SIREN's sine of frequency 30 is the sine in other units of z: 900 times the same variances.
TEST(Holding, OfASineIsThatOfItsFrequencyOne) {
  const Subject sine("sin", 256, 10), siren("sin(30)", 256, 10);
  const Holding one = hold(sine.family), other = hold(siren.family);
  ASSERT_TRUE(one.best && other.best && other.stable);
  EXPECT_FALSE(one.best->from_first_layer);
  EXPECT_TRUE(other.best->from_first_layer);
  EXPECT_EQ(other.best->judged.regime, Regime::stable);
  EXPECT_LT(std::log(other.stable->low), std::log(other.best->weight_variance) - 0.1);
  EXPECT_NEAR(900 * other.best->weight_variance / one.best->weight_variance, 1, 1e-3);
  EXPECT_NEAR(other.best->signal, one.best->signal, 1e-2);
  EXPECT_NEAR(other.best->first_layer, one.best->first_layer - std::log(900), 1e-2);
}

/// Slopes of −100 and 1: its weight variance is 2/(1 + 10⁴), and so is q_1, which is all that is lost.
TEST(Holding, OfSteepSlopesDoesNotCountTheFirstLayer) {
  const Subject steep("leaky_relu(-100)", 256, 20);
  const Holding holding = hold(steep.family);
  ASSERT_TRUE(holding.best && holding.stable);
  EXPECT_TRUE(holding.best->from_first_layer);
  EXPECT_NEAR(holding.best->weight_variance * 10001 / 2, 1, 0.05);
  EXPECT_NEAR(holding.best->signal, 0, 1e-3);
}

TEST(Holding, NamesNoneWhereTheNetworksDieOrNothingIsKnown) {
  for (const char* activation : {"softshrink", "relu2"}) {
    const Subject subject(activation, 128, 16);
    const Holding holding = hold(subject.family);
    EXPECT_FALSE(holding.best) << activation;
    EXPECT_FALSE(holding.why.empty()) << activation;
    EXPECT_EQ(holding.why.find("too few"), std::string::npos) << activation;
  }
}

TEST(Holding, SaysWhyAndWhatWouldHelpWhereNothingHolds) {
  const Subject narrow("relu", 16, 100);
  const Holding holding = hold(narrow.family);
  ASSERT_TRUE(holding.best);  // in the mean
  EXPECT_EQ(holding.best->judged.regime, Regime::erratic);
  EXPECT_FALSE(holding.stable);
  EXPECT_NE(holding.why.find("stray"), std::string::npos) << holding.why;
  ASSERT_TRUE(holding.remedies.depth && holding.remedies.width);
  const Subject shallow("relu", 16, *holding.remedies.depth), wide("relu", *holding.remedies.width, 100);
  EXPECT_TRUE(hold(shallow.family).stable);
  EXPECT_TRUE(hold(wide.family).stable);
}

TEST(Holding, JudgesAChoice) {
  const Subject relu("relu", 256, 20, WeightDistribution::uniform, 1.0 / (3 * 256));  // torch's Linear
  const LookedAt torch = look_at(relu.family, 1.0 / 3);
  EXPECT_EQ(torch.source, Evidence::theory);
  EXPECT_EQ(torch.networks.judged.regime, Regime::vanishing);
  EXPECT_NEAR(torch.networks.gradient(), 19 * std::log(1.0 / 6), 0.5);
}

}  // namespace
}  // namespace varprop::driver
