// Streams of tokens that are unlike, at infinite width: behind a causal mask every token has its own
// variance, and every pair of tokens its own cosine.
#pragma once

#include "core/network/stream.hpp"
#include "theory/means/mean_field.hpp"
#include "theory/streams/stream_theory.hpp"

namespace varprop::theory {

/// Above, the averages over the softmax would cost seconds a layer.
inline constexpr std::int32_t most_unlike_tokens = 16;

/// Of a network with attention, a norm and 2 to most_unlike_tokens tokens, under either mask. Distances of
/// tokens have digits down to 1e-14, and are none below.
StreamProfiles token_profiles(const MeanField& mean_field, const StreamNetwork& network);

}  // namespace varprop::theory
