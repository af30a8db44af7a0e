// A gated linear unit.
#pragma once

#include <array>

#include "workers/networks/branch.hpp"
#include "workers/networks/rounding_guard.hpp"
#include "workers/networks/token_activation.hpp"

namespace varprop::workers {

/// F(u) = W₃(φ(W₁u) ⊙ W₂u m/p), W₁ the gate, of hidden width m.
class GluBranch : public Branch {
 public:
  /// W₁ above W₂ are matrix number p, W₃ is the next.
  GluBranch(const StreamNetwork& network, const MatrixSource& source, std::uint32_t p)
      : GluBranch(network, source, source.spaces(network), p) {}
  void begin(const LayerOfNetwork& at) override;
  void forward(const Panel& U, Panel& Y, LayerMeasures& measures) override;
  void backward(const Panel& U, Panel& D, Panel& dU, LayerMeasures& measures) override;

 private:
  GluBranch(const StreamNetwork& network, const MatrixSource& source, const LayerSpaces& spaces,
            std::uint32_t p);
  void open_gates();

  PointKey mask_key_;
  StackedLinear in_;
  Linear out_;
  TokenActivation phi_;
  TokenMask mask_;
  std::array<Panel, 2> z_;         ///< gates W₁u and values W₂u, then the gradients there
  Panel values_;                   ///< W₂u token by token
  Panel h_;                        ///< φ(W₁u) ⊙ W₂u m/p
  std::array<Panel, 2> products_;  ///< summands of h_t − h_0
  Combination sum_;
  RoundingGuard guard_, guard_at_value_;
  TokenCoordinates coordinates_;
  OuterProduct outer_;
};

}  // namespace varprop::workers
