// Random subsets. Seen red: with a draw below j instead of j + 1 (the last number is favoured), with the seed
// left out, and without the sort.
#include "core/random/binomial_chi_squared.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace varprop {
namespace {

void expect_subset(const std::vector<std::int64_t>& chosen, std::int64_t count, std::int64_t total) {
  EXPECT_EQ(static_cast<std::int64_t>(chosen.size()), count);
  EXPECT_TRUE(std::adjacent_find(chosen.begin(), chosen.end(), std::greater_equal<>()) == chosen.end());
  if (chosen.empty()) return;
  EXPECT_GE(chosen.front(), 0);
  EXPECT_LT(chosen.back(), total);
}

TEST(Choose, TakesDistinctNumbersInOrder) {
  for (const std::int64_t total : {0, 1, 2, 63, 64, 65, 1000}) {
    for (const std::int64_t count : {0, 1, 2, 10, 64, 1000}) {
      if (count <= total) expect_subset(choose(count, total, 7), count, total);
    }
  }
  const std::int64_t huge = std::int64_t{1} << 40;
  expect_subset(choose(1000, huge, 7), 1000, huge);
}

TEST(Choose, TakesAllWhereAllAreWanted) {
  std::vector<std::int64_t> all(500);
  std::iota(all.begin(), all.end(), 0);
  EXPECT_EQ(choose(500, 500, 3), all);
}

TEST(Choose, IsAFunctionOfItsArguments) {
  EXPECT_EQ(choose(20, 1000, 5), choose(20, 1000, 5));
  EXPECT_NE(choose(20, 1000, 5), choose(20, 1000, 6));
  EXPECT_EQ(choose(3, 1'000'000, 1), choose(3, 1'000'000, 1));
}

/// Seeds 1 … 20 000; every number is in a subset with probability count/total. Five standard errors for each
/// of the 10 numbers and 200 + 10: a false alarm in 10⁴ choices of seeds.
void expect_fair(std::int64_t count, std::int64_t total) {
  constexpr int draws = 20'000;
  std::vector<int> seen(static_cast<std::size_t>(total));
  for (int seed = 1; seed <= draws; ++seed) {
    for (const std::int64_t i : choose(count, total, static_cast<std::uint64_t>(seed))) {
      ++seen[static_cast<std::size_t>(i)];
    }
  }
  const double p = static_cast<double>(count) / static_cast<double>(total);
  for (const int times : seen) EXPECT_NEAR(times, p * draws, 5 * std::sqrt(p * (1 - p) * draws));
}

TEST(Choose, FavoursNoNumber) {
  expect_fair(3, 10);
  expect_fair(2, 200);
}

}  // namespace
}  // namespace varprop
