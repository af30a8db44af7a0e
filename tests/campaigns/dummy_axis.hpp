// An axis that no engine knows: what a new axis needs is one declaration, and nothing else may go wrong
// (docs/campaigns.md, VARPROP_EXTRA_AXES).
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/network/axis.hpp"

namespace varprop {

using Dummy = Strong<struct DummyTag, double>;
struct DummyAxis {
  using value_type = Dummy;
  static constexpr std::string_view name = "dummy", symbol = "d", meaning = "nothing";
  static constexpr Limits limits{.low = 0};
  static constexpr std::optional default_value = Dummy(0);
  static constexpr FormatVersion since{2, 0};
  template <class T>
  struct Member {
    T dummy;
  };
  static constexpr auto value = &Member<Dummy>::dummy;
  static constexpr auto values = &Member<std::vector<Dummy>>::dummy;
};

using ExtraAxes = AxisList<DummyAxis>;

}  // namespace varprop
