// Power laws at criticality against published exponents and long iterations of the maps.
//
// Seen red with: r left out of the coefficient, and of the gradient's exponent; the third derivative's term a
// half larger; the straight line beyond the range of doubles left out.
#include "theory/critical_decay.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <string>

#include "theory/critical_variance.hpp"
#include "theory/log_profile.hpp"

namespace varprop {
namespace {

Reasoned<CriticalDecay> decay_of(const std::string& activation, double weight, double bias = 0) {
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
    ASSERT_TRUE(decay) << activation << decay.reason();
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
  EXPECT_EQ(decay_of("hard_tanh", 1).reason(), "slower than any power of the depth: phi is straight near 0");
  EXPECT_EQ(decay_of("relu", 2).reason(), "every layer is alike: q stays at chi = 1");
  EXPECT_EQ(decay_of("tanh", 0.9).reason(), "not critical: chi is not 1");
  EXPECT_EQ(decay_of("tanh", 1.760955, .05).reason(), "q* is above 0 and is approached exponentially");
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
}  // namespace varprop
