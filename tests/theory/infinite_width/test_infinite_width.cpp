// Sequences, fixed points and factors of infinite width against published values.
//
// Seen red for each row of ELU, SELU, hard tanh and the half-stable points of GELU and SiLU: with φ off by
// 1e-4 there.
#include "theory/infinite_width/infinite_width.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace varprop::theory {
namespace {

InfiniteWidth predict(const std::string& activation, double weight, double bias) {
  const InfiniteWidthPredictor predictor(Activation::parse(activation));
  InfiniteWidth limit = predictor({weight, bias}, weight + bias);
  limit.onset = predictor.onset({weight, bias}, weight + bias, limit);
  return limit;
}

std::vector<double> profile(const std::string& activation, Variances variances, double first_q, int depth) {
  return variance_profile(MeanField(Activation::parse(activation)), variances, first_q, depth);
}

void expect_sequence(const std::vector<double>& measured, const std::vector<double>& expected,
                     double tolerance) {
  ASSERT_EQ(measured.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i)
    EXPECT_NEAR(measured[i], expected[i], tolerance) << "q_" << i + 1;
}

TEST(VarianceProfile, OfTheBareMapFromOne) {
  expect_sequence(profile("tanh", {1, 0}, 1, 6),
                  {1, .394294490, .236450410, .166656354, .127904735, .103440608}, 1e-8);
  expect_sequence(profile("tanh", {1.5, .05}, 1, 6),
                  {1, .641441736, .523057767, .471557431, .446370316, .433329808}, 1e-8);
}

TEST(VarianceProfile, OfASimulatedNetwork) {
  expect_sequence(profile("tanh", {1, 0}, 1, 5), {1, .394294, .236450, .166656, .127905}, 6e-7);
  expect_sequence(profile("tanh", {1.5, .05}, 1.55, 5), {1.55, .761364, .567946, .492053, .456622}, 6e-7);
  EXPECT_DOUBLE_EQ(profile("relu", {1, 0}, 1, 50).back(), std::ldexp(1, -49));
  EXPECT_NEAR(profile("relu", {1 / 3.0, 0}, 1 / 3.0, 50).back() / (2 * std::pow(6, -50)), 1, 1e-12);
  EXPECT_NEAR(profile("gelu", {2, 0}, 2, 50).back(), 5.1218e-12, 6e-17);
  EXPECT_NEAR(profile("gelu", {2, 0}, 1, 51).back(), 2.971e-14, 6e-18);
}

TEST(VarianceProfile, FallsByAPowerAtCriticality) {
  const auto tanh = profile("tanh", {1, 0}, 1, 1001);
  EXPECT_NEAR(10 * tanh[10], 0.5220, 6e-5);
  EXPECT_NEAR(100 * tanh[100], 0.5069, 6e-5);
  EXPECT_NEAR(1000 * tanh[1000], 0.50116, 6e-6);
  const auto erf = profile("erf", {std::numbers::pi / 4, 0}, 1, 4001);
  EXPECT_NEAR(4000 * erf[4000], 0.5, 2e-3);
  const auto sine = profile("sin", {1, 0}, 1, 4001);
  EXPECT_NEAR(4000 * sine[4000], 1, 5e-3);
  for (const char* activation : {"softsign", "elu"}) {
    const auto q = profile(activation, {1, 0}, 1, 4001);
    EXPECT_NEAR(std::log2(q[2000] / q[4000]), 2, 0.02) << activation;
  }
}

struct Row {
  std::string activation;
  double weight, bias, q_star, chi, xi_q;
};

TEST(InfiniteWidth, MeetsThePublishedFixedPoints) {
  const std::vector<Row> rows{
      {"tanh", 1.0, .05, 0.193593, 0.759032, 1.748},      {"tanh", 1.5, .05, 0.418037, 0.938636, 1.683},
      {"tanh", 1.760955, .05, 0.570048, 1.000000, 1.521}, {"tanh", 2.0, .05, 0.721762, 1.047666, 1.388},
      {"tanh", 25 / 9.0, 0, 1.17848, 1.209831, NAN},      {"erf", 1.0, .05, 0.28842669, 0.86759458, NAN},
      {"erf", 2.0, .05, 0.96595481, 1.15465277, NAN},
  };
  for (const Row& row : rows) {
    const InfiniteWidth limit = predict(row.activation, row.weight, row.bias);
    const double tolerance = row.activation == "erf" ? 1e-6 : 1e-5;
    EXPECT_NEAR(*limit.q_star, row.q_star, tolerance) << row.activation << row.weight;
    EXPECT_NEAR(limit.chi, row.chi, tolerance) << row.activation << row.weight;
    if (std::isnan(row.xi_q)) continue;
    EXPECT_NEAR(*limit.xi_q, row.xi_q, 1e-3 * row.xi_q) << row.activation << row.weight;
  }
}

TEST(InfiniteWidth, HasChiOneOnTheEdgeOfChaos) {
  struct Edge {
    std::string activation;
    double weight, bias, q_star;
  };
  for (const Edge& edge : std::vector<Edge>{{"tanh", 1.260094, .0025, .153692},
                                            {"erf", 0.987412, .0025, .145146},
                                            {"hard_tanh", 1.017785, .0025, .177052},
                                            {"elu", 1.281129, .0025, .189174},
                                            {"selu", .675705, .0025, .140655},
                                            {"erf", 1.375839, .05, .517177},
                                            {"hard_tanh", 1.165545, .05, .463864},
                                            {"elu", 1.533718, .05, 1.300913},
                                            {"selu", .901766, .05, .827302},
                                            {"tanh", 2.285152, .2, 1.164496},
                                            {"erf", 1.788180, .2, 1.045933},
                                            {"hard_tanh", 1.410617, .2, .897205},
                                            {"elu", 1.681835, .2, 3.983338},
                                            {"selu", 1.070361, .2, 2.158151}}) {
    const InfiniteWidth limit = predict(edge.activation, edge.weight, edge.bias);
    EXPECT_NEAR(limit.chi, 1, 2e-6) << edge.activation;
    EXPECT_NEAR(*limit.q_star, edge.q_star, 4e-6) << edge.activation;
  }
}

TEST(InfiniteWidth, OfHomogeneousActivationsHasChiWithoutAFixedPoint) {
  for (const auto& [activation, critical] :
       {std::pair{"linear", 1.0}, {"relu", 2.0}, {"abs", 1.0}, {"leaky_relu(0.2)", 1 / .52}}) {
    const InfiniteWidth limit = predict(activation, 1.1 * critical, 0);
    EXPECT_NEAR(limit.chi, 1.1, 1e-15) << activation;
    EXPECT_FALSE(limit.q_star) << activation;
    EXPECT_FALSE(limit.q_star.why().empty()) << activation;
    EXPECT_EQ(*limit.transient, 0) << activation;
    EXPECT_FALSE(predict(activation, 1.1 * critical, .05).q_star) << activation;
    EXPECT_NEAR(*predict(activation, .9 * critical, .05).q_star, .5, 1e-12) << activation;
    EXPECT_FALSE(predict(activation, critical, .05).q_star)
        << activation << ": chi = 1 grows by the bias a layer";
    EXPECT_FALSE(predict(activation, critical, .05).transient) << activation;
    EXPECT_EQ(*predict(activation, critical, 0).transient, 0) << activation;
  }
}

TEST(InfiniteWidth, OfCriticalTanhHasItsFixedPointAtZeroAndNoLength) {
  const InfiniteWidth limit = predict("tanh", 1, 0);
  EXPECT_EQ(*limit.q_star, 0);
  EXPECT_EQ(limit.chi, 1);
  EXPECT_FALSE(limit.xi_q);
  EXPECT_EQ(limit.xi_q.why(), "infinite: chi_q = 1");
  EXPECT_TRUE(limit.no_fixed_point);
}

TEST(InfiniteWidth, OfCriticalErfToleratesRounding) {
  const InfiniteWidth limit = predict("erf", std::numbers::pi / 4, 0);
  EXPECT_EQ(*limit.q_star, 0);
  EXPECT_NEAR(limit.chi, 1, 1e-15);
  EXPECT_FALSE(limit.xi_q);
}

TEST(InfiniteWidth, IsCriticalWithoutBiasWhereTheSlopeAtZeroSaysSo) {
  for (const char* activation : {"tanh", "sin", "arctan", "hard_tanh", "softsign", "elu"}) {
    const InfiniteWidth critical = predict(activation, 1, 0);
    EXPECT_EQ(*critical.q_star, 0) << activation;
    EXPECT_NEAR(critical.chi, 1, 1e-15) << activation;
    EXPECT_LT(predict(activation, 0.99, 0).chi, 1) << activation;
    EXPECT_GT(*predict(activation, 1.01, 0).q_star, 0) << activation;
  }
}

/// Where three published numbers each have eight digits: q* is a fixed point with χ = χ_q = 1.
TEST(InfiniteWidth, HasTheHalfStablePointsOfGeluAndSilu) {
  struct Point {
    const char* activation;
    double weight, bias, q;
  };
  for (const auto& [activation, weight, bias, q] :
       {Point{"gelu", 1.98305826, .17292239, (3 + std::sqrt(17.0)) / 2},
        Point{"silu", 1.98800468, .55514317, 14.32017362}}) {
    const MeanField field(Activation::parse(activation));
    EXPECT_NEAR((weight * field.V(q).value + bias) / q, 1, 1e-8) << activation;
    EXPECT_NEAR(weight * field.V_prime(q).value, 1, 1e-8) << activation;
    EXPECT_NEAR(weight * field.D(q).value, 1, 1e-8) << activation;
  }
}

TEST(InfiniteWidth, OfSeluKeepsTheVarianceButNotTheGradient) {
  const InfiniteWidth limit = predict("selu", 1, 0);
  EXPECT_NEAR(*limit.q_star, 1, 1e-12);
  EXPECT_NEAR(limit.chi, 1.07157499, 5e-9);
}

TEST(InfiniteWidth, NeverDiesOutWherePhiOfZeroIsNotZero) {
  for (const char* activation : {"sigmoid", "softplus"}) {
    const MeanField field(Activation::parse(activation));
    for (const double weight : {1e-12, 0.3, 1.0, 1.5}) {
      const InfiniteWidth limit = predict(activation, weight, 0);
      ASSERT_TRUE(limit.q_star) << activation << weight;
      EXPECT_GT(*limit.q_star, weight * field.V(0).value) << activation;
      EXPECT_NEAR(weight * field.V(*limit.q_star).value / *limit.q_star, 1, 1e-12) << activation;
      EXPECT_LT(limit.chi, 1) << activation << ": no edge of chaos";
    }
  }
}

TEST(InfiniteWidth, OfALoudSineSeesEveryPhaseAlike) {
  const InfiniteWidth limit = predict("sin", 300, 2);
  EXPECT_NEAR(*limit.q_star, 152, 1e-9);
  EXPECT_NEAR(limit.chi, 150, 1e-9);
  EXPECT_EQ(limit.chi_q, 0);
}

TEST(InfiniteWidth, OfUnboundedGrowthTakesTheSlopesAtInfinity) {
  const InfiniteWidth limit = predict("gelu", 3, 0);
  EXPECT_FALSE(limit.q_star);
  EXPECT_EQ(limit.chi, 1.5);
  EXPECT_NEAR(*limit.transient, 1 / std::log(1.5), 1e-12);
}

TEST(InfiniteWidth, OfGeluWithHeInitialisationDiesOut) {
  const InfiniteWidth limit = predict("gelu", 2, 0);
  EXPECT_EQ(*limit.q_star, 0);
  EXPECT_EQ(limit.chi, 0.5);
}

TEST(InfiniteWidth, SurvivesExtremeVariances) {
  for (const std::string& name : activation_names()) {
    const InfiniteWidthPredictor predictor(Activation::parse(name));
    for (const double weight : {1e-250, 1e-12, 1e12, 1e250}) {
      for (const double bias : {0.0, 1e-250, 1e250}) {
        const InfiniteWidth limit = predictor({weight, bias}, weight + bias);
        EXPECT_TRUE(std::isfinite(limit.chi) || (limit.chi > 0 && predictor.mean_field().facts().power != 0))
            << name << " " << weight << " " << bias;
        EXPECT_TRUE(limit.q_star || !limit.q_star.why().empty());
      }
    }
  }
}

/// ReLU with torch's defaults begins 850 times above q* and takes 5 layers to come near. Seen red: with an
/// onset of 0 of homogeneous activations.
TEST(Onset, OfReluWithSmallBiasesCountsTheFallFromItsInput) {
  const InfiniteWidth limit = predict("relu", 1.0 / 3, 1.0 / 3072);
  EXPECT_NEAR(*limit.q_star, 3.90625e-4, 1e-9);
  // q_l/q* − 1 = 852.7·6^−(l − 1): below e^0.1 − 1 from l = 7 on
  EXPECT_EQ(limit.onset, 6);
  EXPECT_EQ(predict("relu", 1.0 / 3, 0).onset, 0);
  EXPECT_GT(predict("relu", 2.2, 100).onset, 3);  // grows by more than χ while the bias counts
}

/// Seen red, as the next test: with an onset of 0 always.
TEST(InfiniteWidth, KnowsHowLongADyingSignalLingers) {
  EXPECT_EQ(predict("tanh", 1, 0).onset, 0);  // χ_q = 1
  EXPECT_EQ(predict("relu", 1.5, 0).onset, 0);
  EXPECT_LT(predict("tanh", 0.9, 0).onset, 40);
  const InfiniteWidth limit = predict("gelu", 2, 0);
  const auto q = profile("gelu", {2, 0}, 2, 200);
  const auto change = [&](std::size_t l) { return std::log(q[l] / q[l - 1]); };  // from layer l to l + 1
  const InfiniteWidthPredictor predictor(Activation::parse("gelu"));
  const auto gain = [&](std::size_t l) { return std::log(2 * predictor.mean_field().D(q[l - 1]).value); };
  const auto follows = [&](double step) { return std::abs(step / std::log(limit.chi_q) - 1) < 0.1; };
  ASSERT_GT(limit.onset, 5);
  const auto onset = static_cast<std::size_t>(limit.onset);
  for (std::size_t l = onset; l < q.size(); ++l) EXPECT_TRUE(follows(change(l)) && follows(gain(l))) << l;
  EXPECT_FALSE(follows(change(onset - 1)) && follows(gain(onset - 1)));
}

TEST(InfiniteWidth, KnowsHowLongASignalTakesToComeNearItsFixedPoint) {
  for (const auto& [activation, variances] : std::vector<std::pair<const char*, Variances>>{
           {"tanh", {1.5, .05}}, {"gelu", {1.5, .05}}, {"silu", {1.5, .05}}}) {
    const InfiniteWidth limit = predict(activation, variances.weight, variances.bias);
    const auto q = profile(activation, variances, variances.weight + variances.bias, 100);
    const auto onset = static_cast<std::size_t>(limit.onset);
    ASSERT_GT(onset, 1u);
    EXPECT_GE(std::abs(std::log(q[onset - 1] / *limit.q_star)), 0.1) << activation;
    EXPECT_LT(std::abs(std::log(q[onset] / *limit.q_star)), 0.1) << activation;
  }
}

/// q' = ¾·2σ_w² q² + σ_b². Without biases q = 2/(3σ_w²) drives away; with them the lower of two fixed points
/// holds: σ_w² = ½, σ_b² = ¼: 3q² − 4q + 1 = 0, q* = 1/3, χ_q = 3σ_w²q* = ½, χ = 2σ_w²q* = ⅓.
TEST(InfiniteWidth, OfASquaringActivationGoesToOneOfTwoEnds) {
  const InfiniteWidth dying = predict("relu2", 0.5, 0), growing = predict("relu2", 1, 0);
  EXPECT_EQ(*dying.q_star, 0);
  EXPECT_EQ(dying.chi, 0);
  ASSERT_EQ(dying.fixed_points.size(), 2u);
  EXPECT_NEAR(dying.fixed_points[1], 4.0 / 3, 1e-14);
  EXPECT_EQ(dying.transient.reason(), Reason::falls_ever_faster);
  EXPECT_FALSE(growing.q_star);
  EXPECT_EQ(growing.chi, HUGE_VAL);
  EXPECT_EQ(growing.transient.reason(), Reason::grows_ever_faster);
  const InfiniteWidth held = predict("relu2", 0.5, 0.25);
  EXPECT_NEAR(*held.q_star, 1.0 / 3, 1e-14);
  EXPECT_NEAR(held.chi, 1.0 / 3, 1e-14);
  EXPECT_NEAR(held.chi_q, 0.5, 1e-14);
}

/// The fixed point that drives away lies where V ends for the quadrature, λ = 10√q. Seen red: with −∞ for a
/// sample, whose bracket has no root.
TEST(InfiniteWidth, OfASilentActivationHasItsBarrierAtEveryVariance) {
  const InfiniteWidth limit = predict("softshrink", 1e300, 0);
  EXPECT_FALSE(limit.q_star);
  ASSERT_EQ(limit.fixed_points.size(), 2u);
  const double q = limit.fixed_points[1], z = 0.5 / std::sqrt(q), Q = 0.5 * std::erfc(z / std::sqrt(2.0));
  const double V = 2 * q * ((1 + z * z) * Q - z * std::exp(-0.5 * z * z) / std::sqrt(2 * std::acos(-1.0)));
  EXPECT_GT(z, 36);
  EXPECT_NEAR(1e300 * V / q, 1, 1e-7);
}

/// ln q_l = 2^(l−1) ln(q_1/q*) + ln q*, far beyond doubles; infinite from 2¹⁰²⁴ on.
TEST(LogProfile, OfASquaringActivationDoublesItsLogarithm) {
  const MeanField field(Activation::parse("relu2"));
  const auto log_q = log_variance_profile(field, {1, 0}, 0, 2000);
  const double log_q_star = std::log(2.0 / 3);
  EXPECT_NEAR(log_q[9] / ((std::exp2(9) - 1) * -log_q_star), 1, 1e-13);
  EXPECT_NEAR(log_q[900] / (std::exp2(900) * -log_q_star), 1, 1e-12);
  EXPECT_EQ(log_q.back(), HUGE_VAL);
  const auto dying = log_variance_profile(field, {0.5, 0}, 0, 2000);
  EXPECT_EQ(dying.back(), -HUGE_VAL);
  EXPECT_EQ(log_gradient_gain(field, {0.5, 0}, dying), -HUGE_VAL);
}

}  // namespace
}  // namespace varprop::theory
