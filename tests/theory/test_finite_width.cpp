// Exact sums and the gradient's drift and spread at width n against published values.
#include "theory/finite_width.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace varprop {
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
  EXPECT_FALSE(exact_log_ratio(Activation::parse("leaky_relu(0.2)").facts(), 32));
  EXPECT_FALSE(exact_log_ratio(Activation::parse("tanh").facts(), 32));
}

Reasoned<GradientCorrection> correction(const std::string& activation, double weight, double bias) {
  const InfiniteWidthPredictor predict(Activation::parse(activation));
  const Variances variances{weight, bias};
  return gradient_correction(predict.mean_field(), variances, predict(variances, weight + bias));
}

TEST(GradientCorrection, MeetsThePublishedRows) {
  struct Row {
    std::string activation;
    double weight, bias, kappa_1, fluctuation;
  };
  for (const Row& row : std::vector<Row>{{"tanh", 1.0, .05, -1.38696, 2.69457},
                                         {"tanh", 1.5, .05, -1.55507, 3.60759},
                                         {"tanh", 1.760955, .05, -1.67835, 3.99368},
                                         {"erf", 1.375839, .05, -1.70164, 3.96932}}) {
    const auto result = correction(row.activation, row.weight, row.bias);
    ASSERT_TRUE(result) << result.reason();
    EXPECT_NEAR(result->kappa_1, row.kappa_1, 1e-5) << row.activation << row.weight;
    EXPECT_NEAR(result->fluctuation, row.fluctuation, 1e-5) << row.activation << row.weight;
  }
  EXPECT_NEAR(correction("gelu", 1.5, .1)->kappa_1, -1.186, 6e-4);
  EXPECT_NEAR(correction("gelu", 1.5, .1)->fluctuation, 5.41, 6e-3);
}

TEST(GradientCorrection, OfHomogeneousActivations) {
  EXPECT_DOUBLE_EQ(correction("relu", 1.7, 0)->kappa_1, -2.5);
  EXPECT_DOUBLE_EQ(correction("relu", 1.7, 0)->fluctuation, 5);
  EXPECT_DOUBLE_EQ(correction("linear", 1, 0)->kappa_1, -1);
  EXPECT_DOUBLE_EQ(correction("linear", 1, 0)->fluctuation, 2);
}

TEST(GradientCorrection, SaysWhyThereIsNone) {
  EXPECT_EQ(correction("tanh", 0.9, 0).reason(), "q* is 0");
  EXPECT_EQ(correction("gelu", 3, 0).reason(), "q grows without bound");
}

}  // namespace
}  // namespace varprop
