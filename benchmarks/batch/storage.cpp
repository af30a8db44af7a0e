// storage [FOLDER [POINTS]]: how fast rank 0 brings records of 64 layers to the disk, in group commits
// with their fsyncs.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <random>

#include "benchmarks/arguments.hpp"
#include "benchmarks/batch/cheap_sweep.hpp"
#include "driver/run/group_commit.hpp"

namespace varprop::benchmarks {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

/// Commits units in this order; prints the row of a table.
void measure(const char* what, const fs::path& path, const Sweep& sweep,
             const std::vector<std::int64_t>& slots) {
  ResultsFile::create(path, sweep, Provenance{});
  ResultsFile file(path, ResultsFile::Access::write);
  const RecordLayout layout(file.sweep());
  driver::GroupCommit commits(file);
  Clock::duration storing{};
  const auto timed = [&storing](const auto& store) {
    const auto begin = Clock::now();
    store();
    storing += Clock::now() - begin;
  };
  for (const std::int64_t slot : slots) {
    std::vector<Record> records{full_record(layout, sweep.unit(slot))};
    timed([&] {
      commits.add(std::move(records));
      commits.commit_if_due();
    });
  }
  timed([&] { commits.commit(); });
  const double seconds = std::chrono::duration<double>(storing).count();
  const double megabytes = static_cast<double>(slots.size()) * static_cast<double>(layout.size()) * 8e-6;
  fmt::print("| {} | {} | {:.0f} | {:.0f} |\n", what, slots.size(),
             static_cast<double>(slots.size()) / seconds, megabytes / seconds);
  fs::remove(path);
}

/// All slots, or every `stride`-th in random order: no two of a commit are neighbours.
std::vector<std::int64_t> slots_of(const Sweep& sweep, std::int64_t stride) {
  std::vector<std::int64_t> slots(static_cast<std::size_t>(sweep.unit_count() / stride));
  for (std::size_t i = 0; i < slots.size(); ++i) slots[i] = static_cast<std::int64_t>(i) * stride;
  if (stride > 1) std::shuffle(slots.begin(), slots.end(), std::mt19937_64(1));
  return slots;
}

void run(const fs::path& folder, std::int64_t points) {
  const fs::path path = folder / fmt::format("varprop-storage-{}.h5", ::getpid());
  const Sweep sweep = cheap_sweep(points);
  fmt::print("| records of {} layers | how many | records/s | MB/s |\n|---|---|---|---|\n",
             depth_of_cheap_networks);
  measure("whole points, 16 batches each", path, sweep, slots_of(sweep, 1));
  measure("single slots, scattered", path, sweep, slots_of(sweep, 8));
}

}  // namespace
}  // namespace varprop::benchmarks

int main(int argc, char** argv) {
  const std::filesystem::path folder = argc > 1 ? argv[1] : ".";
  const double points = varprop::benchmarks::number_argument(argc, argv, 2, 5000, 1, 1e6);
  varprop::benchmarks::run(folder, static_cast<std::int64_t>(points));
  return 0;
}
