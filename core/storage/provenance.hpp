// Where a results file comes from: stored in it once, at its creation.
#pragma once

#include <string>

namespace varprop {

struct Provenance {
  std::string command_line;
  std::string sweep_file;  ///< the sweep file, verbatim
  std::string mpi_version;
  std::string host;
  std::string date;       ///< ISO 8601, UTC
  std::string program{};  ///< version and commit of varprop; a file gets those of its writer
};

}  // namespace varprop
