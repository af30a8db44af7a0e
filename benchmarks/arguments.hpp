// What a benchmark is told on its command line: numbers, each with a default.
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

#include "core/text/words.hpp"

namespace varprop::benchmarks {

/// Argument i as a number from `low` to `high`; `otherwise` where there is none. Ends the program with 2 and
/// a sentence where it is something else.
inline double number_argument(int argc, char** argv, int i, double otherwise, double low, double high) {
  if (i >= argc) return otherwise;
  const auto number = parse_number(argv[i]);
  if (number && *number >= low && *number <= high) return *number;
  fmt::print(stderr, "{}: {} is not a number from {:g} to {:g}.\n", argv[0], argv[i], low, high);
  std::exit(2);
}

}  // namespace varprop::benchmarks
