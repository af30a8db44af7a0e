// ln X_l = A + e·ln(l + l₀): a power of the layer's number, with an origin of its own.
#pragma once

#include "analysis/depth_law.hpp"
#include "analysis/profile_matrix.hpp"

namespace varprop {

/// Layers that a power law is looked for in: l ≥ max(16, L/16). `depth` L.
inline constexpr std::int32_t first_power_layer = 16;
/// Networks narrower than so many times their depth have another law: their own fluctuations move the
/// exponent.
inline constexpr std::int64_t least_width_over_depth = 32;

/// The recorded layers from max(16, L/16) on.
Reasoned<Window> power_window(std::span<const std::int32_t> layers, std::int32_t depth);

/// The exponent e, from the mean profile with l₀ free, layers weighed with 1/l (every octave alike; the
/// variance of ln q grows like l). By batch: one Gauss–Newton step (parameters_by_batch), so that the
/// interval knows of the freedom of l₀. Goodness from the contrasts of u² and u³ in u = ln(l + l₀). Refused
/// where l changes by less than 4 × or X by less than e, where no l₀ fits, and as judge() says; halves have
/// an l₀ each.
LawParameter power_exponent(const ProfileMatrix& profiles);

}  // namespace varprop
