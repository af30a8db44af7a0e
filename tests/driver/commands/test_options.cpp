// Sizes as people write them.
// --shard I/N. Seen red: without the check that I is at most N.
#include "driver/commands/options.hpp"

#include <gtest/gtest.h>

#include "core/errors.hpp"

namespace varprop::driver {
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

TEST(ShardText, IsANumberOfACount) {
  EXPECT_EQ(parse_shard("1/1"), (Shard{1, 1}));
  EXPECT_EQ(parse_shard("17/1000"), (Shard{17, 1000}));
}

TEST(ShardText, RefusesEverythingElse) {
  for (const char* text : {"", "/", "1", "1/", "/4", "0/4", "5/4", "-1/4", "1/-4", "1.0/4", "1/4/2", " 1/4",
                           "1 /4", "a/b", "1/99999999999"}) {
    EXPECT_THROW(parse_shard(text), InputError) << text;
  }
}

}  // namespace
}  // namespace varprop::driver
