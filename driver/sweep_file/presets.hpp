// Recipes of networks that people train, as values of a sweep file's keys: preset < file < --set.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/network/point.hpp"

namespace varprop::driver {

struct Preset {
  std::string_view name;
  std::string_view toml;    ///< [grid] and [simulation]: what the recipe says of a network at initialization
  std::string_view source;  ///< where it says so
  std::string_view leaves_out;  ///< what it has and a sweep has not, or the other way round
};

std::span<const Preset> presets();
/// The preset of this name, if there is one.
const Preset* find_preset(std::string_view name);
std::vector<std::string> preset_names();

/// What a sweep of this preset alone would simulate at this depth.
struct PresetNetwork {
  Point point;  ///< its width, heads and tokens stand for any
  NetworkSettings settings;
};
PresetNetwork network_of(const Preset& preset, std::int32_t depth);

/// The presets as the Markdown table of docs/sweep-file.md.
std::string preset_table();

}  // namespace varprop::driver
