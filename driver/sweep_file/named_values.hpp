// Initializations by their usual names, as the variance each stands for.
#pragma once

#include <array>
#include <string_view>

#include "core/point/point.hpp"
#include "driver/sweep_file/document.hpp"

namespace varprop {

/// A name and the variance it stands for, all layers being square: `value`, or `value`/n.
struct NamedValue {
  std::string_view name;
  double value;
  bool divided_by_width = false;
};

/// The names that an axis knows. None, unless specialised.
template <class T>
inline constexpr std::array<NamedValue, 0> named_values{};
template <>
inline constexpr std::array named_values<WeightVariance>{NamedValue{"lecun", 1.0}, NamedValue{"glorot", 1.0},
                                                         NamedValue{"he", 2.0},
                                                         NamedValue{"torch", 1.0 / 3.0}};
template <>
inline constexpr std::array named_values<BiasVariance>{NamedValue{"torch", 1.0 / 3.0, true}};

/// The variance that a name stands for in this sweep. Refused where it stands for none: a name over n in a
/// grid of several widths, a weight variance times fan-in where variance_scaling is not fan_in.
double value_of(const NamedValue& named, const Setting& at, const Document& document);

}  // namespace varprop
