// Which units of a sweep one results file holds: all, or those of one shard.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/sweep/sweep.hpp"

namespace varprop {

/// One of the parts that a sweep's units are dealt to: `number` from 1 to `count`.
struct Shard {
  std::int32_t number;
  std::int32_t count;
  friend bool operator==(const Shard&, const Shard&) = default;
};

/// "shard 2 of 4", or "the whole sweep" where there is none.
std::string text_of(const std::optional<Shard>& shard);

/// The units of a results file. Each has a position: its rank among the file's units in slot order
/// (Sweep::slot), from 0; in a file of the whole sweep the slot itself. A shard takes 8 bytes a unit.
class HeldUnits {
 public:
  /// All units of a sweep.
  explicit HeldUnits(const Sweep& sweep) : count_(sweep.unit_count()) {}
  /// The units of one shard: their slots, ascending, each once, at least one.
  HeldUnits(Shard shard, std::vector<std::int64_t> slots);

  const std::optional<Shard>& shard() const { return shard_; }
  bool whole() const { return !shard_; }

  std::int64_t count() const { return count_; }
  /// The slot of the unit at a position.
  std::int64_t slot(std::int64_t position) const {
    return whole() ? position : slots_[static_cast<std::size_t>(position)];
  }
  /// How many units have a smaller slot: the position of the unit of this slot, where it is held.
  std::int64_t position(std::int64_t slot) const;
  bool holds(std::int64_t slot) const;

 private:
  std::optional<Shard> shard_;
  std::vector<std::int64_t> slots_;  ///< of a shard
  std::int64_t count_;
};

}  // namespace varprop
