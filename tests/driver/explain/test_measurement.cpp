// Tests of single numbers against tails in closed form, and how they are written down.
//
// Seen red with: the observed count left out of its upper tail; the error of an rms too large by √2; a
// one-sided Gaussian tail; the error of a root not halved; one digit less.
#include "driver/explain/measurement.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "driver/explain/number_text.hpp"

namespace varprop {
namespace {

TEST(Measurement, OfAShareIsBinomial) {
  const Measurement eight = measured_share("heads", 8, 10, 0.5);
  EXPECT_DOUBLE_EQ(eight.measured, 0.8);
  EXPECT_DOUBLE_EQ(eight.standard_error, std::sqrt(0.025));
  EXPECT_NEAR(eight.p_value, 2 * 56 / 1024.0, 1e-14);  // 8, 9 or 10 heads: 45 + 10 + 1
  EXPECT_NEAR(measured_share("heads", 2, 10, 0.5).p_value, 2 * 56 / 1024.0, 1e-14);
  EXPECT_NEAR(measured_share("heads", 0, 10, 0.5).p_value, 2 / 1024.0, 1e-15);
  EXPECT_NEAR(measured_share("heads", 10, 10, 0.5).p_value, 2 / 1024.0, 1e-15);
  EXPECT_DOUBLE_EQ(measured_share("heads", 5, 10, 0.5).p_value, 1);
}

TEST(Measurement, OfAMeanSquareIsChiSquared) {
  const Measurement rms = measured_rms("rms", 20, 2, 3);  // P(χ²_2 > s) = exp(−s/2)
  EXPECT_DOUBLE_EQ(rms.measured, 3 * std::sqrt(10.0));
  EXPECT_DOUBLE_EQ(rms.exact, 3);
  EXPECT_DOUBLE_EQ(rms.standard_error, 1.5);
  EXPECT_NEAR(rms.p_value, 2 * std::exp(-10.0), 1e-17);
  EXPECT_NEAR(measured_rms("rms", 0.02, 2, 3).p_value, -2 * std::expm1(-0.01), 1e-15);
}

TEST(Measurement, OfAMeanIsGaussian) {
  const Measurement mean = measured_mean("mean", 1.3, 400, {1, 4});  // three standard errors of 0.1
  EXPECT_DOUBLE_EQ(mean.standard_error, 0.1);
  EXPECT_NEAR(mean.p_value, std::erfc(3 / std::sqrt(2.0)), 1e-12);
  EXPECT_NEAR(measured_mean("mean", 0.7, 400, {1, 4}).p_value, mean.p_value, 1e-12);
}

TEST(Measurement, OfARootAndOfAPowerKeepTheTestOfTheirMean) {
  const Measurement root = measured_root("root", 9.6, 400, {9, 36});
  EXPECT_DOUBLE_EQ(root.measured, std::sqrt(9.6));
  EXPECT_DOUBLE_EQ(root.exact, 3);
  EXPECT_DOUBLE_EQ(root.standard_error, 0.05);  // 0.3/(2·3)
  EXPECT_NEAR(root.p_value, std::erfc(2 / std::sqrt(2.0)), 1e-12);
  const Measurement factor = measured_typical("factor", -0.9, 400, {-1, 4});
  EXPECT_DOUBLE_EQ(factor.measured, std::exp(-0.9));
  EXPECT_DOUBLE_EQ(factor.standard_error, 0.1 * std::exp(-1.0));
  EXPECT_NEAR(factor.p_value, std::erfc(1 / std::sqrt(2.0)), 1e-12);
}

std::array<std::string, 3> texts(double measured, double error, double exact) {
  return measured_texts({"", measured, error, exact, 1, ExactTest::gaussian, 1});
}

TEST(NumberText, EndsWhereTheErrorEnds) {
  using Texts = std::array<std::string, 3>;
  EXPECT_EQ(texts(0.0646271, 0.000387, 0.0640187), (Texts{"0.06463", "0.00039", "0.06402"}));
  EXPECT_EQ(texts(72206.4, 1123.7, 71070.04), (Texts{"72206", "1124", "71070"}));
  EXPECT_EQ(texts(1.0726e-5, 1.637e-6, 1.1229e-5), (Texts{"1.07e-05", "1.6e-06", "1.12e-05"}));
  EXPECT_EQ(texts(0.0156, 0.00707, 0), (Texts{"0.0156", "0.0071", "0.0000"}));
}

}  // namespace
}  // namespace varprop
