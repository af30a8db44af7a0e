// Where numbers leave fp32, fp16, bf16 and fp8, against the layers that the closed form gives.
//
// Seen red: with travel turned round for gradients, with ½ ln n left out of an entry, with the largest entry
// of overflow left out, with the loss scale applied to signals.
#include "analysis/points/number_formats.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace varprop::analysis {
namespace {

constexpr std::size_t fp32 = 0, fp16 = 1, e4m3 = 3;
constexpr std::size_t subnormal = 0, underflow = 1, overflow = 2;

std::vector<std::int32_t> all_layers(std::int32_t depth) {
  std::vector<std::int32_t> layers(static_cast<std::size_t>(depth));
  std::iota(layers.begin(), layers.end(), 1);
  return layers;
}

const std::vector<double> unknown(128, std::numeric_limits<double>::quiet_NaN());

/// Of at most 128 layers.
std::vector<double> all_of(double width) {
  return std::vector<double>(128, width);
}

/// ln X_l = start + step·l.
std::vector<double> line(std::int32_t depth, double start, double step) {
  std::vector<double> values;
  for (std::int32_t l = 1; l <= depth; ++l) values.push_back(start + step * l);
  return values;
}

TEST(FindExits, OfReluWithTorchVarianceAreThoseOfTheReference) {
  // q_l = 2·6^−l: r < 2^−126 where l > (ln 2 + 252 ln 2)/ln 6 = 97.9, < 2^−150 where l > 116.5
  const auto exits = find_exits(Quantity::forward, all_layers(128), line(128, std::log(2), -std::log(6)),
                                unknown, all_of(128), {});
  EXPECT_EQ(exits.layer[fp32][subnormal], 98);
  EXPECT_EQ(exits.layer[fp32][underflow], 117);
  EXPECT_EQ(exits.layer[fp16][subnormal], 12);  // 29 ln 2/ln 6 = 11.2
  EXPECT_EQ(exits.layer[fp16][underflow], 20);  // 51 ln 2/ln 6 = 19.7
  EXPECT_FALSE(exits.layer[fp32][overflow]);
}

/// Seen red: with 0 for no layer.
TEST(FindExits, MayBeAStreamsInput) {
  const std::vector<std::int32_t> layers{0, 1, 2};
  const std::vector<double> large{30, 31, 32},
      falling{-41, -39, 0};  // e^15 is beyond 65504, e^-20.5 below 2^-25
  const auto signal = find_exits(Quantity::forward, layers, large, unknown, all_of(64), {});
  EXPECT_EQ(signal.layer[fp16][overflow], 0);
  EXPECT_FALSE(signal.layer[fp32][overflow]);
  const auto gradient = find_exits(Quantity::backward, layers, falling, unknown, all_of(1), {});
  EXPECT_EQ(gradient.layer[fp16][underflow], 1);
  EXPECT_EQ(gradient.layer[e4m3][underflow], 1);
  const std::vector<double> last{-41, -1, 0};
  EXPECT_EQ(find_exits(Quantity::backward, layers, last, unknown, all_of(1), {}).layer[fp16][underflow], 0);
}

/// ln q passes every format at once where gates square it in every block.
TEST(FindExits, AreOfInfiniteSignalsToo) {
  const std::vector<std::int32_t> layers{0, 1, 2};
  const std::vector<double> endless{0, 5, std::numeric_limits<double>::infinity()};
  const auto exits = find_exits(Quantity::forward, layers, endless, unknown, all_of(64), {});
  for (const auto& format : exits.layer) EXPECT_EQ(format[overflow], 2);
}

TEST(FindExits, OfGradientsAreTheFirstOnTheWayDown) {
  // g_l = e^(l − 64): entries of n = 100 are e^((l−64)/2)/10, below 2^−14 where l < 64 − 28 ln 2 + 2 ln 10
  // = 49.2
  const auto exits =
      find_exits(Quantity::backward, all_layers(64), line(64, -64, 1), unknown, all_of(100), {});
  EXPECT_EQ(exits.layer[fp16][subnormal], 49);
  const auto scaled = find_exits(Quantity::backward, all_layers(64), line(64, -64, 1), unknown, all_of(100),
                                 {std::exp(5), 1});
  EXPECT_EQ(scaled.layer[fp16][subnormal], 39);
}

TEST(FindExits, OverflowWithTheLargestEntry) {
  // q_l = e^l: r √(2 ln 200) = 3.26 r > 448 where l > 2 ln(448/3.2553) = 9.849
  const auto exits =
      find_exits(Quantity::forward, all_layers(64), line(64, 0, 1), unknown, all_of(100), {1e6, 1});
  EXPECT_EQ(exits.layer[e4m3][overflow], 10);
}

/// r = 2^−l, as of linear orthogonal networks with σ_w² = ¼: on the border it is a normal number, whatever
/// rounding did to its logarithm. Seen red: without the allowance for rounding.
TEST(FindExits, AtPowersOfTwoDoNotDependOnRounding) {
  for (const double rounding : {-1e-13, 0.0, 1e-13}) {
    auto log_mean = line(32, 0, -2 * std::log(2));
    for (double& y : log_mean) y += rounding;
    const auto exits = find_exits(Quantity::forward, all_layers(32), log_mean, unknown, all_of(64), {});
    EXPECT_EQ(exits.layer[fp16][subnormal], 15) << rounding;
    EXPECT_EQ(exits.layer[fp16][underflow], 26) << rounding;
  }
}

/// Networks whose ln q differ by ±0.6 reach a border ±0.6/step layers apart; 3 layers a record.
TEST(FindExits, TellBySpreadHowFarNetworksAreApart) {
  const std::vector<std::int32_t> layers{1, 4, 7, 10, 13};
  std::vector<double> log_mean, log_variance(layers.size(), 0.36);
  for (const std::int32_t l : layers) log_mean.push_back(-1.5 * l);
  const auto exits = find_exits(Quantity::forward, layers, log_mean, log_variance, all_of(128), {});
  EXPECT_EQ(exits.layer[e4m3][underflow], 10);  // 20 ln 2/1.5 = 9.2
  EXPECT_NEAR(exits.spread[e4m3][underflow], 0.4, 1e-12);
  EXPECT_EQ(exits.spread[e4m3][overflow], 0);
}

TEST(LogEntryRms, IsThatOfOneEntry) {
  const GradientScale scale{4, 0.5};
  EXPECT_DOUBLE_EQ(log_entry_rms(Quantity::forward, 2, 100, scale), 1);
  EXPECT_DOUBLE_EQ(log_entry_rms(Quantity::backward, 2, 100, scale), 1 - std::log(10) + std::log(2));
  EXPECT_DOUBLE_EQ(log_entry_rms(Quantity::weight_gradient, 2, 100, scale), 1 - std::log(100) + std::log(2));
}

TEST(NumberFormats, AreThoseOfTheirStandards) {
  EXPECT_EQ(number_formats[fp32].smallest_normal, std::numeric_limits<float>::min());
  EXPECT_EQ(number_formats[fp32].smallest_subnormal, std::numeric_limits<float>::denorm_min());
  EXPECT_EQ(number_formats[fp32].largest, std::numeric_limits<float>::max());
  EXPECT_EQ(number_formats[2].largest, 3.38953138925153547590470800371487866880e38);  // bfloat16
  EXPECT_EQ(number_formats.back().smallest_normal, std::numeric_limits<double>::min());
  EXPECT_EQ(number_formats.back().smallest_subnormal, std::numeric_limits<double>::denorm_min());
  EXPECT_EQ(number_formats.back().largest, std::numeric_limits<double>::max());
}

}  // namespace
}  // namespace varprop::analysis
