// One matrix behind the activation.
#pragma once

#include "workers/networks/branch.hpp"
#include "workers/networks/rounding_guard.hpp"
#include "workers/networks/token_activation.hpp"

namespace varprop::workers {

/// F(u) = W φ(u) + b.
class ResidualBranch : public Branch {
 public:
  ResidualBranch(const StreamNetwork& network, const MatrixSource& source, std::uint32_t p);
  void begin(const LayerOfNetwork& at) override { out_.begin(at); }
  void forward(const Panel& U, Panel& Y, LayerMeasures& measures) override;
  void backward(const Panel& U, Panel& D, Panel& dU, LayerMeasures& measures) override;

 private:
  TokenActivation phi_;
  Linear out_;
  Panel a_;  ///< φ(u)
  RoundingGuard guard_;
  TokenCoordinates coordinates_;
  OuterProduct outer_;
};

}  // namespace varprop::workers
