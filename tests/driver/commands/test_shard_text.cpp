// --shard I/N. Seen red: without the check that I is at most N.
#include "driver/commands/shard_text.hpp"

#include <gtest/gtest.h>

#include "core/errors.hpp"

namespace varprop {
namespace {

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
}  // namespace varprop
