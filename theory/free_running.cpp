#include "theory/free_running.hpp"

#include "theory/phase.hpp"

namespace varprop {

Reasoned<Slopes> free_running_slopes(const ActivationFacts& facts, Variances variances,
                                     const InfiniteWidth& limit) {
  using Result = Reasoned<Slopes>;
  if (facts.homogeneous() && variances.bias == 0.0) return facts.at_zero;
  if (!limit.free_running) return Result::none("held by a fixed point");
  const bool dies = limit.q_star.has_value();
  if (phase_of(limit.chi) == Phase::critical) {
    return Result::none(dies ? "q falls to 0 by a power law: chi = 1" : "q grows without bound at chi = 1");
  }
  return dies ? facts.at_zero : facts.at_infinity;
}

}  // namespace varprop
