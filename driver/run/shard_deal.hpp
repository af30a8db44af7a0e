// The deal of a sweep's units to shards.
#pragma once

#include "core/sweep/held_units.hpp"

namespace varprop {

/// The units of one shard. A pure function of the sweep and the number of shards: every unit is in exactly
/// one of them, and each shard has at least one.
///
/// Pieces of neighbouring batches of one point are dealt dearest point first, each to the shard with the
/// least predicted cost so far. A piece is a whole point, or as many of its batches as cost 1 % of a shard's
/// share, so that shards differ by a unit or by that 1 % at most. Throws InputError where the sweep has fewer
/// units than there are shards.
HeldUnits deal_shard(const Sweep& sweep, Shard shard);

}  // namespace varprop
