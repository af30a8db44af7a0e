// How signal, gradient and tokens of a network with a residual stream change from block to block.
#pragma once

#include <optional>

#include "analysis/depth_laws/depth_law.hpp"
#include "theory/streams/stream_theory.hpp"

namespace varprop::analysis {

/// Laws of the recorded layers from l = 0 on, each of what was measured. The block and its norm say which to
/// look for, data decide whether it holds; theory beside it is the same functional of the profile of infinite
/// width, which neglects some 10/n, and of tokens 1/H, of it.
struct StreamLaws {
  /// No norm: the `rate` of ⟨ln q⟩ a block. A norm in front: the `increment` of exp⟨ln q⟩ a block, in
  /// networks whose q at least doubles. Behind a norm q is 1.
  std::optional<DepthLaw> growth{};
  /// `kappa`: the slope through the origin of g_{l−1}/g_l − 1 against q_l/q_{l−1} − 1 over neighbouring
  /// recorded layers, g and q the exponentials of means of logarithms over all batches; its error by the
  /// jackknife. Of networks with α = 1 whose q changes by a factor e. Behind a norm the `rate` of ⟨ln g⟩ a
  /// block, going down.
  std::optional<DepthLaw> gradient{};
  /// Of tokens: the `rate` of ⟨ln(1 − c)⟩ a block; with a norm in front the `exponent` of 1 − c in l.
  std::optional<DepthLaw> collapse{};
};

/// Of a point with a stream and at least one done batch.
StreamLaws stream_laws(const PointResults& results,
                       const theory::ValueOrReason<theory::StreamProfiles>& limit);

}  // namespace varprop::analysis
