// Two matrices around the activation.
#pragma once

#include "workers/networks/branch.hpp"
#include "workers/networks/rounding_guard.hpp"
#include "workers/networks/token_activation.hpp"

namespace varprop::workers {

/// F(u) = W₂(φ(W₁u + b₁) m/p) + b₂, of hidden width m.
class MlpBranch : public Branch {
 public:
  /// W₁ is matrix number p, W₂ the next.
  MlpBranch(const StreamNetwork& network, const MatrixSource& source, std::uint32_t p)
      : MlpBranch(network, source, source.spaces(network), p) {}
  void begin(const LayerOfNetwork& at) override;
  void forward(const Panel& U, Panel& Y, LayerMeasures& measures) override;
  void backward(const Panel& U, Panel& D, Panel& dU, LayerMeasures& measures) override;

 private:
  MlpBranch(const StreamNetwork& network, const MatrixSource& source, const LayerSpaces& spaces,
            std::uint32_t p);

  PointKey mask_key_;
  Linear in_, out_;
  TokenActivation phi_;
  TokenMask mask_;
  Panel z_;  ///< W₁u + b₁, then the gradient there
  Panel a_;  ///< φ(z) m/p
  RoundingGuard guard_;
  TokenCoordinates coordinates_;
  OuterProduct outer_;
};

}  // namespace varprop::workers
