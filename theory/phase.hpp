// Ordered, critical or chaotic (Poole et al. 2016, arXiv:1606.05340).
#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "core/point/choices.hpp"

namespace varprop {

/// What becomes of two nearly equal signals, and of the gradient: χ < 1, χ = 1, χ > 1.
enum class Phase { ordered, critical, chaotic };

template <>
struct Choices<Phase> {
  static constexpr std::string_view noun = "phase";
  static constexpr std::array words{std::pair{Phase::ordered, std::string_view("ordered")},
                                    std::pair{Phase::critical, std::string_view("critical")},
                                    std::pair{Phase::chaotic, std::string_view("chaotic")}};
};

/// |ln χ| up to this is critical: over the largest depth, 2²⁰ layers, a gradient changes by less than e.
inline constexpr double critical_tolerance = 1.0 / (1 << 20);

/// Of a factor χ > 0 per layer.
Phase phase_of(double chi);

}  // namespace varprop
