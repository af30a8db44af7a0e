// A number with a name: a width cannot be passed where a depth is meant.
#pragma once

#include <compare>

namespace varprop {

template <class Tag, class T>
class Strong {
 public:
  using value_type = T;

  constexpr Strong() = default;
  constexpr explicit Strong(T value) : value_(value) {}
  constexpr T value() const { return value_; }

  friend constexpr auto operator<=>(const Strong&, const Strong&) = default;

 private:
  T value_{};
};

}  // namespace varprop
