// Seconds as people say them. Seen red: with minutes not padded, with a second told in milliseconds,
// and with a thousand of them told as a power of ten.
#include "driver/schedule/duration.hpp"

#include <gtest/gtest.h>

#include "core/errors.hpp"

namespace varprop::driver {
namespace {

TEST(Duration, IsToldInSecondsMinutesAndHours) {
  EXPECT_EQ(duration_text(0.2), "0s");
  EXPECT_EQ(duration_text(41.6), "42s");
  EXPECT_EQ(duration_text(185), "3m05s");
  EXPECT_EQ(duration_text(5 * 3600 + 7 * 60 + 20), "5h07m");
  EXPECT_EQ(duration_text(1e300), "over 30000 years") << "seen to fail with a negative duration";
}

TEST(Duration, IsFinerWhereSecondsAreTooCoarse) {
  EXPECT_EQ(fine_duration_text(3.5e-5), "35 us");
  EXPECT_EQ(fine_duration_text(0.0172), "17.2 ms");
  EXPECT_EQ(fine_duration_text(1.25), "1.2s");
  EXPECT_EQ(fine_duration_text(61), "1m01s");
  EXPECT_EQ(fine_duration_text(0.9997), "1.0s") << "not 1e+03 ms";
  EXPECT_EQ(fine_duration_text(0.9997e-3), "1 ms") << "not 1e+03 us";
}

TEST(Duration, IsReadInEveryUnit) {
  EXPECT_EQ(parse_duration("90"), 90);
  EXPECT_EQ(parse_duration("90s"), 90);
  EXPECT_EQ(parse_duration("45m"), 2700);
  EXPECT_EQ(parse_duration("1h30m"), 5400);
  EXPECT_EQ(parse_duration("2d"), 172800);
  EXPECT_EQ(parse_duration("1.5h"), 5400);
  EXPECT_EQ(parse_duration("1d2h3m4s"), 93784);
}

TEST(Duration, IsRefusedWhereItIsNone) {
  for (const char* text :
       {"", "0", "-3", "-3s", "h", "1x", "nan", "inf", "1 h", "400d", "1..5h", "1h30", "s1"}) {
    EXPECT_THROW(parse_duration(text), InputError) << text;
  }
}

}  // namespace
}  // namespace varprop::driver
