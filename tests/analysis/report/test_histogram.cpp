// Histograms of single networks.
#include "analysis/report/histogram.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <random>

namespace varprop {
namespace {

TEST(Histogram, CountsEveryLivingNetworkOnce) {
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal(5, 2);
  std::vector<double> sample;
  for (int i = 0; i < 1000; ++i) sample.push_back(normal(random));
  for (int i = 0; i < 250; ++i) sample.push_back(NAN);
  const Histogram histogram = histogram_of(sample);
  EXPECT_EQ(std::reduce(histogram.counts.begin(), histogram.counts.end()), 1000);
  EXPECT_DOUBLE_EQ(histogram.extinct_share, 0.2);
  EXPECT_NEAR(histogram.mean, 5, 0.3);
  EXPECT_GT(histogram.counts.size(), 10u);
  EXPECT_LE(histogram.counts.size(), 40u);
  // Each count is that of its bin, the last one's upper end included.
  for (std::size_t bin = 0; bin < histogram.counts.size(); ++bin) {
    const double low = histogram.low + static_cast<double>(bin) * histogram.bin_width(),
                 high = low + histogram.bin_width();
    const auto within = std::count_if(sample.begin(), sample.end(), [&](double x) {
      return x >= low && (x < high || bin + 1 == histogram.counts.size());
    });
    EXPECT_NEAR(static_cast<double>(within), static_cast<double>(histogram.counts[bin]), 1);
  }
}

TEST(Histogram, OfEqualNumbersIsOneBin) {
  const Histogram histogram = histogram_of(std::vector<double>(7, 3.5));
  EXPECT_EQ(histogram.counts, (std::vector<std::int64_t>{7}));
  EXPECT_DOUBLE_EQ(histogram.low, 3);
  EXPECT_DOUBLE_EQ(histogram.high, 4);
  EXPECT_EQ(histogram_of(std::vector<double>{2.0}).counts, (std::vector<std::int64_t>{1}));
}

TEST(Histogram, OfMostlyEqualNumbersHasAllOfThem) {
  std::vector<double> sample(100, 1.0);
  sample.push_back(9);
  const Histogram histogram = histogram_of(sample);
  EXPECT_EQ(std::reduce(histogram.counts.begin(), histogram.counts.end()), 101);
}

TEST(Histogram, OfNothingIsNull) {
  EXPECT_TRUE(histogram_of({}).json().is_null());
  const Histogram dead = histogram_of(std::vector<double>(4, NAN));
  EXPECT_EQ(dead.extinct_share, 1);
  EXPECT_TRUE(dead.json()["counts"].empty());
  EXPECT_TRUE(dead.json()["mean"].is_null());
}

}  // namespace
}  // namespace varprop
