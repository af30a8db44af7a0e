#include "driver/run/batch_counts.hpp"

#include <algorithm>
#include <limits>

namespace varprop {

std::vector<std::int32_t> finer_batches(const Sweep& sweep) {
  const std::int64_t most = std::min<std::int64_t>(sweep.replicas, std::numeric_limits<std::int32_t>::max());
  std::vector<std::int32_t> all;
  const auto consider = [&](std::int64_t d) {
    if (d > sweep.batches && d <= most) all.push_back(static_cast<std::int32_t>(d));
  };
  for (std::int64_t d = 1; d * d <= sweep.replicas; ++d) {
    if (sweep.replicas % d != 0) continue;
    consider(d);
    if (d * d != sweep.replicas) consider(sweep.replicas / d);
  }
  std::sort(all.begin(), all.end());
  return all;
}

std::optional<std::int32_t> batches_for_share(const Sweep& sweep, double share) {
  for (const std::int32_t batches : finer_batches(sweep)) {
    if (batches * share >= sweep.batches) return batches;
  }
  return std::nullopt;
}

}  // namespace varprop
