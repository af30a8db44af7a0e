// One unit as stored against the same unit computed now.
#pragma once

#include <optional>

#include "core/record/record.hpp"
#include "driver/verify/verification.hpp"

namespace varprop {

/// Compares the bits of every number, NaN and fill included; nothing where all are equal. wall_seconds may
/// differ. `stored` is done; `computed` is done, or failed with its reason. Both are of the same unit.
std::optional<UnitDifference> compare_unit(const Sweep& sweep, const RecordLayout& layout,
                                           const Record& stored, const Record& computed);

}  // namespace varprop
