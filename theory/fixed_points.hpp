// The fixed points of the forward map q' = σ_w² V(q) + σ_b², and the one that a network reaches.
#pragma once

#include <optional>
#include <vector>

#include "theory/mean_field.hpp"

namespace varprop {

/// The variances of weights (times fan-in) and biases: σ_w² and σ_b².
struct Variances {
  double weight;
  double bias;
};

/// Finds the fixed points of one activation's maps.
///
/// V is tabulated once from q = 1e-300 to 1e300. For given variances every change of sign of ln(q'/q) along
/// the table is a bracket for a root (TOMS 748), and every smallest |ln(q'/q)| between two values of one sign
/// is looked at for a pair of roots or a touching one (half-stable). Where |ln(q'/q)| < 1e-13 the sign is
/// rounding and is not believed.
class FixedPointFinder {
 public:
  explicit FixedPointFinder(const Activation& activation);

  const MeanField& mean_field() const { return mean_field_; }

  /// All fixed points q ≥ 0, ascending. Not for homogeneous activations, whose map is a straight line.
  std::vector<double> find(Variances variances) const;

  /// ln(q'/q): positive where the variance grows; q > 0.
  double log_growth(Variances variances, double q) const;

 private:
  struct Node {
    double log_q, q, V;
  };

  std::vector<double> find_positive(Variances variances) const;
  double bracketed_root(Variances variances, double low, double high) const;
  std::vector<double> roots_near_extremum(Variances variances, double low, double high, double sign) const;

  MeanField mean_field_;
  std::vector<Node> table_;
};

/// The fixed point at which iteration from first_q arrives: V increases, so the sequence is monotone and
/// stops at the next fixed point in its direction. Nothing where q grows without bound. `fixed_points` as
/// found for `variances`.
std::optional<double> reached_fixed_point(const FixedPointFinder& finder, Variances variances,
                                          const std::vector<double>& fixed_points, double first_q);

}  // namespace varprop
