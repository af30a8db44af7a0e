// What a layer makes of two signals, for both engines of two inputs.
#pragma once

#include <utility>

#include "workers/network/random_network.hpp"
#include "workers/network/signal_range.hpp"
#include "workers/two_inputs/cosine.hpp"

namespace varprop::workers {

/// Two signals after φ: u = a₁ and e = a₂/ratio − a₁, e ∝ of_alpha·α + of_delta·Δ (Δ: the difference, or α₂
/// in its place where the two were evaluated apart). The ratio is not 1 where the second had to be scaled.
struct PairOutcome {
  DifferenceGeometry geometry;
  Magnitude ratio = Magnitude::from(1);
  double of_alpha = 0, of_delta = 1;
};

inline bool of_like_size(const Magnitude& ratio) {
  return !ratio.below_power(-1) && ratio.below_power(1);
}

/// Whether a second signal that was scaled stays so through the next layer: where φ goes along with that,
/// straight lines for both or each by itself.
inline bool keeps_scaled(const RangePlanner& plan_range, const PairSizes& sizes, bool last) {
  return last || !sizes.scaled() || !of_like_size(sizes.ratio) || both_linear(plan_range, sizes);
}

/// Signals of which each was evaluated by itself: sums of α and α₂.
inline PairOutcome outcome_apart(const ComparedSums& s, const PairRange& range,
                                 const RandomNetwork& network) {
  const Magnitude u_squared = range.tau * range.tau * Magnitude::from(s.uu);
  const Magnitude v_squared = range.unit * range.unit * Magnitude::from(s.vv);
  if (u_squared.zero()) return {{u_squared, v_squared}};
  if (v_squared.zero()) return {{u_squared, u_squared, -1, 0}, Magnitude::from(1), -1, 0};
  const EqualNorms e = compare_by_itself(s, u_squared, network.n);
  const Magnitude ratio = (v_squared / u_squared).square_root();
  if (network.sigma_b2.zero() && !of_like_size(ratio)) return {e.geometry, ratio, e.of_u, e.of_v};
  const auto geometry = DifferenceGeometry::with_ratio(u_squared, *cosine_of(e.geometry), ratio);
  return {geometry, Magnitude::from(1), -1, (range.unit / range.tau).to_double()};
}

/// Signals of which the difference was evaluated. Where straight lines made it nearly parallel to the first,
/// or of another size, the second signal is scaled to the first's length: what makes an angle would be lost
/// beside what makes a length.
inline PairOutcome outcome_together(const ComparedSums& s, const DifferenceGeometry& basis,
                                    const PairRange& range, const PairSizes& sizes,
                                    const RandomNetwork& network) {
  constexpr double nearly_parallel = 0x1p-6, most_apart = 0x1p20;
  const PairOutcome as_is{basis, sizes.ratio};
  const bool lose_nothing = network.plan_range.homogeneous() || !sizes.step().below_power(-26);
  if (!range.linear || !network.sigma_b2.zero() || !lose_nothing) return as_is;
  if (basis.squared_sine > nearly_parallel && s.vv < 4 * s.uu && s.uu < 4 * s.vv) return as_is;
  if (basis.squared_sine == 0 || s.vv > most_apart * s.uu || s.uu > most_apart * s.vv) return as_is;
  const EqualNorms e = compare_by_difference(s, basis.u_squared, range.unit / range.tau, network.n);
  return {e.geometry, sizes.ratio * e.ratio, e.of_u, e.of_f};
}

/// The geometry of α and Δ as they stand in the sums; of α alone once a signal has died.
inline DifferenceGeometry basis_of(const ComparedSums& s, const PairRange& range,
                                   const RandomNetwork& network, bool both_alive) {
  const auto [alpha_delta, delta_delta] = range.apart() ? std::pair(s.uv, s.vv) : std::pair(s.uf, s.ff);
  const auto basis = DifferenceGeometry::from_sums(s.uu, alpha_delta, delta_delta, range.tau * range.tau,
                                                   range.unit * range.unit, network.n);
  return both_alive ? basis : DifferenceGeometry{basis.u_squared, Magnitude()};
}

/// One that has died is followed no further.
inline PairOutcome outcome_of(const ComparedSums& s, const DifferenceGeometry& basis, const PairRange& range,
                              const PairSizes& sizes, const RandomNetwork& network, bool both_alive) {
  if (!both_alive) return {basis, Magnitude::from(1), 0, 0};
  return range.apart() ? outcome_apart(s, range, network) : outcome_together(s, basis, range, sizes, network);
}

}  // namespace varprop::workers
