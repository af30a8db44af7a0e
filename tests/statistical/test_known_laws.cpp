// Simulated networks against laws that are known exactly, or to first order in 1/n.
//
// Tolerances are 4 standard errors (a false alarm per comparison in 6·10⁻⁵ of seeds), 3 for the exact log
// moments of the older engines (in 2.7·10⁻³ of seeds, of 18 comparisons); the seeds are fixed. Seen to fail
// with |d|² taken 1.02 times, and with k = σ_w²/(n + 1).
#include <gtest/gtest.h>

#include <cmath>
#include <type_traits>
#include <vector>

#include "core/math/moments.hpp"
#include "tests/statistical/network_samples.hpp"
#include "theory/finite_width/finite_width.hpp"
#include "theory/infinite_width/infinite_width.hpp"
#include "workers/dense/dense_engine.hpp"
#include "workers/one_input/sum_engine.hpp"

namespace varprop::test {
using namespace theory;
namespace {

using namespace workers;

struct Sequence {
  double weight_variance;
  double bias_variance;
  double q[5];  ///< q_1 … q_5 at infinite width: q_1 = σ_w² + σ_b², then the map
};

class TanhSequence : public ::testing::TestWithParam<Sequence> {};

// T = 256, n = 4096: the mean of q_l has a relative standard error below 0.2 %, its finite-width bias is
// below 0.15 %.
TEST_P(TanhSequence, FollowsTheMapWithinOnePercent) {
  const Sequence& s = GetParam();
  LogMoments layers[5];
  for_each_network<ConditionalEngine>(make_point("tanh", s.weight_variance, s.bias_variance, 4096, 5), 1, 256,
                                      [&](const NetworkSample& sample) {
                                        for (std::size_t l = 0; l < 5; ++l) layers[l].add(sample.forward[l]);
                                      });
  for (std::size_t l = 0; l < 5; ++l) {
    EXPECT_NEAR(std::exp(layers[l].log_of_mean()) / s.q[l], 1, 0.01) << "layer " << l + 1;
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, TanhSequence,
                         ::testing::Values(Sequence{1, 0, {1, .394294, .236450, .166656, .127905}},
                                           Sequence{1.5, .05, {1.55, .761364, .567946, .492053, .456622}}));

/// ln q_L and ln g_1 of T networks.
struct Ends {
  std::vector<double> forward, backward;
};

template <class EngineType>
Ends ends(const Point& point, std::uint32_t T) {
  Ends all;
  for_each_network<EngineType>(point, 3, T, [&](const NetworkSample& sample) {
    all.forward.push_back(sample.forward.back().ln());
    all.backward.push_back(sample.backward.front().ln());
  });
  return all;
}

void expect_moments(const std::vector<double>& x, double mean, double variance, const char* what,
                    double errors = 3) {
  const Moments m(x);
  EXPECT_NEAR(m.mean, mean, errors * m.standard_error()) << "mean of " << what;
  EXPECT_NEAR(m.variance, variance, errors * m.variance_standard_error()) << "variance of " << what;
}

class CriticalHomogeneous : public ::testing::TestWithParam<std::tuple<const char*, double, std::int64_t>> {};

/// ⟨ln q_L⟩ = ln σ_w² + (L−1)m + m_linear, ⟨ln g_1⟩ = (L−1)m, at σ_w² with E ratio 1 and σ_b = 0, exactly at
/// every n.
TEST_P(CriticalHomogeneous, LogMomentsEqualTheDigammaSums) {
  const auto& [activation, weight_variance, n] = GetParam();
  constexpr std::int32_t L = 20;
  const auto law = *exact_log_ratio(Activation::parse(activation).facts(), n);
  const auto first = linear_log_ratio(n);
  const auto e = ends<ConditionalEngine>(make_point(activation, weight_variance, 0, n, L), 20000);
  expect_moments(e.forward, std::log(weight_variance) + (L - 1) * law.mean + first.mean,
                 (L - 1) * law.variance + first.variance, "ln q_L");
  expect_moments(e.backward, (L - 1) * law.mean, (L - 1) * law.variance, "ln g_1");
}

/// The same from counts and norms alone, at widths that nothing else reaches.
TEST_P(CriticalHomogeneous, LogMomentsOfTheRadialEngineEqualThemToo) {
  const auto& [activation, weight_variance, width] = GetParam();
  constexpr std::int32_t L = 20;
  for (const std::int64_t n : {width, width * 1000, width * 10'000'000}) {
    const auto law = *exact_log_ratio(Activation::parse(activation).facts(), n);
    const auto first = linear_log_ratio(n);
    const auto e = ends<RadialEngine>(make_point(activation, weight_variance, 0, n, L), 20000);
    expect_moments(e.forward, std::log(weight_variance) + (L - 1) * law.mean + first.mean,
                   (L - 1) * law.variance + first.variance, "ln q_L", 4);
    expect_moments(e.backward, (L - 1) * law.mean, (L - 1) * law.variance, "ln g_1", 4);
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, CriticalHomogeneous,
                         ::testing::Combine(::testing::Values("relu"), ::testing::Values(2.0),
                                            ::testing::Values<std::int64_t>(32, 128)));
INSTANTIATE_TEST_SUITE_P(Linear, CriticalHomogeneous,
                         ::testing::Combine(::testing::Values("linear"), ::testing::Values(1.0),
                                            ::testing::Values<std::int64_t>(8, 33)));

TEST(Dense, LogMomentsOfReluEqualTheDigammaSums) {
  constexpr std::int32_t L = 6;
  const auto law = *exact_log_ratio(Activation::parse("relu").facts(), 32);
  const auto e = ends<DenseEngine>(make_point("relu", 2, 0, 32, L), 10000);
  expect_moments(e.backward, (L - 1) * law.mean, (L - 1) * law.variance, "ln g_1");
}

class TanhDrift : public ::testing::TestWithParam<std::pair<std::int64_t, std::uint32_t>> {};

/// Away from both ends the gradient's rate per layer is ln χ + κ₁/n. The next order, about 4/n² here, is
/// below a tenth of a standard error.
TEST_P(TanhDrift, OfTheGradientIsTheFiniteWidthLaw) {
  const auto [n, T] = GetParam();
  constexpr std::size_t first = 14, last = 114;
  const InfiniteWidthPredictor predict(Activation::parse("tanh"));
  const Variances variances{1.5, 0.05};
  const InfiniteWidth limit = predict(variances, 1.55);
  const double expected =
      std::log(limit.chi) +
      gradient_correction(predict.mean_field(), variances, limit)->kappa_1 / static_cast<double>(n);
  std::vector<double> rates;
  for_each_network<ConditionalEngine>(
      make_point("tanh", 1.5, 0.05, n, 128), 5, T, [&](const NetworkSample& sample) {
        rates.push_back((sample.backward[first].ln() - sample.backward[last].ln()) /
                        static_cast<double>(last - first));
      });
  const Moments m(rates);
  EXPECT_NEAR(m.mean, expected, 4 * m.standard_error());
  EXPECT_LT(m.standard_error(), 0.0015) << "too few networks to tell the law from ln chi alone";
}

INSTANTIATE_TEST_SUITE_P(Widths, TanhDrift,
                         ::testing::Values(std::pair<std::int64_t, std::uint32_t>{128, 2000},
                                           std::pair<std::int64_t, std::uint32_t>{1024, 500}));

struct Extinction {
  std::int64_t n;
  std::int32_t L;
  double probability;  ///< 1 − (1 − 2⁻ⁿ)^{L−1}
};

class ReluExtinction : public ::testing::TestWithParam<Extinction> {};

TEST_P(ReluExtinction, HappensWithTheExactProbability) {
  const auto [n, L, probability] = GetParam();
  constexpr std::uint32_t T = 20000;
  const auto expect_share = [&]<class EngineType>(std::type_identity<EngineType>) {
    double signal = 0, gradient = 0;
    for_each_network<EngineType>(make_point("relu", 2, 0, n, L), 7, T, [&](const NetworkSample& sample) {
      signal += sample.forward.back().zero() ? 1.0 / T : 0;
      gradient += sample.backward.front().zero() ? 1.0 / T : 0;
    });
    const double standard_error = std::sqrt(probability * (1 - probability) / T);
    EXPECT_NEAR(signal, probability, 4 * standard_error);
    EXPECT_EQ(signal, gradient);
  };
  expect_share(std::type_identity<ConditionalEngine>{});
  expect_share(std::type_identity<RadialEngine>{});
}

INSTANTIATE_TEST_SUITE_P(Cases, ReluExtinction,
                         ::testing::Values(Extinction{4, 10, 0.44058}, Extinction{8, 50, 0.17451}));

}  // namespace
}  // namespace varprop::test
