// Laws across points on synthetic points: the truth inside the intervals, and no law where there is none.
//
// 200 seeded data sets a case, 8 batches a point. A correct 95 % interval holds the truth 190 ± 3.1 times;
// 180 to 198 is missed with a probability of 0.5 %, seeds are fixed. Where there is no law, at most 21 of 200
// may be called one.
//
// Seen red: with the zero's error not divided by the slope, with the limit's fit unweighted, with the order
// of its covariances turned, with a length in place of its inverse, with C/n left out of the fluctuation's
// fit, with the digamma bias left in, with halves not compared.
#include <gtest/gtest.h>

#include <cmath>

#include "analysis/laws/laws.hpp"
#include "analysis/laws/rate_zero.hpp"
#include "tests/analysis/synthetic_points.hpp"
#include "theory/means/log_ratio.hpp"
#include "theory/networks/network_theory.hpp"

namespace varprop::analysis {
using namespace theory;
namespace {

using synthetic::batch_mean;
using synthetic::points_of;
using synthetic::relu_sweep;

constexpr int data_sets = 200, batches = 8;

std::vector<double> range(double from, double to, int count) {
  std::vector<double> values;
  for (int i = 0; i < count; ++i) values.push_back(from + (to - from) * i / (count - 1));
  return values;
}

/// One synthetic measurement of a point.
using Measure = std::function<void(PointAnalysis&, std::mt19937_64&)>;
/// The laws that are looked for.
using Find = std::function<std::vector<Law>(const PointGrid&, Predictions&)>;

struct Count {
  int holding = 0;
  int covering = 0;
};

/// How many of the rows that `wanted` picks hold, one a data set, and how many of these intervals hold the
/// truth.
Count count_laws(const Sweep& sweep, const Measure& measure, const Find& find, double truth,
                 const std::function<bool(const Law&)>& wanted) {
  Predictions predictions(sweep.network);
  Count count;
  for (int seed = 1; seed <= data_sets; ++seed) {
    std::mt19937_64 random(static_cast<std::uint64_t>(seed));
    const auto points = points_of(sweep, predictions, [&](PointAnalysis& a) { measure(a, random); });
    for (const Law& law : find(PointGrid(sweep, points), predictions)) {
      if (!wanted(law) || !law.holds()) continue;
      ++count.holding;
      count.covering += law.interval->low <= truth && truth <= law.interval->high;
    }
  }
  return count;
}

void expect_covered(const Count& count, int least_holding = 190) {
  EXPECT_GE(count.holding, least_holding);
  EXPECT_GE(count.covering, 180 - (data_sets - least_holding) / 2);
  EXPECT_LE(count.covering, 198);
}

bool any(const Law&) {
  return true;
}
bool at_width(const Law& law) {
  return law.law == LawName::critical_weight_variance && law.applies[width_axis];
}
bool is_limit(const Law& law) {
  return law.law == LawName::critical_weight_variance && !law.applies[width_axis];
}
bool is_length(const Law& law) {
  return law.law == LawName::correlation_length;
}

double n_of(const PointAnalysis& a) {
  return static_cast<double>(a.point.width.value());
}
double steps_of(const PointAnalysis& a) {
  return (a.point.depth.value() - 1) / n_of(a);
}
double log_weight(const PointAnalysis& a) {
  return std::log(a.point.weight_variance.value());
}

/// The laws of one name in every group of points.
template <LawName name>
std::vector<Law> find(const PointGrid& grid, Predictions& predictions) {
  const LawDeclaration& declared = declaration_of(name);
  std::vector<Law> laws;
  grid.for_each_group(declared.free, [&](const GridIndices& origin) {
    for (Law& law : declared.fit(grid, origin, predictions)) laws.push_back(std::move(law));
  });
  return laws;
}
constexpr auto find_critical = find<LawName::critical_weight_variance>;
constexpr auto find_length = find<LawName::correlation_length>;
constexpr auto find_drift = find<LawName::drift>;
constexpr auto find_fluctuation = find<LawName::fluctuation>;
constexpr auto find_width = find<LawName::width>;

/// A rate that rises through zero at ln σ_w² = ln 2 + B/n, with a curvature.
Measure rising_rate(double noise, double B = 2.5) {
  return [=](PointAnalysis& a, std::mt19937_64& random) {
    const double x = log_weight(a) - std::log(2) - B / n_of(a);
    a.backward->rate = batch_mean(2 * x - 0.8 * x * x, noise / std::sqrt(n_of(a)), batches, random);
  };
}

/// SiLU without biases: χ jumps over 1 near σ_w² = 2.65. Seen red: with theory not asked.
TEST(CriticalVariance, IsRefusedWhereTheoryJumpsOverIt) {
  Sweep sweep = relu_sweep(range(2.2, 3.1, 10), {64}, {64});
  sweep.grid.activation = {Activation::parse("silu")};
  Predictions predictions(sweep.network);
  std::mt19937_64 random(1);
  const auto points = points_of(sweep, predictions, [&](PointAnalysis& a) {
    a.backward->rate = batch_mean(2 * (log_weight(a) - std::log(2.65)), 0.01, batches, random);
  });
  for (const Law& law : find_critical(PointGrid(sweep, points), predictions)) {
    if (at_width(law)) {
      EXPECT_NE(law.verdict().find("jumps over 0"), std::string::npos) << law.verdict();
    }
  }
}

TEST(CriticalVariance, HoldsTheTruth) {
  const Sweep sweep = relu_sweep(range(1.5, 2.6, 12), {64}, {32, 64});
  const double truth = 2 * std::exp(2.5 / 64);
  expect_covered(count_laws(sweep, rising_rate(0.1), find_critical, truth, at_width));
}

TEST(CriticalVariance, LimitHoldsTheTruth) {
  // One data set in 20 is refused by design: leaving out the smallest width moves the limit by 2 standard
  // errors.
  const Sweep sweep = relu_sweep(range(1.5, 2.6, 12), {64, 128, 256, 512}, {64});
  expect_covered(count_laws(sweep, rising_rate(0.1), find_critical, 2, is_limit), 180);
}

TEST(CriticalVariance, IsNotFoundInNoise) {
  const Sweep sweep = relu_sweep(range(1.5, 2.6, 12), {64, 128, 256, 512}, {64});
  const Measure noise = [](PointAnalysis& a, std::mt19937_64& random) {
    a.backward->rate = batch_mean(0, 0.1, batches, random);
  };
  EXPECT_LE(count_laws(sweep, noise, find_critical, 0, is_limit).holding, 21);
  EXPECT_LE(count_laws(sweep, noise, find_length, 0, is_length).holding, 4 * 21);
  const Sweep one = relu_sweep(range(1.5, 2.6, 12), {64}, {64});
  EXPECT_LE(count_laws(one, noise, find_critical, 0, at_width).holding, 21);
}

TEST(CriticalVariance, IsRefusedWhereRatesJump) {
  const Sweep sweep = relu_sweep(range(1.5, 2.6, 12), {64}, {64});
  const Measure two_regimes = [](PointAnalysis& a, std::mt19937_64& random) {
    a.backward->rate = batch_mean(log_weight(a) < std::log(2.05) ? -0.1 : 0.3, 0.01, batches, random);
  };
  EXPECT_LE(count_laws(sweep, two_regimes, find_critical, 0, at_width).holding, 21);
}

TEST(CorrelationLength, HoldsTheTruth) {
  const Sweep sweep = relu_sweep(range(1.4, 2.7, 27), {64}, {64});
  expect_covered(count_laws(sweep, rising_rate(0.02), find_length, -1, is_length), 185);
}

TEST(Drift, HoldsTheTruth) {
  const Sweep sweep = relu_sweep({2}, {64, 128, 256, 512}, {32, 64});
  const Measure measure = [](PointAnalysis& a, std::mt19937_64& random) {
    a.backward->rate = batch_mean(0.1 - 2.5 / n_of(a), 0.05 / std::sqrt(n_of(a)), batches, random);
  };
  const auto is = [](const char* name) { return [name](const Law& law) { return law.parameter == name; }; };
  expect_covered(count_laws(sweep, measure, find_drift, -2.5, is("kappa_1")));
  expect_covered(count_laws(sweep, measure, find_drift, 0.1, is("log_chi")));
}

TEST(Drift, IsNotFoundInNoiseCurvesOrTwoRegimes) {
  const Sweep sweep = relu_sweep({2}, {64, 128, 256, 512, 1024}, {64});
  const auto count = [&](const std::function<double(double n)>& rate) {
    const Measure measure = [&](PointAnalysis& a, std::mt19937_64& random) {
      a.backward->rate = batch_mean(rate(n_of(a)), 0.01 / std::sqrt(n_of(a)), batches, random);
    };
    return count_laws(sweep, measure, find_drift, 0,
                      [](const Law& law) { return law.parameter == "kappa_1"; })
        .holding;
  };
  EXPECT_LE(count([](double) { return 0.1; }), 21);
  EXPECT_LE(count([](double n) { return 1000 / (n * n); }), 21);
  EXPECT_LE(count([](double n) { return n < 200 ? 0.1 : 0.0; }), 21);
}

TEST(Fluctuation, HoldsTheTruth) {
  const Sweep sweep = relu_sweep({2}, {128, 256, 512}, {17, 65});
  const Measure measure = [](PointAnalysis& a, std::mt19937_64& random) {
    a.backward->variance = batch_mean(5 * steps_of(a), 0.2 * steps_of(a), batches, random);
  };
  expect_covered(count_laws(sweep, measure, find_fluctuation, 5, any));
}

TEST(Fluctuation, AllowsForTheLayersNearTheInput) {
  Sweep sweep = relu_sweep({1.5}, {128, 256, 512}, {17, 65});
  sweep.grid.activation = {Activation::parse("tanh")};
  sweep.grid.bias_variance = {BiasVariance(0.05)};
  const Measure measure = [](PointAnalysis& a, std::mt19937_64& random) {
    const double truth = 3.6 * steps_of(a) + 4 / n_of(a);
    a.backward->variance = batch_mean(truth, 0.1 * steps_of(a), batches, random);
  };
  expect_covered(count_laws(sweep, measure, find_fluctuation, 3.6, any));
}

/// Layers between n and n/2: 5 Σ 1/n_l. Seen red: with (L − 1)/n in the sum's place.
TEST(Fluctuation, OfUnequalLayersCountsEachByItsWidth) {
  Sweep sweep = relu_sweep({2}, {512, 1024, 2048, 4096}, {9});
  sweep.grid.*axis_of<Shape>.values = {Shape::parse("1:0.5:1")};
  const Measure measure = [](PointAnalysis& a, std::mt19937_64& random) {
    const double sum = hidden_widths(a.point).sum_of_inverses;
    a.backward->variance = batch_mean(5 * sum, 0.2 * sum, batches, random);
  };
  expect_covered(count_laws(sweep, measure, find_fluctuation, 5, any));
  Predictions predictions(sweep.network);
  std::mt19937_64 random(1);
  const auto points = points_of(sweep, predictions, [&](PointAnalysis& a) { measure(a, random); });
  const Law law = find_fluctuation(PointGrid(sweep, points), predictions).front();
  EXPECT_NEAR(law.theory.value_or(0), 5.05, .05) << "theory's sums over the layers stand beside it";
}

TEST(Fluctuation, IsNotFoundInNoiseCurvesOrTwoRegimes) {
  const Sweep sweep = relu_sweep({2}, {128, 256, 512, 1024}, {65});
  const auto count = [&](const std::function<double(double steps)>& variance) {
    const Measure measure = [&](PointAnalysis& a, std::mt19937_64& random) {
      a.backward->variance = batch_mean(variance(steps_of(a)), 0.05 * steps_of(a), batches, random);
    };
    return count_laws(sweep, measure, find_fluctuation, 0, any).holding;
  };
  EXPECT_LE(count([](double) { return 0.0; }), 21);
  EXPECT_LE(count([](double x) { return 5 * x * x; }), 21);
  EXPECT_LE(count([](double x) { return x < 0.2 ? 2 * x : 6 * x; }), 21);
}

/// ln q_1 of z variance A n^p with the scatter of χ²_n/n in batches of 32 networks.
Measure first_layer(const std::function<double(double n)>& log_variance) {
  return [=](PointAnalysis& a, std::mt19937_64& random) {
    const LogRatioLaw sum = linear_log_ratio(a.point.width.value());
    a.first_layer =
        batch_mean(log_variance(n_of(a)) + sum.mean, std::sqrt(sum.variance / 32), batches, random);
  };
}

TEST(WidthLaw, HoldsTheTruth) {
  Sweep sweep = relu_sweep({2}, {1, 10, 100, 1000, 10000}, {1});
  sweep.network.variance_scaling = VarianceScaling::none;
  expect_covered(
      count_laws(sweep, first_layer([](double n) { return 0.3 + std::log(n); }), find_width, 1, any));
}

TEST(WidthLaw, IsNotFoundInNoiseCurvesOrTwoRegimes) {
  Sweep sweep = relu_sweep({2}, {1, 10, 100, 1000, 10000}, {1});
  sweep.network.variance_scaling = VarianceScaling::none;
  const auto count = [&](const std::function<double(double)>& curve) {
    return count_laws(sweep, first_layer(curve), find_width, 0, any).holding;
  };
  EXPECT_LE(count([](double) { return 0.3; }), 21);
  EXPECT_LE(count([](double n) { return std::log(n) * std::log(n); }), 21);
  EXPECT_LE(count([](double n) { return n < 50 ? 0.0 : std::log(n / 50); }), 21);
}

TEST(WidthLaw, IsAskedForWithoutFanInOnly) {
  const Sweep sweep = relu_sweep({2}, {1, 10, 100}, {1});
  EXPECT_EQ(count_laws(sweep, first_layer([](double n) { return std::log(n); }), find_width, 1, any).holding,
            0);
}

TEST(RateZero, SaysWhyThereIsNone) {
  const auto rates = [](std::initializer_list<std::pair<std::size_t, double>> values) {
    std::vector<RatePoint> all;
    for (const auto& [place, rate] : values) {
      all.push_back({place, 0.1 * static_cast<double>(place), rate, 0.01, 7, 0});
    }
    return all;
  };
  EXPECT_NE(find_rate_zero(rates({{0, 0.1}})).why().find("fewer than 2"), std::string::npos);
  EXPECT_NE(find_rate_zero(rates({{0, -0.2}, {1, -0.1}})).why().find("sign"), std::string::npos);
  EXPECT_NE(find_rate_zero(rates({{0, -0.2}, {2, 0.1}})).why().find("next to"), std::string::npos);
  const auto zero = find_rate_zero(rates({{0, -0.2}, {1, -0.1}, {2, 0.0}, {3, 0.1}}));
  ASSERT_TRUE(zero);
  EXPECT_NEAR(zero->x.value, 0.2, 1e-12);
  EXPECT_NEAR(zero->slope, 1, 1e-9);
}

/// The coarse grid: tanh without biases has its kink at 1, between 0.845 and 1.158; the parabola
/// through these and 2.75 is 0 at 1.14, with a theory of 1.058 fifteen of its standard errors away. Seen red:
/// held.
TEST(RateZero, IsNotInterpolatedThroughFewerThanFourNeighbours) {
  std::vector<RatePoint> rates;
  const double variances[]{0.845, 1.158, 2.75, 3.04, 3.103};
  for (std::size_t i = 0; i < 5; ++i) {
    const double x = std::log(variances[i]);
    rates.push_back({i, x, x < 0 ? x : 0.2 * x, 1e-3, 15, 0});
  }
  EXPECT_EQ(
      find_rate_zero(rates).why(),
      "fewer than 4 neighbouring weight variances about the change of sign: more are needed between the "
      "two (0.845 and 1.158)");
}

/// What falls clearly at 0.6 says nothing of 1.35 to 1.7: one rate that noise made negative there is no
/// change of sign. Seen red: 1.352 (1.349 to 1.355), where 1.300 is right.
TEST(RateZero, IsNotMadeOfNoiseBesideAClearRateFarAway) {
  std::vector<RatePoint> rates;
  const std::pair<double, double> measured[]{{0.6, -0.5},   {1.35, -0.002}, {1.36, 0.011},
                                             {1.37, 0.012}, {1.5, 0.03},    {1.7, 0.06}};
  for (const auto& [variance, rate] : measured)
    rates.push_back({rates.size(), std::log(variance), rate, 0.002, 15, 0});
  EXPECT_EQ(find_rate_zero(rates).why(), "the rates have no clear zero");
}

}  // namespace
}  // namespace varprop::analysis
