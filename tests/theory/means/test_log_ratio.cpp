// Exact sums at width n against published values and closed forms.
//
// Seen red with: the integral cut off at e⁵; γ left out of the second moment; the variance of χ²_n left in
// orthogonal networks; 4κ₂d² for 6κ₂d² in the fourth cumulant.
#include "theory/means/log_ratio.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/math/moments.hpp"
#include "core/network/activations/activation.hpp"
#include "core/text/words.hpp"
#include "tests/fourth_moment.hpp"

namespace varprop::theory {
namespace {

LogRatioLaw exact(const std::string& activation, std::int64_t n) {
  return *exact_log_ratio(Activation::parse(activation).facts(), n);
}

TEST(ExactLogRatio, MeetsThePublishedRows) {
  struct Row {
    std::int64_t n;
    double linear_mean, linear_variance, relu_mean, relu_variance;
  };
  for (const Row& row : {Row{8, -0.13017669, 0.28382296, -0.39877727, 1.24698913},
                         Row{32, -0.03157539, 0.06449378, -0.08254021, 0.17749779},
                         Row{64, -0.01570637, 0.03174337, -0.04010860, 0.08299735},
                         Row{128, -0.00783284, 0.01574771, -0.01978640, 0.04023399},
                         Row{512, -0.00195440, 0.00391389, -0.00489848, 0.00983684}}) {
    EXPECT_NEAR(exact("linear", row.n).mean, row.linear_mean, 6e-9) << row.n;
    EXPECT_NEAR(exact("linear", row.n).variance, row.linear_variance, 6e-9) << row.n;
    EXPECT_NEAR(exact("relu", row.n).mean, row.relu_mean, 6e-9) << row.n;
    EXPECT_NEAR(exact("relu", row.n).variance, row.relu_variance, 6e-9) << row.n;
  }
}

TEST(ExactLogRatio, ApproachesItsAsymptoticForm) {
  for (const std::int64_t n : {std::int64_t{10'000'000}, std::int64_t{1} << 24, std::int64_t{1} << 40}) {
    const auto width = static_cast<double>(n);
    EXPECT_NEAR(exact("relu", n).mean * width, -2.5, 1e-5) << n;
    EXPECT_NEAR(exact("relu", n).variance * width, 5, 1e-5) << n;
    EXPECT_NEAR(exact("linear", n).mean * width, -1, 1e-6) << n;
  }
}

TEST(ExactLogRatio, OfOneNeuron) {
  // χ²_1: ψ(½) = −γ − 2 ln 2, ψ₁(½) = π²/2; ReLU's neuron, given that it is on, doubles the square.
  const double gamma = 0.57721566490153286;
  EXPECT_NEAR(exact("linear", 1).mean, -gamma - std::log(2.0), 1e-14);
  EXPECT_NEAR(exact("relu", 1).mean, -gamma, 1e-14);
  EXPECT_NEAR(exact("relu", 1).variance, M_PI * M_PI / 2, 1e-13);
}

TEST(ExactLogRatio, GoesByTheSlopesAndRefusesTheRest) {
  EXPECT_EQ(exact("leaky_relu(-1)", 32).mean, exact("linear", 32).mean);
  EXPECT_EQ(exact("leaky_relu(0)", 32).mean, exact("relu", 32).mean);
  EXPECT_FALSE(exact_log_ratio(Activation::parse("tanh").facts(), 32));
  EXPECT_FALSE(exact_log_ratio(Activation::parse("relu").facts(), 32, WeightDistribution::uniform));
}

/// One neuron: ln S = ln χ²_1 + (the logarithm of one of two squared slopes).
TEST(ExactLogRatio, OfOneLeakyNeuron) {
  const double gamma = 0.57721566490153286;
  for (const double slope : {0.2, 1e-3, -7.0, 1e-8}) {
    const auto law = exact("leaky_relu(" + shortest(slope) + ")", 1);
    const double jump = std::log(slope * slope), D = 0.5 * (1 + slope * slope);
    EXPECT_NEAR(law.mean, -gamma - std::log(2.0) + 0.5 * jump - std::log(D), 1e-12) << slope;
    EXPECT_NEAR(law.variance, M_PI * M_PI / 2 + 0.25 * jump * jump, 1e-10) << slope;
  }
}

/// The transform near its two ends: digamma sums of one slope and of equal slopes.
TEST(ExactLogRatio, OfLeakyReluRunsFromReluToLinear) {
  for (const std::int64_t n : {8, 32, 512, 100'000}) {
    EXPECT_NEAR(
        exact("leaky_relu(1e-9)", n).mean / (exact("relu", n).mean + std::pow(0.5, n) * std::log(1e-18)), 1,
        n == 8 ? 0.02 : 1e-7)
        << n;
    EXPECT_NEAR(exact("leaky_relu(0.9999999)", n).mean / exact("linear", n).mean, 1, 1e-6) << n;
    EXPECT_NEAR(exact("leaky_relu(0.9999999)", n).variance / exact("linear", n).variance, 1, 1e-6) << n;
  }
}

/// Two neurons, summed over their signs: both steep or both flat give χ²_2 times a slope, one of each the sum
/// of two weighed squares, ln of which is averaged over its angle: E ln(s cos² + t sin²) = 2 ln((√s + √t)/2).
TEST(ExactLogRatio, OfTwoLeakyNeurons) {
  const double gamma = 0.57721566490153286, a = 0.2, D = 0.52;
  const double chi_2 = std::log(2.0) - gamma;  // ⟨ln χ²_2⟩
  const double mean = 0.25 * (chi_2 + chi_2 + std::log(a * a)) + 0.5 * (chi_2 + 2 * std::log((1 + a) / 2));
  EXPECT_NEAR(exact("leaky_relu(0.2)", 2).mean, mean - std::log(2 * D), 1e-12);
}

/// Orthogonal weights leave out χ²_n/n: nothing is random in a linear network, and one ReLU, if on, doubles.
TEST(ExactLogRatio, OfOrthogonalWeightsLacksTheLengthOfGaussianOnes) {
  const auto haar = [](const std::string& activation, std::int64_t n) {
    return *exact_log_ratio(Activation::parse(activation).facts(), n, WeightDistribution::orthogonal);
  };
  EXPECT_EQ(haar("linear", 7).mean, 0);
  EXPECT_EQ(haar("abs", 7).variance, 0);
  EXPECT_NEAR(haar("relu", 1).mean, std::log(2.0), 1e-14);
  EXPECT_NEAR(haar("relu", 1).variance, 0, 1e-13);
  EXPECT_NEAR(haar("relu", 100'000).mean * 1e5, -1.5, 1e-3);
  EXPECT_NEAR(haar("relu", 100'000).variance * 1e5, 3, 1e-3);
}

TEST(OneSidedFourthCumulant, MatchesItsDefinition) {
  EXPECT_NEAR(one_sided_fourth_cumulant(1), std::pow(3.14159265358979324, 4), 1e-9);  // ψ₃(½) = π⁴
  // E y⁴ − 3(E y²)² for y = ln(2χ²_K/n) − m, by the trapezoidal rule over the density of ln χ²_K.
  for (const std::int64_t n : {5, 12}) {
    const auto N = static_cast<double>(n);
    const LogRatioLaw law = exact("relu", n);
    double choose = 1, alive = std::exp2(N) - 1, fourth = 0;
    for (double k = 1; k <= N; ++k) {
      choose *= (N - k + 1) / k;
      for (double x = -100; x < 8; x += 0.01) {
        const double density =
            std::exp(k / 2 * x - std::exp(x) / 2 - k / 2 * std::log(2.0) - std::lgamma(k / 2));
        const double y = x + std::log(2 / N) - law.mean;
        fourth += 0.01 * choose / alive * density * y * y * y * y;
      }
    }
    const double expected = fourth - 3 * law.variance * law.variance;
    EXPECT_NEAR(one_sided_fourth_cumulant(n), expected, 1e-9 * std::abs(expected)) << n;
  }
}

/// χ²_n/n has the variance 2/n.
TEST(LogGammaLaw, OfAChiSquareIsTheLinearLayers) {
  for (const std::int64_t n : {1, 2, 3, 10, 17, 100, 10'000}) {
    const LogRatioLaw gamma = log_gamma_law(2.0 / static_cast<double>(n)), linear = linear_log_ratio(n);
    EXPECT_NEAR(gamma.mean, linear.mean, 1e-6 * std::abs(linear.mean)) << n;
    EXPECT_NEAR(gamma.variance, linear.variance, 1e-6 * linear.variance) << n;
  }
  EXPECT_EQ(log_gamma_law(0).mean, 0);
}

TEST(ExcessKurtosis, IsThatOfEveryLaw) {
  for (const auto& [weights, word] : EnumWords<WeightDistribution>::words) {
    EXPECT_NEAR(excess_kurtosis(weights), test::fourth_moment(weights) - 3, 1e-14) << word;
  }
}

/// ln Q/|a|² of 200 000 drawn pairs, four standard errors, one false alarm in 15 000 a case. Seen red: with β
/// by three points at every width.
TEST(AngleLogRatio, OfTwoSlopesIsThatOfDrawnNeighbours) {
  constexpr int draws = 200000;
  std::mt19937_64 random(5);
  std::normal_distribution<double> normal;
  for (const double slope : {0.2, -0.5}) {
    for (const int n : {4, 6, 40}) {
      Moments moments;
      for (int i = 0; i < draws; ++i) {
        double a2 = 0, e2 = 0, ae = 0;
        for (int j = 0; j < n; ++j) {
          const double z = normal(random), s = z > 0 ? 1 : slope, e = s * normal(random);
          a2 += s * s * z * z, e2 += e * e, ae += s * z * e;
        }
        moments.add(std::log((e2 - ae * ae / a2) / a2));
      }
      const auto facts = Activation::parse("leaky_relu(" + shortest(slope) + ")").facts();
      const auto law = angle_log_ratio(facts, n, WeightDistribution::gaussian);
      ASSERT_TRUE(law.optional()) << n;
      EXPECT_NEAR(*law, moments.mean(), 4 * std::sqrt(moments.variance() / draws)) << slope << ' ' << n;
    }
  }
}

}  // namespace
}  // namespace varprop::theory
