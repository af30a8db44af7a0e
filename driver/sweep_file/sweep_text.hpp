// What a person typed that decides a sweep: a sweep file's text and the flags that change it. Plain data.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace varprop {

/// The first rank reads it and sends it to the others; every rank resolves it alike (resolve_sweep.hpp).
struct SweepText {
  std::string file_name;               ///< as typed, for messages
  std::string file_text;               ///< the whole file, verbatim
  std::vector<std::string> overrides;  ///< arguments of --set: "grid.width=[64,128]", later ones win
  std::string engine;                  ///< argument of --engine; empty where it was not given
};

/// Reads a sweep file. Throws InputError where there is none to read (missing, a directory, no permission,
/// far too large), SystemError where reading fails.
SweepText read_sweep_text(const std::filesystem::path& path, std::vector<std::string> overrides = {},
                          std::string engine = {});

}  // namespace varprop
