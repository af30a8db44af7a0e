// Sizes as people write them.
#include "driver/commands/byte_count.hpp"

#include <gtest/gtest.h>

#include "core/errors.hpp"

namespace varprop {
namespace {

TEST(ByteCount, KnowsUnits) {
  EXPECT_EQ(parse_byte_count("1000"), 1000);
  EXPECT_EQ(parse_byte_count("500MB"), 500'000'000);
  EXPECT_EQ(parse_byte_count("20 GB"), 20'000'000'000);
  EXPECT_EQ(parse_byte_count("1.5TB"), 1'500'000'000'000);
  EXPECT_EQ(parse_byte_count("2GiB"), 2'147'483'648);
}

TEST(ByteCount, RefusesTheRest) {
  for (const char* text :
       {"", "GB", "0", "-1GB", "1XB", "1e3", "nan", "1.2.3GB", "0.5", "99999999TB", "20GB."}) {
    EXPECT_THROW(parse_byte_count(text), InputError) << text;
  }
}

}  // namespace
}  // namespace varprop
