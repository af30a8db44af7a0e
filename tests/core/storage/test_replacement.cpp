// Files that take their places all together, or not at all.
//
// Seen red: with the places before a failed one left exchanged; with a folder of ours left where nothing was
// committed; with signals let in; with a staging place whose owner lives taken for a left one; with the old
// file of a removal kept.
#include "core/storage/replacement.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <csignal>
#include <ctime>
#include <fstream>
#include <map>

#include "core/errors.hpp"
#include "tests/core/storage/child_process.hpp"
#include "tests/core/storage/temporary_folder.hpp"

namespace varprop {
namespace {

namespace fs = std::filesystem;

struct ReplacementTest : testing::Test {
  TemporaryFolder folder;

  void write(const fs::path& name, const std::string& text) const {
    fs::create_directories((folder.path() / name).parent_path());
    std::ofstream(folder.path() / name) << text;
  }
  /// Everything below the folder: files with what is in them.
  std::map<std::string, std::string> tree() const {
    std::map<std::string, std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
      std::ifstream file(entry.path());
      found[fs::relative(entry.path(), folder.path())] =
          entry.is_directory() ? "a directory" : std::string(std::istreambuf_iterator<char>(file), {});
    }
    return found;
  }
};

using Tree = std::map<std::string, std::string>;

TEST_F(ReplacementTest, AllFilesComeAtOnceAndNothingElseStays) {
  write("a", "old a");
  write("sub/b", "old b");
  write("gone", "old");
  write("mine", "mine");
  {
    Replacement files(folder.path(), "set");
    write_text(files.file("a"), {"new ", "a"});
    write_text(files.file("sub/b"), {"new b"});
    write_text(files.file("deep/er/c"), {"new c"});
    files.remove("gone");
    files.remove("never/there");
    Tree before = tree();
    EXPECT_EQ(before["a"] + before["sub/b"] + before["gone"], "old aold bold");
    files.commit();
  }
  EXPECT_EQ(tree(), (Tree{{"a", "new a"},
                          {"sub", "a directory"},
                          {"sub/b", "new b"},
                          {"deep", "a directory"},
                          {"deep/er", "a directory"},
                          {"deep/er/c", "new c"},
                          {"mine", "mine"}}));
}

TEST_F(ReplacementTest, WithoutCommitAllIsAsItWas) {
  write("a", "old a");
  const Tree before = tree();
  {
    Replacement files(folder / "made/for/it", "set");
    write_text(files.file("x"), {"x"});
    Replacement(folder.path(), "set").remove("a");
  }
  EXPECT_EQ(tree(), before);
}

/// A directory in the way of the fourth: three are back in their places.
TEST_F(ReplacementTest, AFailureInTheMidstGivesThePlacesBack) {
  write("a", "old a");
  write("gone", "old");
  write("z/in the way", "");
  const Tree before = tree();
  {
    Replacement files(folder.path(), "set");
    write_text(files.file("a"), {"new a"});
    write_text(files.file("fresh/b"), {"new b"});
    files.remove("gone");
    write_text(files.file("z"), {"new z"});
    try {
      files.commit();
      FAIL() << "not refused";
    } catch (const SystemError& error) {
      EXPECT_EQ(error.what(), "cannot write " + (folder / "z").string() + ": it is a directory.");
    }
  }
  EXPECT_EQ(tree(), before);
}

constexpr int many = 200;
std::vector<std::string> watched_files;
std::atomic<int> torn = 0;  ///< signals that came while some files were new and some were old

void look(int) {
  int changed = 0;
  for (const std::string& path : watched_files) {
    struct stat status {};
    changed += ::stat(path.c_str(), &status) == 0 && status.st_size == 3;
  }
  torn += 0 < changed && changed < many;
}

/// They come every half millisecond.
TEST_F(ReplacementTest, SignalsSeeAllOldFilesOrAllNewOnes) {
  Replacement files(folder.path(), "set");
  for (int i = 0; i < many; ++i) {
    const std::string name = std::to_string(i);
    write(name, "old one");
    write_text(files.file(name), {"new"});
    watched_files.push_back((folder.path() / name).string());
  }
  const auto before = std::signal(SIGTERM, look);
  struct sigevent event {};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGTERM;
  timer_t timer{};
  ASSERT_EQ(::timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
  const struct itimerspec often {
    {0, 500'000}, { 0, 500'000 }
  };
  ::timer_settime(timer, 0, &often, nullptr);
  files.commit();
  ::timer_delete(timer);
  std::signal(SIGTERM, before);
  EXPECT_EQ(torn, 0);
}

TEST_F(ReplacementTest, SentencesNameTheFinalFile) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  Replacement files(folder.path(), "set");
  const StagedFile file = files.file("t.csv");
  fs::create_symlink("/dev/full", file.path);
  try {
    write_text(file, {"x"});
    FAIL() << "not refused";
  } catch (const SystemError& error) {
    EXPECT_EQ(error.what(), "cannot write " + (folder / "t.csv").string() + ": No space left on device.");
  }
}

TEST_F(ReplacementTest, WhatAKilledOneLeftIsClearedAndALivingOneIsLeftAlone) {
  ChildProcess owner([&](int report) {
    Replacement files(folder.path(), "set");
    write_text(files.file("a"), {"half"});
    EXPECT_EQ(::write(report, "!", 1), 1);
    ::pause();
  });
  ASSERT_EQ(owner.next_byte(), '!');
  { const Replacement another(folder.path(), "set"); }
  EXPECT_EQ(folder.count(), 1u);
  owner.kill();
  { const Replacement next(folder.path(), "set"); }
  EXPECT_EQ(folder.count(), 0u);
}

}  // namespace
}  // namespace varprop
