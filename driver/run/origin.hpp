// Where a results file that is being created comes from.
#pragma once

#include <string>

#include "core/storage/provenance.hpp"

namespace varprop {

/// The provenance of a file that this process creates now.
Provenance provenance_here(std::string command_line, std::string sweep_file, std::string mpi_version);

}  // namespace varprop
