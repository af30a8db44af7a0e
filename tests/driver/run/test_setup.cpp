// A sweep's text reaches the other ranks as it was typed, byte for byte.
#include "driver/run/setup.hpp"

#include <gtest/gtest.h>

namespace varprop {
namespace {

TEST(Setup, ArrivesAsItWasSent) {
  using namespace std::string_literals;
  const SweepText sent{"a:b.toml", "3:x\n\xff\0[grid]"s, {"", "grid.width=[64,128]", "7:"}, ""};
  const SweepText came = setup_from_bytes(setup_to_bytes(sent));
  EXPECT_EQ(came.file_name, sent.file_name);
  EXPECT_EQ(came.file_text, sent.file_text);
  EXPECT_EQ(came.overrides, sent.overrides);
  EXPECT_EQ(came.engine, sent.engine);
  EXPECT_EQ(setup_from_bytes(setup_to_bytes({"a", "", {}, "radial"})).overrides.size(), 0u);
}

TEST(Setup, HasVerdicts) {
  for (const ExitCode code : {ExitCode::complete, ExitCode::bad_input, ExitCode::stopped_early})
    EXPECT_EQ(verdict_from_bytes(verdict_to_bytes(code)), code);
}

}  // namespace
}  // namespace varprop
