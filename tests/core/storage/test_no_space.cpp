// A full disk is told at creation, and leaves nothing behind. Needs the right to mount a small tmpfs.
#include <gtest/gtest.h>
#include <sys/mount.h>

#include <fstream>

#include "core/errors.hpp"
#include "core/storage/file_size.hpp"
#include "core/storage/results_file.hpp"
#include "core/storage/writer_lock.hpp"
#include "tests/fixtures/known_sweep.hpp"
#include "tests/fixtures/temporary_folder.hpp"

namespace varprop {
namespace {

/// A file system of its own, as small as wanted, for as long as it lives.
class SmallDisk {
 public:
  SmallDisk(const std::filesystem::path& folder, int kilobytes) : folder_(folder) {
    const std::string options = "size=" + std::to_string(kilobytes) + "k";
    mounted_ = ::mount("tmpfs", folder.c_str(), "tmpfs", 0, options.c_str()) == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(folder_.c_str(), MNT_DETACH);  // a file that was given up is still open
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool mounted() const { return mounted_; }

 private:
  std::filesystem::path folder_;
  bool mounted_;
};

struct NoSpaceTest : testing::Test {
  TemporaryFolder folder;
  std::filesystem::path path = folder / "known.h5";

  void SetUp() override {
    if (!SmallDisk(folder.path(), 64).mounted()) GTEST_SKIP() << "this user may not mount a tmpfs";
  }
  void fill() {
    std::ofstream ballast(folder / "ballast");
    while (ballast << std::string(4096, 'x') << std::flush) continue;
  }
};

TEST_F(NoSpaceTest, CreationSaysSoAndLeavesNothing) {
  int refused = 0, created = 0;
  for (int kilobytes = 4; kilobytes <= 400; kilobytes += 4) {  // every stage of the creation meets the end
    const SmallDisk disk(folder.path(), kilobytes);
    try {
      ResultsFile::create(path, known_sweep(), known_provenance());
      EXPECT_EQ(ResultsFile(path, ResultsFile::Access::read).sweep().title, known_sweep().title);
      ++created;
    } catch (const SystemError& error) {
      EXPECT_NE(std::string(error.what()).find("No space left on device"), std::string::npos) << error.what();
      EXPECT_EQ(folder.count(), 0u) << kilobytes;
      ++refused;
    }
  }
  EXPECT_GT(refused, 10);
  EXPECT_GT(created, 10);
}

TEST_F(NoSpaceTest, TheGuardRefusesBeforeAnythingIsWritten) {
  const SmallDisk disk(folder.path(), 128);
  EXPECT_THROW(require_room(known_sweep(), HeldUnits(known_sweep()), path), InputError);
  EXPECT_EQ(folder.count(), 0u);
}

TEST_F(NoSpaceTest, AFullDiskTakesNoLock) {
  const SmallDisk disk(folder.path(), 128);
  fill();
  EXPECT_THROW(WriterLock{path}, SystemError);
  EXPECT_EQ(folder.count(), 1u) << "only the ballast";
}

}  // namespace
}  // namespace varprop
