// Numbers as a report holds them.
#include "report/data/report_table.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace varprop::report {
using namespace analysis;
namespace {

TEST(Rounded, HasSixDigits) {
  EXPECT_EQ(rounded_json(M_PI).dump(), "3.14159");
  EXPECT_EQ(rounded_json(-1234567.0).dump(), "-1234570.0");
  EXPECT_EQ(rounded_json(2.0 / 3e200).dump(), "6.66667e-201");
  EXPECT_EQ(rounded_json(-0.0).dump(), "0.0");
  EXPECT_EQ(rounded_json(0.1 + 0.2).dump(), "0.3");
}

TEST(Rounded, WhatIsNoNumberIsNull) {
  for (const double x : std::initializer_list<double>{NAN, INFINITY, -INFINITY})
    EXPECT_TRUE(rounded_json(x).is_null());
  EXPECT_TRUE(rounded_json(std::optional<double>()).is_null());
  EXPECT_TRUE(low_of(std::nullopt).is_null());
  EXPECT_EQ(high_of(Interval{1, 2}).dump(), "2.0");
}

}  // namespace
}  // namespace varprop::report
