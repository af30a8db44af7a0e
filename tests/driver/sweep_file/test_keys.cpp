// The table of keys, and the page and the help that follow it.
#include "driver/sweep_file/keys.hpp"
#include "driver/sweep_file/presets.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "driver/sweep_file/resolve_sweep.hpp"

namespace varprop::driver {
namespace {

TEST(Keys, StandInTheDocumentationAsTheyAre) {
  const std::string page = read_sweep_text(VARPROP_SOURCE_DIR "/docs/sweep-file.md").file_text;
  EXPECT_NE(page.find(sweep_file_table()), std::string::npos) << "docs/sweep-file.md needs this table:\n"
                                                              << sweep_file_table();
}

TEST(Keys, NameEveryAxis) {
  for_each_axis([](const auto& axis) {
    const KeyName name{"grid", std::string(axis.name)};
    const auto& keys = sweep_file_keys();
    EXPECT_TRUE(std::any_of(keys.begin(), keys.end(), [&](const Key& key) { return key.name == name; }))
        << axis.name;
  });
}

TEST(Presets, StandInTheDocumentationAsTheyAre) {
  const std::string page = read_sweep_text(VARPROP_SOURCE_DIR "/docs/networks.md").file_text;
  EXPECT_NE(page.find(preset_table()), std::string::npos) << "docs/networks.md needs this table:\n"
                                                          << preset_table();
}

TEST(Keys, HelpFitsAScreen) {
  std::istringstream lines(sweep_file_help());
  std::string line;
  int count = 0;
  while (std::getline(lines, line)) {
    EXPECT_LE(line.size(), 80u) << line;
    ++count;
  }
  EXPECT_LE(count, 12);
}

}  // namespace
}  // namespace varprop::driver
