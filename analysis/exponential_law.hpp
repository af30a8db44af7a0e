// ln X_l = A + rate·l: growth or decay by the same factor in every layer.
#pragma once

#include "analysis/depth_law.hpp"
#include "analysis/profile_matrix.hpp"

namespace varprop {

/// The rate along l (turn it for a quantity that travels down) of a random walk: of every batch the slope
/// between the window's ends, which carry all the information. Goodness from the contrasts of l² and l³.
/// Refused where X changes by less than e over the window, and as judge() says.
LawParameter exponential_rate(const ProfileMatrix& profiles);

}  // namespace varprop
