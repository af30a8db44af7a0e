// A measure of nothing, ln 2 at every layer of every network: what a new measure needs is one declaration,
// with how it is read off a network (docs/campaigns.md, VARPROP_EXTRA_MEASURES).
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "core/math/magnitude.hpp"
#include "core/sweep/measures.hpp"

namespace varprop {

struct DummyMeasure {
  static constexpr Quantity quantity = static_cast<Quantity>(100);
  static constexpr std::string_view name = "dummy_measure";
  static constexpr FormatVersion since{1, 2};
  static constexpr std::array profiles{
      Profile{"dummy_measure", "d_l", "d_l = 2, nothing", ProfileKind::positive, Travel::up}};

  template <class Sample>
  static Magnitude read(const Sample&, std::size_t) {
    return Magnitude::from(2);
  }
};

using ExtraMeasures = MeasureList<DummyMeasure>;

}  // namespace varprop
