// The fixed points of the forward map q' = σ_w² V(q) + σ_b², and the one that a network reaches; and the
// search for all roots of a function of which a table of samples is at hand.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "theory/infinite_width/layer_map.hpp"

namespace varprop::theory {

/// f at one place.
struct Sample {
  double at;
  double value;
};

/// The roots of a continuous f between the first and the last sample, ascending.
///
/// Every change of sign is a bracket for a root (TOMS 748), and every smallest |f| between two samples of one
/// sign is looked at for a pair of roots or a touching one, if a parabola through the three may have them.
/// Where |f| < 1e-13 the sign is rounding and is not believed, so f must be of order one where it is not near
/// a root. `samples` ascending, as f has them.
std::vector<double> roots_along(const std::vector<Sample>& samples, const std::function<double(double)>& f);

/// |f| below this has no sign.
inline constexpr double rounding = 1e-13;

/// Finds the fixed points of one activation's maps: roots of ln(q'/q), pairs and touching (half-stable) ones
/// among them (theory/root_scan.hpp). V and D are tabulated once from q = 1e-304 to 1e304.
class FixedPointFinder {
 public:
  /// V and D at one q.
  struct Node {
    double log_q, q, V, D;
  };

  explicit FixedPointFinder(const Activation& activation);

  const MeanField& mean_field() const { return mean_field_; }

  /// Ascending in q. Empty for homogeneous activations, whose V and D are known.
  const std::vector<Node>& table() const { return table_; }

  /// All fixed points q ≥ 0, ascending. Not for homogeneous activations, whose map is a straight line.
  std::vector<double> find(Variances variances) const;

  /// ln(q'/q): positive where the variance grows; q > 0.
  double log_growth(Variances variances, double q) const;

 private:
  std::vector<double> find_positive(Variances variances) const;

  MeanField mean_field_;
  std::vector<Node> table_;
};

/// The fixed point at which iteration from first_q arrives: V increases, so the sequence is monotone and
/// stops at the next fixed point in its direction. Nothing where q grows without bound. `fixed_points` as
/// found for `variances`.
std::optional<double> reached_fixed_point(const FixedPointFinder& finder, Variances variances,
                                          const std::vector<double>& fixed_points, double first_q);

}  // namespace varprop::theory
