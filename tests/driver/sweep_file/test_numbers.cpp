// Ranges: their values, the rounding to 12 digits, what is refused.
#include "driver/sweep_file/numbers.hpp"

#include <gtest/gtest.h>

#include "tests/driver/sweep_file/sweep_examples.hpp"

namespace varprop::driver {
namespace {

std::vector<double> variances(const std::string& value) {
  std::vector<double> all;
  for (const auto v : resolved(with_line(3, "weight_variance = " + value)).grid.weight_variance)
    all.push_back(v.value());
  return all;
}

TEST(Range, IsTheListThatAPersonWouldType) {
  EXPECT_EQ(variances("{ from = 0.1, to = 0.7, count = 7 }"),
            variances("[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]"));
  EXPECT_EQ(variances("{ from = 1, to = 1000, count = 4, scale = \"log\" }"),
            variances("[1, 10, 100, 1000]"));
  EXPECT_EQ(variances("{ from = 1e-3, to = 0.1, count = 3, scale = \"log\" }"),
            variances("[0.001, 0.01, 0.1]"));
}

TEST(Range, MayBeOfWholeNumbers) {
  const Sweep sweep = resolved(with_line(4, "width = { from = 64, to = 1024, count = 5, scale = \"log\" }"));
  ASSERT_EQ(sweep.grid.width.size(), 5u);
  EXPECT_EQ(sweep.grid.width[2].value(), 256);
}

TEST(Range, RoundsToTwelveDigits) {
  EXPECT_EQ(rounded_to_12_digits(1.0 / 3), 0.333333333333);
  EXPECT_EQ(rounded_to_12_digits(0.1 + 0.2), 0.3);
  EXPECT_EQ(rounded_to_12_digits(-123456789012345.0), -123456789012000.0);
  EXPECT_EQ(rounded_to_12_digits(0.0), 0.0);
}

TEST(Range, OfHugeNumbersDoesNotOverflow) {
  EXPECT_EQ(variances("{ from = 1e-300, to = 1.5e308, count = 2 }").back(), 1.5e308);
}

std::string range_refusal(const std::string& range) {
  const std::string start = "s.toml:3:";
  const std::string sentence = refusal(with_line(3, "weight_variance = " + range));
  EXPECT_EQ(sentence.substr(0, start.size()), start);
  return sentence;
}

TEST(Range, RefusesWhatIsNone) {
  const auto expect_words = [](const std::string& range, const std::string& words) {
    EXPECT_NE(range_refusal(range).find(words), std::string::npos) << range_refusal(range);
  };
  expect_words("{ from = 1, to = 2 }", "the range lacks \"count\"");
  expect_words("{ from = 1, to = 2, cuont = 3 }",
               "unknown entry \"cuont\" in a range. Did you mean \"count\"?");
  expect_words("{ from = 2, to = 1, count = 3 }", "from 2 to 1; \"from\" must be below \"to\"");
  expect_words("{ from = 1, to = 2, count = 1 }",
               "1 is not allowed; allowed: a whole number from 2 to 1000000");
  expect_words("{ from = 1, to = 2, count = 1e9 }", "a whole number from 2 to 1000000");
  expect_words("{ from = 1, to = 2, count = 3, scale = \"cubic\" }",
               "unknown scale \"cubic\". Known: linear, log.");
  expect_words("{ from = 1, to = 2, count = 3, scale = 7 }", "7 is not text; allowed: linear, log.");
  expect_words("{ from = 0, to = 2, count = 3, scale = \"log\" }",
               "0 is not allowed; allowed: a finite number above 0");
  expect_words("{ from = -1, to = 2, count = 3 }", "-1 is not allowed; allowed: a finite number above 0");
  expect_words("{ from = nan, to = 2, count = 3 }", "nan is not allowed");
  expect_words("[{ from = 1, to = 2, count = 3 }]", "is not a number");
  expect_words("{ from = 1, to = 1.0000000000001, count = 4 }", "stands there twice");
}

}  // namespace
}  // namespace varprop::driver
