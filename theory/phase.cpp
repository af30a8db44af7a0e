#include "theory/phase.hpp"

#include <cmath>

#include "core/contracts.hpp"

namespace varprop {

Phase phase_of(double chi) {
  VARPROP_EXPECT(chi >= 0);
  const double rate = std::log(chi);
  if (std::abs(rate) <= critical_tolerance) return Phase::critical;
  return rate < 0 ? Phase::ordered : Phase::chaotic;
}

}  // namespace varprop
