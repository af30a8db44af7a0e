// Samples as people write them. Seen red: with shares rounded down, and without the upper bound on a share.
#include "driver/run/sample_size.hpp"

#include <gtest/gtest.h>

#include "core/errors.hpp"

namespace varprop {
namespace {

TEST(SampleSize, TakesSharesRoundedUpAndNumbers) {
  EXPECT_EQ(parse_sample_size("1%").of(1000), 10);
  EXPECT_EQ(parse_sample_size("1%").of(1001), 11);
  EXPECT_EQ(parse_sample_size("0.01%").of(5), 1);
  EXPECT_EQ(parse_sample_size("100%").of(123), 123);
  EXPECT_EQ(parse_sample_size("200").of(1000), 200);
  EXPECT_EQ(parse_sample_size("200").of(100), 100);
  EXPECT_EQ(parse_sample_size("1%").of(0), 0);
  EXPECT_EQ(parse_sample_size("7").of(0), 0);
}

TEST(SampleSize, RefusesTheRest) {
  for (const char* text :
       {"", "%", "0", "0%", "101%", "-1%", "1.5", "1e16", "nan", "inf", "nan%", "1 %", "all"}) {
    EXPECT_THROW(parse_sample_size(text), InputError) << text;
  }
}

}  // namespace
}  // namespace varprop
