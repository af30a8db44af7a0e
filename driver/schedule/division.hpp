// How the units of a sweep are divided: into batches, among shards, for a sample.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/sweep/sweep.hpp"

namespace varprop::driver {

/// All divisors of n > 0, ascending. O(√n).
std::vector<std::int64_t> divisors(std::int64_t n);

/// Every `simulation.batches` above the present one that divides the replicas, ascending.
std::vector<std::int32_t> finer_batches(const Sweep& sweep);

/// The smallest of them whose units cost at most `share` of the present ones; nothing where there is none.
std::optional<std::int32_t> batches_for_share(const Sweep& sweep, double share);

/// The units of one shard. A pure function of the sweep and the number of shards: every unit is in exactly
/// one of them, and each shard has at least one.
///
/// Pieces of neighbouring batches of one point are dealt most expensive point first, each to the shard with
/// the least predicted cost so far. A piece is a whole point, or as many of its batches as cost 1 % of a
/// shard's share, so that shards differ by a unit or by that 1 % at most. Throws InputError where the sweep
/// has fewer units than there are shards.
HeldUnits deal_shard(const Sweep& sweep, Shard shard);

/// A share of the units, or a number of them.
struct SampleSize {
  double share = 0;  ///< above 0 to 1; counts where `units` is 0
  std::int64_t units = 0;

  /// Units to take out of so many: rounded up, at least one where there is one, never more than there are.
  std::int64_t of(std::int64_t total) const;
};

/// "1%", "0.05%", "100%", or a number of units from 1. Throws InputError for the rest.
SampleSize parse_sample_size(const std::string& text);

}  // namespace varprop::driver
