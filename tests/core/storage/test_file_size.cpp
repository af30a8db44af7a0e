// The predicted size is the real one, and what does not fit is refused with a remedy that works.
#include "core/storage/file_size.hpp"

#include <gtest/gtest.h>

#include "core/errors.hpp"
#include "core/storage/results_file.hpp"
#include "tests/fixtures/known_sweep.hpp"
#include "tests/fixtures/temporary_folder.hpp"
#include "tests/fixtures/thrown.hpp"

namespace varprop {
namespace {

Sweep large_sweep() {
  Sweep sweep = known_sweep();
  sweep.grid.depth = {Depth(200)};
  sweep.layers = recorded_layers(sweep.grid.depth, 200);
  sweep.replicas = 24 * 1000;
  sweep.batches = 24;
  return sweep;
}

double formula(const Sweep& sweep) {
  return static_cast<double>(sweep.unit_count()) *
         (84.0 * static_cast<double>(sweep.layers.size()) + 16.0 * sweep.replicas_per_batch() + 9);
}

std::string refusal(const Sweep& sweep, double largest, const std::filesystem::path& path = "a.h5") {
  return thrown_by([&] { require_room(sweep, HeldUnits(sweep), path, largest); });
}

/// The number after "key = " in a message.
std::int64_t suggested(const std::string& message, const std::string& key) {
  const auto at = message.find(key + " = ");
  return at == std::string::npos ? -1 : std::stoll(message.substr(at + key.size() + 3));
}

TEST(FileSize, FollowsTheFormula) {
  const Sweep sweep = large_sweep();
  EXPECT_NEAR(predicted_file_size(sweep), formula(sweep), 200e3);
}

TEST(FileSize, IsTheRealSize) {
  const TemporaryFolder folder;
  for (Sweep sweep : {known_sweep(), large_sweep()}) {
    ResultsFile::create(folder / "a.h5", sweep, known_provenance());
    const auto real = static_cast<double>(std::filesystem::file_size(folder / "a.h5"));
    EXPECT_GE(predicted_file_size(sweep), real);
    EXPECT_NEAR(predicted_file_size(sweep), real, 150e3);
  }
}

TEST(FileSize, StaysANumberForAnAbsurdSweep) {
  Sweep sweep = large_sweep();
  sweep.replicas = std::int64_t{1} << 32;
  sweep.grid.weight_variance.assign(100000, WeightVariance(1));
  sweep.grid.width.assign(1000, Width(1));
  EXPECT_GT(predicted_file_size(sweep), 1e19);
  EXPECT_NE(refusal(sweep, 20e9).find("Neither fewer layers nor fewer batches"), std::string::npos);
}

TEST(FileSize, ALimitIsRefusedWithTheLayersOrBatchesThatFit) {
  const Sweep sweep = large_sweep();
  for (const double share : {0.99, 0.8, 0.7, 0.6}) {
    const double limit = share * predicted_file_size(sweep);
    const std::string message = refusal(sweep, limit);
    EXPECT_NE(message.find("--max-file-size"), std::string::npos) << message;
    for (const std::int64_t over : {0, 1}) {
      Sweep fewer = sweep;
      fewer.layers.resize(static_cast<std::size_t>(suggested(message, "layers") + over));
      EXPECT_EQ(predicted_file_size(fewer) <= limit, over == 0) << message;
    }
    Sweep fewer = sweep;
    fewer.batches = static_cast<std::int32_t>(suggested(message, "batches"));
    EXPECT_EQ(fewer.replicas % fewer.batches, 0);
    EXPECT_LE(predicted_file_size(fewer), limit) << message;
  }
  EXPECT_EQ(refusal(sweep, predicted_file_size(sweep)), "");
}

TEST(FileSize, NinetyPercentOfTheFreeSpaceIsTheOtherLimit) {
  const TemporaryFolder folder;
  Sweep sweep = large_sweep();
  sweep.grid.weight_variance.assign(100000, WeightVariance(1));
  sweep.replicas = std::int64_t{1} << 32;
  sweep.batches = 32;
  ASSERT_GT(predicted_file_size(sweep), free_space(folder / "a.h5"));
  const std::string message = refusal(sweep, 1e30, folder / "a.h5");
  EXPECT_NE(message.find("more than 90 % of the"), std::string::npos) << message;
  EXPECT_THROW(free_space(folder / "missing" / "a.h5"), SystemError);
}

/// What a merge cannot change is no advice. Seen red: with the layers and batches that a sweep would be told.
TEST(FileSize, PartsAreToldWhatHelpsThem) {
  const TemporaryFolder folder;
  Sweep sweep = large_sweep();
  const auto told = [&](double largest) {
    return thrown_by([&] { require_room_for_parts(sweep, folder / "a.h5", largest); });
  };
  const std::string limit = told(predicted_file_size(sweep) / 2);
  const double allowed = std::stod(limit.substr(limit.rfind("--max-file-size ") + 16));
  EXPECT_EQ(limit.find("layers ="), std::string::npos) << limit;
  EXPECT_EQ(told(allowed), "");
  sweep.grid.weight_variance.assign(100000, WeightVariance(1));
  sweep.replicas = std::int64_t{1} << 32;
  sweep.batches = 32;
  const std::string full = told(1e30);
  EXPECT_EQ(full.find("layers ="), std::string::npos) << full;
  EXPECT_NE(full.find(" more free in " + folder.path().string() + ", or merge to another disk."),
            std::string::npos)
      << full;
}

/// Seen red: with the layers beyond counted as those within.
TEST(FileSize, KnowsWhatNeverHoldsANumber) {
  const Sweep sweep = known_sweep();  // layers 1, 2, 3, 5 of depths 3 and 5: one of eight lies beyond
  const double layer_bytes = 84.0 * 4 * static_cast<double>(sweep.unit_count());
  EXPECT_DOUBLE_EQ(padding_bytes(sweep), layer_bytes / 8);
  EXPECT_EQ(padding_bytes(large_sweep()), 0);
}

TEST(FileSize, TellsBytesInFourDigits) {
  EXPECT_EQ(bytes_text(0), "0 bytes");
  EXPECT_EQ(bytes_text(999), "999 bytes");
  EXPECT_EQ(bytes_text(448'900'000), "448.9 MB");
  EXPECT_EQ(bytes_text(1e12), "1 TB");
}

}  // namespace
}  // namespace varprop
