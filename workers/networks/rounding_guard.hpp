// Gradients that are 0 but for rounding.
#pragma once

#include <vector>

#include "workers/networks/panel.hpp"

namespace varprop::workers {

/// A norm knows nothing of the length of what a single living neuron gives it, so the gradient at that neuron
/// is 0; rounding leaves something of it, beside what the dead ones would have had. The guard follows a
/// gradient through factors that act neuron by neuron, and drops what is left of that kind.
class RoundingGuard {
 public:
  /// Does nothing unless `active`: where no norm, or a skip beside it, stands behind, there is no such zero.
  RoundingGuard(bool active, std::size_t T) : active_(active), largest_(T) {}

  /// The gradient before the first factor, token by token.
  void before(const Panel& D);
  /// A factor, token by token, that it was multiplied by.
  void passed(const Panel& factor);
  void passed(std::size_t t, const Magnitude& factor);
  /// Behind the last one.
  void drop(Panel& D) const;

 private:
  bool active_;
  std::vector<Magnitude> largest_;  ///< |D_t| with every factor at its largest
};

}  // namespace varprop::workers
