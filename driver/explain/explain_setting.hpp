// What the explanation is told with.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/point/limits.hpp"

namespace varprop {

struct ExplainSetting {
  std::int64_t width = 100;  ///< n of the reader's network
  std::uint64_t seed = 1;    ///< of all simulations

  /// n of the chapters that draw every weight of a layer, n² of them.
  std::int64_t drawn_width() const { return std::min<std::int64_t>(width, largest_drawn_width); }

  static constexpr std::int64_t largest_drawn_width = 1000;
};

/// Below 8 neurons most ReLU networks of 50 layers are dead; above, nothing new is to be seen.
inline constexpr Limits explained_widths{.low = 8, .high = 100000, .whole = true};

}  // namespace varprop
