// The edge of chaos against published values and its own definition.
//
// Seen red with: the bias variance a hundredth off; every point counted as reached; q = 0 moved to 0.1;
// half-stable points asked for without bias; a tolerance of 2⁻¹⁰; φ of ELU, SELU, hard tanh and GELU off by
// 1e-4.
// Power laws at criticality against published exponents and long iterations of the maps.
//
// Seen red with: r left out of the coefficient, and of the gradient's exponent; the third derivative's term a
// half larger; the straight line beyond the range of doubles left out.

#include <gtest/gtest.h>
#include <cmath>
#include <numbers>
#include <string>

#include "theory/infinite_width/criticality.hpp"
#include "theory/infinite_width/infinite_width.hpp"
#include "theory/infinite_width/layer_map.hpp"

namespace varprop::theory {

namespace {

ValueOrReason<double> critical(const std::string& activation, double bias) {
  return critical_weight_variance(InfiniteWidthPredictor(Activation::parse(activation)), bias);
}

TEST(CriticalWeightVariance, MeetsThePublishedTable) {
  struct Column {
    const char* activation;
    double weight[3], q[3];
  };
  constexpr double bias[3] = {.0025, .05, .2};
  for (const Column& column :
       {Column{"tanh", {1.260094, 1.760955, 2.285152}, {0.153692, 0.570048, 1.164496}},
        Column{"erf", {0.987412, 1.375839, 1.788180}, {0.145146, 0.517177, 1.045933}},
        Column{"hard_tanh", {1.017785, 1.165545, 1.410617}, {0.177052, 0.463864, 0.897205}},
        Column{"elu", {1.281129, 1.533718, 1.681835}, {0.189174, 1.300913, 3.983338}},
        Column{"selu", {0.675705, 0.901766, 1.070361}, {0.140655, 0.827302, 2.158151}}}) {
    const InfiniteWidthPredictor predict(Activation::parse(column.activation));
    for (int i = 0; i < 3; ++i) {
      EXPECT_NEAR(*critical_weight_variance(predict, bias[i]), column.weight[i], 1e-6)
          << column.activation << bias[i];
      const auto points = critical_points(predict, bias[i]);
      ASSERT_EQ(points.size(), 1u) << column.activation;
      EXPECT_NEAR(points[0].q, column.q[i], 1e-6) << column.activation << bias[i];
      EXPECT_TRUE(points[0].reached) << column.activation;
    }
  }
}

TEST(CriticalWeightVariance, WithoutBiasMeetsThePublishedValues) {
  for (const auto& [activation, weight] : {std::pair{"linear", 1.0},
                                           {"relu", 2.0},
                                           {"leaky_relu(0.2)", 1 / .52},
                                           {"abs", 1.0},
                                           {"tanh", 1.0},
                                           {"erf", std::numbers::pi / 4},
                                           {"sin", 1.0},
                                           {"arctan", 1.0},
                                           {"hard_tanh", 1.0},
                                           {"softsign", 1.0},
                                           {"elu", 1.0}}) {
    ASSERT_TRUE(critical(activation, 0)) << activation;
    EXPECT_NEAR(*critical(activation, 0), weight, 1e-14) << activation;
  }
}

/// Of every activation, wherever there is one: q is a fixed point at (σ_w², σ_b²), and χ = 1 there.
TEST(CriticalPoints, AreWhatTheySay) {
  for (const std::string& name : activation_names()) {
    const InfiniteWidthPredictor predict(Activation::parse(name));
    const MeanField& field = predict.mean_field();
    for (const double bias : {1e-6, 0.03, 0.4, 7.0, 1e6}) {
      for (const CriticalPoint& point : critical_points(predict, bias)) {
        EXPECT_NEAR((point.weight_variance * field.V(point.q).value + bias) / point.q, 1, 1e-12)
            << name << bias;
        EXPECT_NEAR(point.weight_variance * field.D(point.q).value, 1, 1e-12) << name << bias;
        EXPECT_EQ(point.bias_variance, bias);
        if (!point.reached) continue;
        const auto limit = predict({point.weight_variance, bias}, point.weight_variance + bias);
        EXPECT_NEAR(*limit.q_star / point.q, 1, 1e-4) << name << bias;
      }
    }
  }
}

/// χ at q* crosses 1 there and nowhere else: by a scan of weight variances.
TEST(CriticalWeightVariance, DividesOrderFromChaos) {
  for (const char* activation :
       {"tanh", "erf", "sin", "arctan", "hard_tanh", "softsign", "elu", "selu", "relu"}) {
    const InfiniteWidthPredictor predict(Activation::parse(activation));
    for (const double bias : {0.0, 0.02, 0.5}) {
      const double edge = *critical_weight_variance(predict, bias);
      for (const double factor : {0.3, 0.8, 0.99, 1.01, 1.2}) {
        const double weight = factor * edge;
        const Phase phase = phase_of(predict({weight, bias}, weight + bias).chi);
        EXPECT_EQ(phase, factor < 1 ? Phase::ordered : Phase::chaotic) << activation << bias << " " << factor;
      }
    }
  }
}

TEST(CriticalWeightVariance, SaysWhyThereIsNone) {
  for (const double bias : {0.0, 0.05, 3.0}) {
    EXPECT_EQ(critical("softplus", bias).why(), "chi = 1 at no fixed point with this bias variance") << bias;
  }
  EXPECT_EQ(critical("gelu", 0).why(), "chi = 1 only at fixed points that the network does not reach");
  EXPECT_EQ(critical("silu", .05).why(), "chi = 1 only at fixed points that the network does not reach");
  EXPECT_TRUE(critical("gelu", .2));
}

/// No edge below σ_w² ≈ 103.
TEST(CriticalWeightVariance, OfTheSigmoidIsLarge) {
  for (const double bias : {0.0, 0.05, 10.0}) EXPECT_GT(*critical("sigmoid", bias), 103) << bias;
  EXPECT_LT(*critical("sigmoid", 0), 103.1);
}

TEST(HalfStablePoints, AreTheDocumentedOnes) {
  struct Documented {
    const char* activation;
    double weight, bias, q;
  };
  for (const auto& [activation, weight, bias, q] :
       {Documented{"gelu", 1.98305826, .17292239, (3 + std::sqrt(17.0)) / 2},
        Documented{"silu", 1.98800468, .55514317, 14.32017362}}) {
    const InfiniteWidthPredictor predict(Activation::parse(activation));
    const auto points = half_stable_points(predict);
    ASSERT_EQ(points.size(), 1u) << activation;
    EXPECT_NEAR(points[0].weight_variance, weight, 6e-9) << activation;
    EXPECT_NEAR(points[0].bias_variance, bias, 6e-9) << activation;
    EXPECT_NEAR(points[0].q, q, 1e-8) << activation;
    EXPECT_NEAR(points[0].weight_variance * predict.mean_field().V_prime(points[0].q).value, 1, 1e-12)
        << activation;
  }
  EXPECT_TRUE(half_stable_points(InfiniteWidthPredictor(Activation::parse("tanh"))).empty());
  EXPECT_TRUE(half_stable_points(InfiniteWidthPredictor(Activation::parse("relu"))).empty());
}

TEST(PhaseOf, IsCriticalWithinWhatTheDeepestNetworkWouldShow) {
  EXPECT_EQ(phase_of(1), Phase::critical);
  EXPECT_EQ(phase_of(1 + 9e-7), Phase::critical);
  EXPECT_EQ(phase_of(1 - 9e-7), Phase::critical);
  EXPECT_EQ(phase_of(1 + 1e-6), Phase::chaotic);
  EXPECT_EQ(phase_of(1 - 1e-6), Phase::ordered);
  EXPECT_EQ(phase_of(0), Phase::ordered);
}

ValueOrReason<CriticalDecay> decay_of(const std::string& activation, double weight, double bias = 0) {
  const InfiniteWidthPredictor predict(Activation::parse(activation));
  const Variances variances{weight, bias};
  return critical_decay(predict.mean_field(), variances, predict(variances, weight + bias));
}

TEST(CriticalDecay, HasThePublishedExponents) {
  EXPECT_EQ(decay_of("tanh", 1)->exponent, 1);
  EXPECT_NEAR(decay_of("tanh", 1)->coefficient, 0.5, 1e-9);
  EXPECT_NEAR(decay_of("erf", std::numbers::pi / 4)->coefficient, 0.5, 1e-9);
  EXPECT_NEAR(decay_of("sin", 1)->coefficient, 1, 1e-9);
  EXPECT_EQ(decay_of("softsign", 1)->exponent, 2);
  EXPECT_EQ(decay_of("elu", 1)->exponent, 2);
}

/// q and ln g of the maps themselves, 6000 layers deep, where what is left of the start is 1 to 4 %.
TEST(CriticalDecay, IsWhereIterationArrives) {
  for (const char* activation : {"tanh", "erf", "sin", "arctan", "softsign", "elu", "elu(0.7)", "selu"}) {
    const InfiniteWidthPredictor predict(Activation::parse(activation));
    const double weight = *critical_weight_variance(predict, 0);
    const auto decay = decay_of(activation, weight);
    ASSERT_TRUE(decay) << activation << decay.why();
    constexpr int depth = 6000;
    const auto log_q = log_variance_profile(predict.mean_field(), {weight, 0}, std::log(weight), depth);
    const double q_exponent = (log_q[depth / 2 - 1] - log_q[depth - 1]) / std::log(2.0);
    EXPECT_NEAR(q_exponent, decay->exponent, 0.03) << activation;
    EXPECT_NEAR(log_q.back() + decay->exponent * std::log(depth), std::log(decay->coefficient), 0.05)
        << activation;
    const std::vector<double> half(log_q.begin(), log_q.begin() + depth / 2);
    const double gain = log_gradient_gain(predict.mean_field(), {weight, 0}, log_q) -
                        log_gradient_gain(predict.mean_field(), {weight, 0}, half);
    EXPECT_NEAR(-gain / std::log(2.0), decay->gradient_exponent, 0.03) << activation;
  }
}

TEST(CriticalDecay, SaysWhyThereIsNone) {
  EXPECT_EQ(decay_of("hard_tanh", 1).why(), "slower than any power of the depth: phi is straight near 0");
  EXPECT_EQ(decay_of("relu", 2).why(), "every layer is alike: q stays at chi = 1");
  EXPECT_EQ(decay_of("tanh", 0.9).why(), "not critical: chi is not 1");
  EXPECT_EQ(decay_of("tanh", 1.760955, .05).why(), "q* is above 0 and is approached exponentially");
}

TEST(LogVarianceProfile, IsThatOfTheMapAndGoesOnBeyondTheRangeOfDoubles) {
  const MeanField tanh(Activation::parse("tanh")), gelu(Activation::parse("gelu"));
  const auto log_q = log_variance_profile(tanh, {1.5, .05}, std::log(1.55), 500);
  const auto q = variance_profile(tanh, {1.5, .05}, 1.55, 500);
  for (std::size_t l = 0; l < q.size(); ++l) EXPECT_NEAR(log_q[l], std::log(q[l]), 1e-13) << l;
  const auto dying = log_variance_profile(tanh, {1e-3, 0}, std::log(1e-3), 400);
  EXPECT_NEAR(dying[399] - dying[299], 100 * std::log(1e-3), 1e-9);
  const auto growing = log_variance_profile(gelu, {1e3, 0}, std::log(1e3), 400);
  EXPECT_NEAR(growing[399] - growing[299], 100 * std::log(500), 1e-9);
  EXPECT_NEAR(log_gradient_gain(gelu, {1e3, 0}, growing) / (399 * std::log(500)), 1, 1e-4);
}

}  // namespace

}  // namespace varprop::theory
