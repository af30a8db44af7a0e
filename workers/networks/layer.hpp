// A layer of a network: of a stream, one or two branches each with its norm, skip and scale; of a plain one,
// a norm, an activation, a mask and a matrix.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "workers/networks/branch.hpp"
#include "workers/networks/rounding_guard.hpp"
#include "workers/networks/stream_fold.hpp"
#include "workers/networks/token_activation.hpp"
#include "workers/networks/token_norm.hpp"

namespace varprop::workers {

class Layer {
 public:
  virtual ~Layer() = default;
  virtual void begin(const LayerOfNetwork& at) = 0;
  /// Shapes: n × T, signals, columns of norm 1.
  virtual void forward(const Panel& X, Panel& out, LayerMeasures& measures) = 0;
  /// D at the layer's output becomes that at its input X, after forward() with this X. Shapes: n × T,
  /// gradients.
  virtual void backward(const Panel& X, Panel& D, LayerMeasures& measures) = 0;
  /// Of a plain network's last z: |a^L|²/n. What the layer knew of its signals is void.
  virtual Magnitude last_activations(const Panel&) { return {}; }
};

/// X' = αX + βF(NX), or N(αX + βF(X)), or without N.
class StreamStep {
 public:
  /// Its branch has the matrices from number p on.
  StreamStep(const StreamNetwork& network, const MatrixSource& source, std::uint32_t p,
             std::unique_ptr<Branch> branch);

  void begin(const LayerOfNetwork& at);
  void forward(const Panel& X, Panel& out, LayerMeasures& measures);
  /// Returns ∂ℓ/∂β.
  SignedMagnitude backward(const Panel& X, Panel& D, LayerMeasures& measures);

 private:
  bool norm_first() const { return norm_ && before_; }
  bool norm_last() const { return norm_ && !before_; }
  /// What the branch reads.
  const Panel& U(const Panel& X) const { return norm_first() ? norm_->normalized() : X; }

  double alpha_, beta_;
  bool before_;
  std::optional<TokenNorm> norm_;
  std::optional<StreamFold> fold_;
  PointKey key_;
  Stream rotation_;
  std::unique_ptr<Branch> branch_;
  Panel U_, Y_, dY_, dU_, sum_;
  Combination terms_;
};

/// One after the other: the steps of a layer of a stream.
class StreamLayer : public Layer {
 public:
  StreamLayer(const StreamNetwork& network, const MatrixSource& source);

  void begin(const LayerOfNetwork& at) override;
  void forward(const Panel& X, Panel& out, LayerMeasures& measures) override;
  void backward(const Panel& X, Panel& D, LayerMeasures& measures) override;

 private:
  std::vector<StreamStep> steps_;
  Panel between_;  ///< after the first of two steps
};

/// Of a single token: z^l = W a^{l−1} + b, a = φ(N(z)) m/p or N(φ(z)) m/p; a⁰ is the input.
class PlainLayer : public Layer {
 public:
  PlainLayer(const StreamNetwork& network, const MatrixSource& source);

  void begin(const LayerOfNetwork& at) override;
  /// The measured activations are a^{l−1}'s.
  void forward(const Panel& X, Panel& out, LayerMeasures& measures) override;
  void backward(const Panel& X, Panel& D, LayerMeasures& measures) override;
  Magnitude last_activations(const Panel& z) override;

 private:
  void activate(const Panel& X);

  bool first_ = false;
  bool before_;
  std::optional<TokenNorm> norm_;
  PointKey mask_key_;
  TokenMask mask_;
  RoundingGuard guard_;
  TokenActivation phi_;
  Linear matrix_;
  Panel U_, a_, gradient_;
  OuterProduct outer_;
};

}  // namespace varprop::workers
