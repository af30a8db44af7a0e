// From what a person typed, a sweep file's text and the flags that change it, to the sweep that is run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/sweep/sweep.hpp"

namespace varprop::driver {

/// Files of points by the name that the sweep file has for them, and what is in them.
using PointFiles = std::map<std::string, std::string>;

/// The first rank reads it and sends it to the others; every rank resolves it alike (resolve_sweep.hpp).
struct SweepText {
  std::string file_name;               ///< as typed, for messages
  std::string file_text;               ///< the whole file, verbatim
  std::vector<std::string> overrides;  ///< arguments of --set: "grid.width=[64,128]", later ones win
  std::string engine;                  ///< argument of --engine; empty where it was not given
  PointFiles point_files{};            ///< the files of points that it names, by the names it has for them
};

/// Reads a sweep file and the files of points that it names. Throws InputError where there is none to read
/// (missing, a directory, no permission, far too large) or it is no TOML, SystemError where reading fails.
SweepText read_sweep_text(const std::filesystem::path& path, std::vector<std::string> overrides = {},
                          std::string engine = {});

/// A sweep may not have more units than this (points times batches).
inline constexpr std::int64_t largest_unit_count = std::int64_t{1} << 40;

/// Resolves defaults, ranges, names and overrides. A pure function: the same text gives the same sweep on
/// every rank, and two texts that mean the same sweep give one canonical text (core/sweep/sweep.hpp). Throws
/// InputError "FILE:line:column: key: what is wrong; what is allowed", or the flag in the place's stead.
Sweep resolve_sweep(const SweepText& text);

/// The positions of two equal numbers, or nothing.
std::optional<std::pair<std::int64_t, std::int64_t>> equal_pair(const std::vector<std::uint64_t>& numbers);

}  // namespace varprop::driver
