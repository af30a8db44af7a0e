#include "driver/commands/version_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/version.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/report/report_assets.hpp"
#include "core/build_info.hpp"
#include "core/parallel/communicator.hpp"
#include "core/simd/target.hpp"
#include "core/storage/hdf5_version.hpp"
#include "core/text.hpp"

namespace varprop {

namespace {

#if defined(VARPROP_CONTRACTS)
constexpr const char* contracts = "contracts on";
#else
constexpr const char* contracts = "contracts off";
#endif

/// "1.74", from "1_74".
std::string boost_version() {
  std::string version = BOOST_LIB_VERSION;
  std::replace(version.begin(), version.end(), '_', '.');
  return version;
}

/// What the program was built from and runs with: a name and its fact a line.
std::vector<std::pair<std::string_view, std::string>> build_facts() {
  return {{"compiler", compiler()},
          {"build", fmt::format("{}, {}", build_flags(), contracts)},
          {"SIMD", fmt::format("{} on this machine; compiled for {}; Highway {}", instruction_set(),
                               join(compiled_simd_targets()), highway_version())},
          {"MPI", fmt::format("{} (standard {})", mpi_library_version(), VARPROP_MPI_VERSION)},
          {"HDF5", hdf5_version()},
          {"Boost", boost_version()},
          {"report", page_template().empty() ? "without report.html: npm was missing" : "with report.html"}};
}

}  // namespace

std::string version_text() {
  std::string text = fmt::format("varprop {} (commit {})", program_version(), git_commit());
  for (const auto& [name, fact] : build_facts()) text += fmt::format("\n  {:<10}{}", name, fact);
  return text;
}

}  // namespace varprop
