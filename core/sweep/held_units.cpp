#include "core/sweep/held_units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "core/contracts.hpp"

namespace varprop {

std::string text_of(const std::optional<Shard>& shard) {
  return shard ? fmt::format("shard {} of {}", shard->number, shard->count) : "the whole sweep";
}

HeldUnits::HeldUnits(Shard shard, std::vector<std::int64_t> slots)
    : shard_(shard), slots_(std::move(slots)), count_(static_cast<std::int64_t>(slots_.size())) {
  VARPROP_EXPECT(1 <= shard.number && shard.number <= shard.count);
  VARPROP_EXPECT(count_ > 0);
  VARPROP_EXPECT(std::adjacent_find(slots_.begin(), slots_.end(), std::greater_equal<>()) == slots_.end());
}

std::int64_t HeldUnits::position(std::int64_t slot) const {
  if (whole()) return std::clamp<std::int64_t>(slot, 0, count_);
  return std::lower_bound(slots_.begin(), slots_.end(), slot) - slots_.begin();
}

bool HeldUnits::holds(std::int64_t slot) const {
  if (whole()) return 0 <= slot && slot < count_;
  return std::binary_search(slots_.begin(), slots_.end(), slot);
}

}  // namespace varprop
