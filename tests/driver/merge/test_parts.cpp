// Which files belong together. Seen red: without the comparison of identities; with missing shards counted
// where a whole file is among the parts.
#include "driver/merge/parts.hpp"

#include <gtest/gtest.h>

#include "core/errors.hpp"
#include "tests/core/storage/known_sweep.hpp"
#include "tests/core/storage/temporary_folder.hpp"

namespace varprop {
namespace {

struct PartsTest : testing::Test {
  TemporaryFolder folder;
  Sweep sweep = known_sweep();

  std::filesystem::path shard(const char* name, Shard shard) {
    ResultsFile::create(folder / name, sweep, known_shard(sweep, shard), known_provenance());
    return folder / name;
  }
  std::filesystem::path whole(const char* name) {
    ResultsFile::create(folder / name, sweep, known_provenance());
    return folder / name;
  }
  std::string refusal(const std::vector<std::filesystem::path>& paths) {
    try {
      look_at_parts(paths);
    } catch (const InputError& error) {
      return error.what();
    }
    return "not refused";
  }
};

TEST_F(PartsTest, TellWhichShardsNobodyBrought) {
  const auto parts = look_at_parts({shard("a.h5", {4, 5}), shard("b.h5", {2, 5})});
  EXPECT_EQ(identity(parts.sweep), identity(sweep));
  EXPECT_EQ(parts.first.sweep_file, known_provenance().sweep_file);
  EXPECT_EQ(missing_text(parts.missing), "shards 1, 3, 5 of 5 are missing");
  EXPECT_EQ(missing_text(look_at_parts({folder / "a.h5", whole("w.h5")}).missing), "");
  EXPECT_EQ(missing_text(look_at_parts({folder / "a.h5", shard("c.h5", {1, 2})}).missing), "");
  EXPECT_EQ(missing_text(look_at_parts({folder / "c.h5"}).missing), "shard 2 of 2 is missing");
}

TEST_F(PartsTest, OfTwoSweepsAreRefusedWithTheDifference) {
  const auto first = whole("a.h5");
  sweep.seed = 1;
  sweep.layers = {1, 5};
  const auto second = shard("b.h5", {1, 2});
  const std::string message = refusal({first, second});
  EXPECT_NE(message.find("are not parts of one sweep; they differ in: layers, seed."), std::string::npos)
      << message;
  EXPECT_NE(refusal({first, folder / "missing.h5"}).find("there is no file"), std::string::npos);
}

}  // namespace
}  // namespace varprop
