// Reading a sweep file from the disk.
#include "driver/sweep_file/sweep_text.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <fstream>

#include "core/errors.hpp"

namespace varprop {
namespace {

std::string refusal_to_read(const std::string& path) {
  try {
    read_sweep_text(path);
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

TEST(SweepText, KeepsTheFileVerbatim) {
  const std::filesystem::path folder = testing::TempDir();
  const auto path = folder / ("sweep-text-" + std::to_string(::getpid()) + ".toml");
  std::ofstream(path, std::ios::binary) << "a = 1\r\n# end";
  const SweepText text = read_sweep_text(path, {"x=1"}, "dense");
  std::filesystem::remove(path);
  EXPECT_EQ(text.file_text, "a = 1\r\n# end");
  EXPECT_EQ(text.file_name, path.string());
  EXPECT_EQ(text.overrides, std::vector<std::string>{"x=1"});
  EXPECT_EQ(text.engine, "dense");
}

TEST(SweepText, SaysWhyThereIsNothingToRead) {
  EXPECT_EQ(refusal_to_read("/nonexistent/a.toml"),
            "/nonexistent/a.toml: the sweep file cannot be opened: No such file or directory.");
  EXPECT_EQ(refusal_to_read("/tmp"), "/tmp: this is a directory; a sweep file is needed.");
}

TEST(SweepText, StopsReadingWhatHasNoEnd) {
  EXPECT_EQ(refusal_to_read("/dev/zero"), "/dev/zero: this is no sweep file: it is larger than 16 MiB.");
}

}  // namespace
}  // namespace varprop
