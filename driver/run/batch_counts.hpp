// Into how many batches a point's replicas could be divided.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/sweep/sweep.hpp"

namespace varprop {

/// Every `simulation.batches` above the present one that divides the replicas, ascending.
std::vector<std::int32_t> finer_batches(const Sweep& sweep);

/// The smallest of them whose units cost at most `share` of the present ones; nothing where there is none.
std::optional<std::int32_t> batches_for_share(const Sweep& sweep, double share);

}  // namespace varprop
