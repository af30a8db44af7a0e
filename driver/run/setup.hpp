// What rank 0 tells the others before the work begins.
#pragma once

#include "core/errors.hpp"
#include "core/parallel/communicator.hpp"
#include "driver/sweep_file/sweep_text.hpp"

namespace varprop {

/// The text of the sweep, from rank 0 to all.
Bytes setup_to_bytes(const SweepText& text);
SweepText setup_from_bytes(const Bytes& bytes);

/// An exit code, from rank 0 to all: instead of a setup (the run cannot begin) or after the last farewell.
Bytes verdict_to_bytes(ExitCode code);
ExitCode verdict_from_bytes(const Bytes& bytes);

}  // namespace varprop
