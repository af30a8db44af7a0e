// What theory says of one point, as analysis puts it beside the data.
#pragma once

#include "core/point/point.hpp"
#include "theory/correlation.hpp"
#include "theory/critical_decay.hpp"
#include "theory/gradient_correction.hpp"
#include "theory/phase.hpp"

namespace varprop {

/// docs/theory.md has the formulas; n is the point's width.
struct PointTheory {
  InfiniteWidth limit;                   ///< infinite width: q*, χ, ξ_q
  Reasoned<Phase> phase;                 ///< none where χ is 0
  CorrelationLimit correlation;          ///< c*, ξ_c
  Reasoned<double> backward_rate;        ///< ln χ
  Reasoned<double> backward_rate_n;      ///< change of ⟨ln g_l⟩ per layer going down at width n
  Reasoned<double> backward_variance_n;  ///< Var ln g per layer at width n
  Reasoned<double> forward_rate_n;  ///< change of ⟨ln q_l⟩ per layer at width n, where nothing holds q
  Reasoned<double> q_star_n;        ///< exp⟨ln q_l⟩ at width n where q* holds it
  Reasoned<GradientCorrection> correction;  ///< κ₁ and v
  Reasoned<CriticalDecay> decay;            ///< power laws where the signal dies out critically
};

}  // namespace varprop
