// Words and numbers as text.
#include "core/text/words.hpp"

#include <gtest/gtest.h>

namespace varprop {
namespace {

TEST(Counted, OneIsSingular) {
  EXPECT_EQ(counted(1, "rank"), "1 rank");
  EXPECT_EQ(counted(0, "rank"), "0 ranks");
  EXPECT_EQ(counted(2, "rank"), "2 ranks");
  EXPECT_EQ(counted(1, "batch", "batches"), "1 batch");
  EXPECT_EQ(counted(16, "batch", "batches"), "16 batches");
}

TEST(BeyondDoubles, IsANumberAllTheSame) {
  for (const char* text : {"1e400", "-1e400", "1e-400"}) EXPECT_TRUE(beyond_doubles(text)) << text;
  for (const char* text : {"1e300", "he", "", "1e400x", "inf", "nan"})
    EXPECT_FALSE(beyond_doubles(text)) << text;
}

TEST(NearestWord, ForgivesCapitals) {
  const std::vector<std::string> known{"relu", "leaky_relu", "tanh"};
  EXPECT_EQ(nearest_word("ReLU", known), "relu");
  EXPECT_EQ(nearest_word("LeakyReLU", known), "leaky_relu");
  EXPECT_EQ(nearest_word("TANH", known), "tanh");
  EXPECT_EQ(nearest_word("softmax", known), std::nullopt);
}

}  // namespace
}  // namespace varprop
