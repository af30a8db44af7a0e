#include "driver/commands/version_text.hpp"

#include <fmt/format.h>

#include "analysis/report/report_assets.hpp"
#include "core/build_info.hpp"
#include "core/simd/target.hpp"

namespace varprop {

std::string version_text() {
  return fmt::format("varprop {} (commit {})\nHDF5 {}, MPI standard {}, SIMD {}, {}, {} report.html",
                     program_version(), git_commit(), VARPROP_HDF5_VERSION, VARPROP_MPI_VERSION,
                     simd_target(), compiler(), page_template().empty() ? "without" : "with");
}

}  // namespace varprop
