// Shards as people write them.
#pragma once

#include <string>

#include "core/sweep/held_units.hpp"

namespace varprop {

/// "2/4": the second of four shards. Throws InputError where the text is none.
Shard parse_shard(const std::string& text);

}  // namespace varprop
