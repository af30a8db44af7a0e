// Signals and slopes far below and above what a double can hold, against logarithms.
//
// Seen to fail: with the layer never done again; with one υ left out of |δ|², or one τ out of |a|².
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "core/network/point.hpp"
#include "core/random/normal_quantile.hpp"
#include "core/random/stream.hpp"
#include "tests/workers/logarithmic_network.hpp"
#include "workers/dense/dense_engine.hpp"
#include "workers/one_input/sum_engine.hpp"

namespace varprop::test {
namespace {

using namespace workers;

const PointKey key = PointKey::derive(8, 99);

Point make_point(const std::string& activation, double weight_variance, std::int64_t n, std::int32_t L) {
  return {Activation::parse(activation),
          WeightDistribution::gaussian,
          WeightVariance(weight_variance),
          BiasVariance(0),
          Width(n),
          Depth(L)};
}

double draw(std::uint32_t replica, int l, Purpose purpose) {
  return normal_from_bits(Stream(key, replica, static_cast<std::uint32_t>(l), purpose).draw(0));
}

struct Case {
  std::string activation;
  double weight_variance;
  std::int32_t L;
};
std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.activation << " " << c.weight_variance;
}

class OneNeuron : public ::testing::TestWithParam<Case> {
 protected:
  static constexpr std::uint32_t replicas = 200;

  /// Every layer within 1e-9: a small ε costs a few digits where ξ cancels.
  template <class EngineType, class Weight>
  void expect_logarithms(const Weight& weight) {
    const auto& [name, k, L] = GetParam();
    const StopFlag stop{false};
    const Point point = make_point(name, k, 1, L);
    EngineType simulate(point, NetworkSettings{}, key);
    NetworkSample sample(static_cast<std::size_t>(L));
    const long double at_zero = std::log(static_cast<long double>(point.activation.facts().at_zero.positive));
    for (std::uint32_t replica = 0; replica < replicas; ++replica) {
      simulate(replica, sample, stop);
      const LogProfile exact =
          log_network(name, k, L, at_zero, [&](int l, long double sign) { return weight(replica, l, sign); });
      for (std::size_t i = 0; i < sample.forward.size(); ++i) {
        expect_near(sample.forward[i].ln(), exact.forward[i], "ln q", replica, i + 1);
        expect_near(sample.backward[i].ln(), exact.backward[i], "ln g", replica, i + 1);
        lowest_ = std::min(lowest_, sample.backward[i].ln());
      }
    }
    EXPECT_LT(lowest_, -1000) << "nothing was too small for a double";
  }

  void expect_near(double ln, long double exact, const char* what, std::uint32_t replica, std::size_t l) {
    ASSERT_NEAR(ln, static_cast<double>(exact), 1e-9 + 1e-12 * std::fabs(static_cast<double>(exact)))
        << what << ", replica " << replica << ", layer " << l;
  }

  double lowest_ = 0;
};

TEST_P(OneNeuron, OfTheConditionalEngineIsItsLogarithms) {
  expect_logarithms<ConditionalEngine>([](std::uint32_t replica, int l, long double sign) {
    return static_cast<double>(sign) * draw(replica, l, Purpose::preactivation);  // z = sε whatever a's sign
  });
}

TEST_P(OneNeuron, OfTheDenseEngineIsItsLogarithms) {
  expect_logarithms<DenseEngine>([](std::uint32_t replica, int l, long double) {
    const double input_sign = l == 1 && draw(replica, 0, Purpose::input) < 0 ? -1 : 1;
    return input_sign * draw(replica, l, Purpose::weight);
  });
}

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const double weight_variance : {1e4, 1e8, 1e12}) {
    for (const char* name : {"tanh", "erf", "sigmoid"}) cases.push_back({name, weight_variance, 6});
    // Signals that grow by σ_w a layer leave even the logarithms soon.
    for (const char* name : {"elu", "silu", "softplus"}) cases.push_back({name, weight_variance, 3});
    cases.push_back({"gelu", weight_variance, 2});
  }
  for (const double weight_variance : {1e6, 1e8}) {
    for (const char* name : {"mish", "celu"}) cases.push_back({name, weight_variance, 3});
    for (const char* name : {"quick_gelu", "gelu_tanh"}) cases.push_back({name, weight_variance, 2});
  }
  for (const char* name : {"gelu", "silu"}) cases.push_back({name, 1e5, 3});
  for (const char* name : {"softsign", "arctan"}) {
    for (const double weight_variance : {1e200, 1e300}) cases.push_back({name, weight_variance, 6});
  }
  return cases;
}

TEST(RangePlanner, KnowsFrequenciesAndPowers) {
  const RangePlanner fast(Activation::parse("sin(32)")), squared(Activation::parse("relu2"));
  EXPECT_EQ(fast(Magnitude::from(0x1p20)).scale, 0x1p20);
  EXPECT_EQ(fast(Magnitude::from(0x1p60)).scale, 0x1p22);
  const SignalRange huge = squared(Magnitude::exp(1e6));
  EXPECT_EQ(huge.scale, 1);
  EXPECT_NEAR(huge.tau.ln(), 2e6, 1e-9);
  EXPECT_NEAR(huge.upsilon.ln(), 1e6, 1e-9);
  EXPECT_FALSE(squared.explodes(Magnitude::exp(4e16)));
  EXPECT_TRUE(squared.explodes(Magnitude::exp(6e16)));
  EXPECT_EQ(squared(Magnitude::exp(-4e16)).scale, 1);
  EXPECT_EQ(squared(Magnitude::exp(-6e16)).scale, 0);  // as of z = 0
  EXPECT_FALSE(fast.explodes(Magnitude::exp(6e16)));
}

INSTANTIATE_TEST_SUITE_P(Cases, OneNeuron, ::testing::ValuesIn(all_cases()), [](const auto& test) {
  return test.param.activation + "_1e" + std::to_string(std::lround(std::log10(test.param.weight_variance)));
});

/// ln q_L of a linear network is that of σ_w² = 1 plus L ln σ_w²: |ln q| = 1.4·10⁵ without loss.
class LinearGrowth : public ::testing::TestWithParam<double> {};

TEST_P(LinearGrowth, AddsLogarithmsWithoutLoss) {
  constexpr std::int32_t L = 200;
  const StopFlag stop{false};
  for (const char* name : {"linear", "abs", "relu"}) {
    ConditionalEngine simulate_one(make_point(name, 1, 24, L), NetworkSettings{}, key);
    ConditionalEngine simulate_far(make_point(name, GetParam(), 24, L), NetworkSettings{}, key);
    NetworkSample one(L), far(L);
    simulate_one(3, one, stop);
    simulate_far(3, far, stop);
    const double shift = std::log(GetParam());
    for (std::size_t i = 0; i < L; ++i) {
      const double l = static_cast<double>(i + 1);
      ASSERT_NEAR(far.forward[i].ln() - one.forward[i].ln(), l * shift, 3e-10) << name;
      ASSERT_NEAR(far.backward[i].ln() - one.backward[i].ln(), (L - l) * shift, 3e-10) << name;
    }
    EXPECT_GT(std::fabs(far.forward.back().ln()), 1.3e5);
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, LinearGrowth, ::testing::Values(1e300, 1e-300));

}  // namespace
}  // namespace varprop::test
