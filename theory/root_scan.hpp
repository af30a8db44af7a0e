// All roots of a function of which a table of samples is at hand.
#pragma once

#include <functional>
#include <vector>

namespace varprop {

/// f at one place.
struct Sample {
  double at;
  double value;
};

/// The roots of a continuous f between the first and the last sample, ascending.
///
/// Every change of sign is a bracket for a root (TOMS 748), and every smallest |f| between two samples of one
/// sign is looked at for a pair of roots or a touching one, if a parabola through the three may have them.
/// Where |f| < 1e-13 the sign is rounding and is not believed, so f must be of order one where it is not near
/// a root. `samples` ascending, as f has them.
std::vector<double> roots_along(const std::vector<Sample>& samples, const std::function<double(double)>& f);

/// |f| below this has no sign.
inline constexpr double rounding = 1e-13;

}  // namespace varprop
