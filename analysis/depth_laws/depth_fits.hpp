// The laws in depth, fitted to the profiles of a point's batches.
#pragma once

#include <Eigen/Core>
#include <cstdint>

#include "analysis/depth_laws/depth_law.hpp"
#include "analysis/results/point_results.hpp"
#include "analysis/results/rates.hpp"

namespace varprop::analysis {

/// ⟨ln X_l⟩ of the batches that have a value at every layer of a window.
struct ProfileMatrix {
  Eigen::VectorXd layers;  ///< layer numbers l
  Eigen::MatrixXd values;  ///< a row for each batch, a column for each layer

  Eigen::Index batches() const { return values.rows(); }
  Eigen::Index size() const { return layers.size(); }
  /// The mean profile.
  Eigen::VectorXd mean() const { return values.colwise().mean().transpose(); }
  /// The columns from one to another, both included.
  ProfileMatrix columns(Eigen::Index first, Eigen::Index last) const;
};

/// Batches with a layer where no network is alive are left out.
ProfileMatrix profile_matrix(const PointResults& results, const QuantityResults& quantity, Window window);

/// The rate along l (turn it for a quantity that travels down) of a random walk: of every batch the slope
/// between the window's ends, which carry all the information. Goodness from the contrasts of l² and l³.
/// Refused where X changes by less than e over the window, and as judge() says.
LawParameter exponential_rate(const ProfileMatrix& profiles);

/// Layers that a power law is looked for in: l ≥ max(16, L/16). `depth` L.
inline constexpr std::int32_t first_power_layer = 16;
/// Networks narrower than so many times their depth have another law: their own fluctuations move the
/// exponent.
inline constexpr std::int64_t least_width_over_depth = 32;

/// The recorded layers from max(16, L/16) on.
theory::ValueOrReason<Window> power_window(std::span<const std::int32_t> layers, std::int32_t depth);

/// The exponent e, from the mean profile with l₀ free, layers weighed with 1/l (every octave alike; the
/// variance of ln q grows like l). By batch: one Gauss–Newton step (parameters_by_batch), so that the
/// interval knows of the freedom of l₀. Goodness from the contrasts of u² and u³ in u = ln(l + l₀). Refused
/// where l changes by less than 4 × or X by less than e, where no l₀ fits, and as judge() says; halves have
/// an l₀ each.
LawParameter power_exponent(const ProfileMatrix& profiles);

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

}  // namespace varprop::analysis
