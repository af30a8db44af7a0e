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

}  // namespace varprop
