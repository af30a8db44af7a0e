// One writer at a time, whatever happens to the others. The other writers are real processes.
#include "core/storage/writer_lock.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <fstream>

#include "core/errors.hpp"
#include "tests/fixtures/child_process.hpp"
#include "tests/fixtures/temporary_folder.hpp"
#include "tests/fixtures/thrown.hpp"

namespace varprop {
namespace {

struct WriterLockTest : testing::Test {
  TemporaryFolder folder;
  std::filesystem::path results = folder / "a.h5";

  /// A process that takes the lock, says so and sleeps for ever.
  ChildProcess holder() {
    return ChildProcess([this](int report) {
      const WriterLock lock(results);
      if (::write(report, "!", 1) == 1) ::pause();
    });
  }
};

TEST_F(WriterLockTest, LeavesNothingBehind) {
  {
    const WriterLock lock(results);
    EXPECT_TRUE(std::filesystem::exists(folder / "a.h5.lock"));
  }
  EXPECT_EQ(folder.count(), 0u);
  { const WriterLock again(results); }
  EXPECT_EQ(folder.count(), 0u);
}

TEST_F(WriterLockTest, RefusesASecondWriterAndNamesTheFirst) {
  ::setenv("SLURM_JOB_ID", "4242", 1);
  ChildProcess first = holder();
  ::unsetenv("SLURM_JOB_ID");
  ASSERT_EQ(first.next_byte(), '!');
  const std::string message = thrown_by([&] { const WriterLock second(results); });
  EXPECT_NE(message.find("process " + std::to_string(first.id()) + " on "), std::string::npos) << message;
  EXPECT_NE(message.find("SLURM job 4242"), std::string::npos) << message;
  EXPECT_TRUE(std::filesystem::exists(folder / "a.h5.lock")) << "the refused one removed the holder's lock";
}

TEST_F(WriterLockTest, FollowsSymbolicLinks) {
  std::filesystem::create_symlink(results, folder / "other.h5");
  ChildProcess first = holder();
  ASSERT_EQ(first.next_byte(), '!');
  EXPECT_THROW(WriterLock(folder / "other.h5"), InputError);
}

TEST_F(WriterLockTest, TakesOverFromAKilledProcess) {
  {
    ChildProcess first = holder();
    ASSERT_EQ(first.next_byte(), '!');
  }
  EXPECT_EQ(folder.count(), 1u) << "a killed process cannot clean up";
  { const WriterLock second(results); }
  EXPECT_EQ(folder.count(), 0u);
}

TEST_F(WriterLockTest, WaitsForAProcessThatIsAboutToEnd) {
  ChildProcess first = holder();
  ASSERT_EQ(first.next_byte(), '!');
  ChildProcess second([this](int report) {
    if (::write(report, "?", 1) != 1) return;
    const WriterLock lock(results, std::chrono::seconds(50));
    if (::write(report, "!", 1) != 1) return;
  });
  ASSERT_EQ(second.next_byte(), '?');
  ::usleep(100'000);  // it is waiting by now, most likely; the outcome does not depend on it
  first.kill();
  EXPECT_EQ(second.next_byte(), '!');
}

TEST_F(WriterLockTest, NeverHasTwoHoldersWhileManyComeAndGo) {
  const std::string only = folder / "only";
  const auto take_turns = [&](int report) {
    for (int turn = 0; turn < 200;) {
      try {
        const WriterLock lock(results);
        const FileDescriptor alone(::open(only.c_str(), O_CREAT | O_EXCL, 0600));
        if (!alone) return;
        ::usleep(50);  // long enough for others to slip in
        ::unlink(only.c_str());
        ++turn;
      } catch (const InputError&) {
      }
    }
    ASSERT_EQ(::write(report, "!", 1), 1);
  };
  std::vector<ChildProcess> children;
  for (int i = 0; i < 6; ++i) children.emplace_back(take_turns);
  for (ChildProcess& child : children) EXPECT_EQ(child.next_byte(), '!') << "two held the lock at once";
}

TEST_F(WriterLockTest, SaysWhyItCannotLock) {
  EXPECT_THROW(WriterLock(folder / "missing" / "a.h5"), SystemError);
}

/// Seen red: the other file was cut to length and signed, the one that a link led to was made.
TEST_F(WriterLockTest, RefusesWhatIsNoLockFileAndLeavesItAsItIs) {
  namespace fs = std::filesystem;
  const fs::path lock = folder / "a.h5.lock", other = folder / "notes.txt";
  const auto text_of = [](const fs::path& path) {
    std::ifstream file(path);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  const std::string text = "process of thought\n";
  const auto expect_refused = [&](const std::string& what) {
    try {
      const WriterLock taken(results);
      ADD_FAILURE() << "taken, though it " << what;
    } catch (const SystemError& error) {
      const std::string message = error.what();
      EXPECT_EQ(message.find(lock.string() + " " + what), 0u) << message;
      EXPECT_NE(message.find("move it away"), std::string::npos) << message;
    }
    EXPECT_EQ(present_writer(results), std::nullopt);
    EXPECT_EQ(text_of(other), text);
    fs::remove(lock);
  };
  std::ofstream(other) << text;
  fs::create_symlink(other, lock);
  expect_refused("is a symbolic link");
  fs::create_hard_link(other, lock);
  expect_refused("is a file with another name");
  fs::copy_file(other, lock);
  expect_refused("is a file that varprop did not write");
  std::ofstream(lock) << "process 1 on here\n" << std::string(4096, 'x');
  expect_refused("is a file that varprop did not write");
  fs::create_symlink(folder / "nowhere", lock);
  expect_refused("is a symbolic link");
  EXPECT_FALSE(fs::exists(folder / "nowhere"));
  for (const char* left : {"", "process 1 on elsewhere, SLURM job 9\n"}) {
    std::ofstream(lock) << left;
    EXPECT_NO_THROW(WriterLock{results}) << left;
    EXPECT_FALSE(fs::exists(lock));
  }
}

/// Seen red: with the lock file's text believed without its lock.
TEST_F(WriterLockTest, TellsWhoWritesWhileSomebodyDoes) {
  EXPECT_EQ(present_writer(results), std::nullopt);
  {
    ChildProcess first = holder();
    ASSERT_EQ(first.next_byte(), '!');
    const auto writer = present_writer(results);
    ASSERT_TRUE(writer);
    EXPECT_NE(writer->find("process " + std::to_string(first.id()) + " on "), std::string::npos) << *writer;
  }
  EXPECT_TRUE(std::filesystem::exists(folder / "a.h5.lock")) << "killed, so that its lock file stays";
  EXPECT_EQ(present_writer(results), std::nullopt);
  { const WriterLock second(results); }
  EXPECT_EQ(present_writer(results), std::nullopt);
  EXPECT_EQ(folder.count(), 0u) << "a look leaves nothing behind";
}

/// A lock on a file that stands for the results: no HDF5 is needed to write them at the same time.
struct ResultsLockTest : WriterLockTest {
  void SetUp() override { std::ofstream(results) << "results"; }

  FileDescriptor open(const std::filesystem::path& path) {
    return FileDescriptor(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  }

  /// A process that writes the results under that name for ever.
  ChildProcess writer() {
    return ChildProcess([this](int report) {
      const WriterLock lock(results);
      const FileDescriptor file = open(results);
      const ResultsLock results_lock(file, results);
      open(results);  // HDF5, say, which closes it at once
      if (::write(report, "!", 1) == 1) ::pause();
    });
  }

  void expect_locked(const std::filesystem::path& path) {
    const std::string message = thrown_by([&] { const WriterLock second(path); });
    EXPECT_NE(message.find("is being written by another process"), std::string::npos) << message;
    const FileDescriptor file = open(path);
    EXPECT_THROW(ResultsLock(file, path, {}), InputError);
  }
};

// Seen red: no lock but that of the lock file; one that a closed descriptor takes with it (F_SETLK).
TEST_F(ResultsLockTest, KeepsOutAWriterThatCameByAnotherName) {
  const std::filesystem::path other = folder / "other.h5";
  std::filesystem::create_hard_link(results, other);
  ChildProcess first = writer();
  ASSERT_EQ(first.next_byte(), '!');
  expect_locked(other);
  EXPECT_FALSE(std::filesystem::exists(folder / "other.h5.lock"));
  EXPECT_TRUE(present_writer(other));
  std::filesystem::remove(folder / "a.h5.lock");
  expect_locked(results);
  EXPECT_TRUE(present_writer(results));
  first.kill();
  const FileDescriptor file = open(other);
  EXPECT_NO_THROW(ResultsLock(file, other));
}

/// As HDF5 locks a file that it reads, where flock() is a lock of the same kind (NFS, Lustre). Seen red: with
/// an exclusive lock, and with any lock taken for a writer's.
TEST_F(ResultsLockTest, LetsReadersLockTheWholeFile) {
  const auto lock_whole = [this](int report) {
    const FileDescriptor file = open(results);
    struct flock whole {};
    whole.l_type = F_RDLCK;
    if (::fcntl(file.get(), F_SETLK, &whole) == 0 && ::write(report, "!", 1) == 1) ::pause();
  };
  ChildProcess before(lock_whole);
  ASSERT_EQ(before.next_byte(), '!');
  EXPECT_FALSE(present_writer(results));
  EXPECT_NO_THROW(ResultsLock(open(results), results, {}));
  before.kill();
  const FileDescriptor alone = open(results);
  const ResultsLock results_lock(alone, results, {});
  ChildProcess meanwhile(lock_whole);
  EXPECT_EQ(meanwhile.next_byte(), '!');
}

TEST_F(ResultsLockTest, NoticesAnotherSignature) {
  const WriterLock lock(results);
  const FileDescriptor file = open(results);
  const ResultsLock results_lock(file, results);
  EXPECT_NO_THROW(results_lock.require_sole_writer(results));
  std::filesystem::remove(folder / "a.h5.lock");
  EXPECT_NO_THROW(results_lock.require_sole_writer(results)) << "nobody else can open it";
  std::ofstream(folder / "a.h5.lock") << "process 1 on elsewhere\n";
  EXPECT_THROW(results_lock.require_sole_writer(results), SystemError);
}

}  // namespace
}  // namespace varprop
