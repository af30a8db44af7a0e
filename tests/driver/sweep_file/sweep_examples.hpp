// Sweep files for tests: a small valid one, and what the program says about a bad one.
#pragma once

#include <string>
#include <vector>

#include "driver/sweep_file/resolve_sweep.hpp"
#include "tests/fixtures/thrown.hpp"

namespace varprop::driver {

/// A valid sweep file. Line 2 is activation, 3 weight_variance, 4 width, 5 depth, 7 replicas.
inline std::string small_file() {
  return "[grid]\n"
         "activation = \"tanh\"\n"
         "weight_variance = 1\n"
         "width = 8\n"
         "depth = 4\n"
         "[simulation]\n"
         "replicas = 32\n";
}

/// The small file with one line (from 1) replaced.
inline std::string with_line(int line, const std::string& text) {
  std::string file = small_file();
  std::size_t start = 0;
  while (--line > 0) start = file.find('\n', start) + 1;
  return file.replace(start, file.find('\n', start) - start, text);
}

inline Sweep resolved(const std::string& file, const std::vector<std::string>& overrides = {}) {
  return resolve_sweep({"s.toml", file, overrides, ""});
}

/// The sentence with which a sweep is refused; empty if it is not.
inline std::string refusal(const std::string& file, const std::vector<std::string>& overrides = {},
                           const std::string& engine = "") {
  return thrown_by([&] { resolve_sweep({"s.toml", file, overrides, engine}); });
}

}  // namespace varprop::driver
