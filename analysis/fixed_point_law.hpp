// A fixed point q* of the forward map, and how fast it draws the signal in.
#pragma once

#include "analysis/depth_law.hpp"
#include "analysis/profile_matrix.hpp"

namespace varprop {

/// q* = exp⟨ln q_l⟩ over the window's layers, where the input is forgotten; of every batch the mean over
/// them. Goodness from the contrasts of l² and l³ outside a constant. Refused as judge() says.
LawParameter fixed_point(const ProfileMatrix& settled);

/// ξ_q = −1/ln χ_q from the layers before. With the distance d_l = ln q_l − ln q* and ln q* the mean of the
/// last layers,
///
///     d_{l+1} = χ_q d_l + c d_l²
///
/// by least squares over pairs of neighbouring layers from the first with |d| ≤ 0.7 on. By batch: jackknife
/// pseudo-values B θ − (B−1) θ_{−b}, θ_{−b} from the mean profile of the other batches. Goodness from what
/// the pairs leave behind. `approach`: layers from the input into the window of q*, which begins at column
/// `settled`. Refused where fewer than 8 neighbouring layers are recorded, where the first is less than e
/// standard errors away from q*, and as judge() says.
LawParameter approach_length(const ProfileMatrix& approach, Eigen::Index settled);

}  // namespace varprop
