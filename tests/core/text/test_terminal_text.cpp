// Foreign text on a terminal. Seen red: control characters of two bytes passed through; text cut within a
// character; a sentence of two lines.
#include "core/text/terminal_text.hpp"

#include <gtest/gtest.h>

namespace varprop {
namespace {

TEST(ForTerminal, WritesControlCharactersOut) {
  EXPECT_EQ(for_terminal("\x1b[2J \r\a\x7f"), "\\u001b[2J \\u000d\\u0007\\u007f");
  EXPECT_EQ(for_terminal(std::string_view("a\0b", 3)), "a\\u0000b");
  EXPECT_EQ(for_terminal("\xc2\x9b"
                         "2J"),
            "\\u009b2J")
      << "U+009B, as UTF-8";
  EXPECT_EQ(for_terminal("\x9b"
                         "2J"),
            "\\u009b2J")
      << "the same as one byte";
}

TEST(ForTerminal, LeavesAllOtherText) {
  for (const char* text : {"", "two\nlines\tand a tab", "σ_w² — naïve 深い 🙂", "latin \xe9t\xe9",
                           "cut \xe6\xb7", "{\"a\": \"\\n\"}"}) {
    EXPECT_EQ(for_terminal(text), text);
  }
}

TEST(ForTerminal, KeepsOurColoursWhereTheyAreWanted) {
  const std::string green = in_colour("=", TerminalColour::green);
  EXPECT_EQ(green, "\x1b[32m=\x1b[0m");
  EXPECT_EQ(for_terminal(green, Colours::kept), green);
  EXPECT_EQ(for_terminal(green), "\\u001b[32m=\\u001b[0m");
  EXPECT_EQ(for_terminal("\x1b[8mhidden\x1b[2J", Colours::kept), "\\u001b[8mhidden\\u001b[2J");
  EXPECT_EQ(in_colour("=", TerminalColour::plain), "=");
}

TEST(OnOneLine, WritesLineEndsOut) {
  EXPECT_EQ(on_one_line("two\nlines\x1b"), "two\\nlines\\u001b");
}

TEST(WithoutMiddle, CutsBetweenCharacters) {
  EXPECT_EQ(without_middle("short", 5), "short");
  EXPECT_EQ(without_middle("0123456789", 8), "012345 [... 2 bytes left out ...] 89");
  EXPECT_EQ(without_middle("01234深56789", 8), "01234 [... 6 bytes left out ...] 89");
}

TEST(PrintErrorLine, IsOneLine) {
  testing::internal::CaptureStderr();
  print_error_line("it holds \"two\nlines\".");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "varprop: it holds \"two\\nlines\".\n");
}

TEST(PrintErrorLine, IsNoFlood) {
  testing::internal::CaptureStderr();
  print_error_line("\x1b" + std::string(1'000'000, 'x'));
  const std::string line = testing::internal::GetCapturedStderr();
  EXPECT_LT(line.size(), 7000u);
  EXPECT_TRUE(line.starts_with("varprop: \\u001bxxx")) << line.substr(0, 40);
  EXPECT_TRUE(line.ends_with("x\n"));
}

}  // namespace
}  // namespace varprop
