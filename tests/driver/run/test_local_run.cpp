// A whole sweep in a process that links no MPI: what another program, such as a Python module, does with the
// library.
//
// Seen red: linked with varprop_mpi; and with the second run computing again what the first had done.
#include <gtest/gtest.h>

#include <dlfcn.h>
#include <link.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "core/storage/results_file.hpp"
#include "driver/run/run_sweep.hpp"
#include "tests/fixtures/temporary_folder.hpp"

namespace varprop::driver {
namespace {

constexpr const char* sweep_text = R"(
[grid]
activation = ["tanh", "relu"]
weight_variance = [1, 2]
width = [8, 64]
depth = [5]
[simulation]
replicas = 64
batches = 4
)";

/// The files that this process is linked of.
std::vector<std::string> loaded_libraries() {
  std::vector<std::string> names;
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* all) {
        static_cast<std::vector<std::string>*>(all)->emplace_back(info->dlpi_name);
        return 0;
      },
      &names);
  return names;
}

struct LocalRun : testing::Test {
  TemporaryFolder folder;
  SweepOptions options;
  LocalCommunicator alone;

  LocalRun() {
    std::ofstream(folder / "small.toml") << sweep_text;
    options.sweep_file = folder / "small.toml";
    options.results = folder / "small.h5";
    options.threads = 2;
    options.pace = 1;  // without a probe of the machine
    options.progress = ProgressMode::none;
  }
};

TEST_F(LocalRun, LinksNoMpi) {
  const auto libraries = loaded_libraries();
  EXPECT_GT(libraries.size(), 3u);
  for (const std::string& name : libraries) EXPECT_EQ(name.find("libmpi"), std::string::npos) << name;
  EXPECT_EQ(dlsym(RTLD_DEFAULT, "MPI_Init_thread"), nullptr);
}

TEST_F(LocalRun, FillsAResultsFileAndHasNothingToDoTheSecondTime) {
  ASSERT_EQ(run_sweep(options, alone), ExitCode::complete);
  const ResultsFile file(options.results, ResultsFile::Access::read);
  const auto states = file.states();
  EXPECT_EQ(states.size(), 32u);
  EXPECT_TRUE(std::all_of(states.begin(), states.end(), [](UnitState s) { return s == UnitState::done; }));
  const auto written = std::filesystem::last_write_time(options.results);
  EXPECT_EQ(run_sweep(options, alone), ExitCode::complete);
  EXPECT_EQ(std::filesystem::last_write_time(options.results), written);
}

TEST_F(LocalRun, RefusesABadSweepFileWithItsSentence) {
  std::ofstream(folder / "small.toml") << "[grid]\nwidht = [8]\n";
  EXPECT_THROW(run_sweep(options, alone), InputError);
  EXPECT_FALSE(std::filesystem::exists(options.results));
}

}  // namespace
}  // namespace varprop::driver
