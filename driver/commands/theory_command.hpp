// `varprop theory`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/errors.hpp"
#include "core/point/choices.hpp"
#include "driver/commands/command.hpp"

namespace varprop {

struct TheoryOptions {
  std::string activation;
  std::string weight_variance;  ///< a number or a name; empty: not given
  std::string bias_variance;    ///< a number or a name; empty: 0
  Weights weights = Weights::gaussian;
  std::optional<std::int64_t> width;        ///< n
  std::optional<int> depth;                 ///< L
  std::optional<double> input_correlation;  ///< c_0
  bool curve = false;                       ///< the edge of chaos instead of a point
  std::vector<double> bias_variances;       ///< of the curve; empty: the default ones
  bool json = false;                        ///< for programs
};

/// The command; parsing it fills `options`, which must outlive it.
Command theory_command(TheoryOptions& options);

/// Prints the prediction. Simulates nothing, reads and writes no file.
ExitCode run_theory(const TheoryOptions& options);

}  // namespace varprop
