// What theory says of one point, as analysis puts it beside the data.
#pragma once

#include "core/point/point.hpp"
#include "theory/finite_width.hpp"
#include "theory/infinite_width.hpp"

namespace varprop {

struct PointTheory {
  InfiniteWidth limit;  ///< infinite width
  /// ln χ.
  Reasoned<double> backward_rate;
  /// The change of ⟨ln g_l⟩ per layer going down at the point's width: exact where it is known, else ln χ +
  /// κ₁/n.
  Reasoned<double> backward_rate_n;
  /// The change of ⟨ln q_l⟩ per layer going up at the point's width, where nothing holds q.
  Reasoned<double> forward_rate_n;
  /// κ₁ and v.
  Reasoned<GradientCorrection> correction;
};

}  // namespace varprop
