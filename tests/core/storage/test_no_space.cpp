// A full disk is told at creation, and leaves nothing behind. Needs the right to mount a small tmpfs.
#include <gtest/gtest.h>
#include <sys/mount.h>

#include <fstream>

#include "core/errors.hpp"
#include "core/storage/file_size.hpp"
#include "core/storage/results_file.hpp"
#include "core/storage/writer_lock.hpp"
#include "tests/core/storage/known_sweep.hpp"
#include "tests/core/storage/temporary_folder.hpp"

namespace varprop {
namespace {

struct NoSpaceTest : testing::Test {
  TemporaryFolder folder;
  std::filesystem::path path = folder / "known.h5";

  void SetUp() override {
    if (::mount("tmpfs", folder.path().c_str(), "tmpfs", 0, "size=128k") != 0) {
      GTEST_SKIP() << "this user may not mount a tmpfs";
    }
    mounted_ = true;
  }
  void TearDown() override {
    if (mounted_) ::umount(folder.path().c_str());
  }
  void fill() {
    std::ofstream ballast(folder / "ballast");
    while (ballast << std::string(4096, 'x') << std::flush) continue;
  }

 private:
  bool mounted_ = false;
};

TEST_F(NoSpaceTest, CreationSaysSoAndLeavesNothing) {
  for (int again = 0; again < 2; ++again) {
    try {
      ResultsFile::create(path, known_sweep(), known_provenance());
      FAIL() << "created without room";
    } catch (const SystemError& error) {
      EXPECT_NE(std::string(error.what()).find("No space left on device"), std::string::npos) << error.what();
    }
    EXPECT_EQ(folder.count(), 0u);
  }
  Sweep small = known_sweep();  // the failure has not harmed the library: what fits is created
  small.grid = {{Activation::parse("tanh")}, {Weights::gaussian}, {WeightVariance(1)},
                {BiasVariance(0)},           {Width(1)},          {Depth(5)}};
  ResultsFile::create(path, small, known_provenance());
  EXPECT_NO_THROW(ResultsFile(path, ResultsFile::Access::read));
}

TEST_F(NoSpaceTest, TheGuardRefusesBeforeAnythingIsWritten) {
  EXPECT_THROW(require_room(known_sweep(), path), InputError);
  EXPECT_EQ(folder.count(), 0u);
}

TEST_F(NoSpaceTest, AFullDiskTakesNoLock) {
  fill();
  EXPECT_THROW(WriterLock{path}, SystemError);
  EXPECT_EQ(folder.count(), 1u) << "only the ballast";
}

}  // namespace
}  // namespace varprop
