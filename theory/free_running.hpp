// A signal that no positive fixed point holds ends up where φ is two straight lines.
#pragma once

#include "theory/infinite_width.hpp"

namespace varprop {

/// φ'(−) and φ'(+) where the signal of `limit` ends up: at 0 where it dies out, at ±∞ where it grows without
/// bound. There every layer is alike, and the laws of homogeneous activations hold. Nothing where a fixed
/// point holds it, nor at χ = 1, which is reached too slowly to be alike (but for homogeneous φ without
/// bias).
Reasoned<Slopes> free_running_slopes(const ActivationFacts& facts, Variances variances,
                                     const InfiniteWidth& limit);

}  // namespace varprop
