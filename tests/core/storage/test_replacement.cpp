// Files that take their places all together, or not at all.
//
// Seen red: with the places before a failed one left exchanged; with a folder of ours left where nothing was
// committed; with signals let in; with a staging place whose owner lives taken for a left one; with the old
// file of a removal kept; with another set exchanged at the same time (which left files of both); with
// signals let in while the staging place goes, with its lock file going first, and with one without a lock
// file left for ever.
#include "core/storage/replacement.hpp"

#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/stat.h>

#include <atomic>
#include <csignal>
#include <ctime>
#include <fstream>
#include <map>
#include <memory>
#include <set>

#include "core/errors.hpp"
#include "tests/fixtures/child_process.hpp"
#include "tests/fixtures/temporary_folder.hpp"

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
std::string watched_staging;
std::atomic<int> torn = 0;   ///< signals that came while some files were new and some were old
std::atomic<int> early = 0;  ///< and while all were new, and the staging place was still there

void look(int) {
  int changed = 0;
  for (const std::string& path : watched_files) {
    struct stat status {};
    changed += ::stat(path.c_str(), &status) == 0 && status.st_size == 3;
  }
  torn += 0 < changed && changed < many;
  struct stat status {};
  early += changed == many && ::stat(watched_staging.c_str(), &status) == 0;
}

/// They come every half millisecond.
TEST_F(ReplacementTest, SignalsSeeAllOldFilesOrAllNewOnesAndNothingElse) {
  auto set = std::make_unique<Replacement>(folder.path(), "set");
  Replacement& files = *set;
  watched_staging = files.scratch("drawing").parent_path();
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
  set.reset();
  ::timer_delete(timer);
  std::signal(SIGTERM, before);
  EXPECT_EQ(torn, 0);
  EXPECT_EQ(early, 0);
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

/// As one of an older release, or one that was killed in its last moment.
TEST_F(ReplacementTest, AStagingPlaceWithoutItsLockIsClearedAndWhatIsNotOursStays) {
  for (const char* left : {"set.123.part/new/a", "set.123.4.part/old/b"}) write(left, "left");
  for (const char* mine : {"mine.part/a", "set.part/a", "set.mine.part/a", "set.5/a", "other.6.part/a"})
    write(mine, "mine");
  write("set.7.part", "a file");
  fs::create_directory_symlink(folder / "mine.part", folder / "set.8.part");
  { const Replacement next(folder.path(), "set"); }
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder.path())) names.insert(entry.path().filename());
  EXPECT_EQ(names, (std::set<std::string>{"mine.part", "set.part", "set.mine.part", "set.5", "other.6.part",
                                          "set.7.part", "set.8.part"}));
  EXPECT_TRUE(fs::exists(folder / "mine.part/a"));
}

/// Whoever is killed on the way leaves a folder that is still known as his.
TEST_F(ReplacementTest, TheLockOfTheStagingPlaceGoesLast) {
  auto files = std::make_unique<Replacement>(folder.path(), "set");
  for (int i = 0; i < 20; ++i) files->scratch("drawing" + std::to_string(i));
  const FileDescriptor watch(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  const std::string staging = files->scratch("drawing0").parent_path();
  if (::inotify_add_watch(watch.get(), staging.c_str(), IN_DELETE) < 0) GTEST_SKIP() << "no inotify";
  files.reset();
  alignas(struct inotify_event) char events[16384];
  const ssize_t length = ::read(watch.get(), events, sizeof events);
  std::vector<std::string> gone;
  for (ssize_t at = 0; at < length;) {
    const auto* const event = reinterpret_cast<const struct inotify_event*>(events + at);
    if ((event->mask & IN_DELETE) != 0) gone.emplace_back(event->name);
    at += static_cast<ssize_t>(sizeof *event + event->len);
  }
  ASSERT_EQ(gone.size(), 21u);
  EXPECT_EQ(gone.back(), "owner.lock");
}

/// Sets of two processes are exchanged one after the other: what is left is of one of them.
TEST_F(ReplacementTest, WaitsWhileAnotherProcessExchanges) {
  write("a", "old a");
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const FileDescriptor start(ends[0]), starter(ends[1]);
  ChildProcess second([&](int report) {
    Replacement files(folder.path(), "set");
    write_text(files.file("a"), {"new a"});
    char go = 0;
    if (::write(report, "?", 1) != 1 || ::read(start.get(), &go, 1) != 1) return;
    files.commit();
    EXPECT_EQ(::write(report, "!", 1), 1);
  });
  ASSERT_EQ(second.next_byte(), '?');
  auto turn = std::make_unique<FileDescriptor>(::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY));
  ASSERT_EQ(::flock(turn->get(), LOCK_EX), 0);
  ASSERT_EQ(::write(starter.get(), "g", 1), 1);
  ::usleep(500'000);  // it is waiting by now, most likely; one that waits passes, however slow
  EXPECT_EQ(tree()["a"], "old a");
  turn.reset();
  EXPECT_EQ(second.next_byte(), '!');
  EXPECT_EQ(tree(), (Tree{{"a", "new a"}}));
}

}  // namespace
}  // namespace varprop
