// Simulation of a network of blocks, forward and backward, over matrices that are drawn or never drawn.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/network/stream.hpp"
#include "core/random/stream.hpp"
#include "workers/network/stop_flag.hpp"
#include "workers/networks/layer.hpp"
#include "workers/networks/stream_sample.hpp"
#include "workers/networks/token_likeness.hpp"
#include "workers/networks/token_source.hpp"

namespace varprop::workers {

/// Whether weights are drawn, each of them, or only what the network asks of them (which takes Gaussian
/// ones); folded: that, and vectors in axes that are taken up as they come, where φ does not act on the
/// stream.
enum class MatrixKind { drawn, deferred, folded };

/// The matrices of a point: number p of a layer has the key PointKey::derive(seed, h, p).
class RandomMatrices : public MatrixSource {
 public:
  RandomMatrices(MatrixKind kind, WeightDistribution law, std::uint64_t seed, std::uint64_t h)
      : kind_(kind), law_(law), seed_(seed), h_(h) {}
  std::unique_ptr<Matrix> make(std::uint32_t p, const Space& out, const Space& in) const override;
  LayerSpaces spaces(const StreamNetwork& network) const override;
  PointKey key(std::uint32_t p) const override { return PointKey::derive(seed_, h_, p); }

 private:
  MatrixKind kind_;
  WeightDistribution law_;
  std::uint64_t seed_, h_;
};

/// One network at a time: tokens X_0, layers X_l, ℓ = ⟨V, X_L⟩ with V uniform on the unit sphere of R^{n×T},
/// and ∂ℓ of everything.
///
/// Where the layers' intermediate values would take more than 1 GB they are not kept: every layer is done
/// again on the way back, with the same draws and so the same bits.
class StreamEngine {
 public:
  StreamEngine(const StreamNetwork& network, const MatrixSource& matrices);
  /// Whatever that takes: for tests.
  StreamEngine(const StreamNetwork& network, const MatrixSource& matrices, bool keeps_layers);

  /// Simulates network number `replica` (counted through all batches). Throws Stopped if `stop` is raised
  /// meanwhile.
  void operator()(std::uint32_t replica, StreamSample& sample, const StopFlag& stop);

 private:
  bool forward(std::uint32_t replica, StreamSample& sample, const StopFlag& stop);
  void backward(std::uint32_t replica, StreamSample& sample, const StopFlag& stop);
  void draw_output_gradient(std::uint32_t replica);
  void record_signal(std::size_t l, StreamSample& sample);
  void record_gradient(std::size_t l, StreamSample& sample);
  void record_layer(std::size_t l, StreamSample& sample);
  Layer& layer(std::int32_t l) { return *layers_[keeps_layers_ ? static_cast<std::size_t>(l) - 1 : 0]; }

  StreamNetwork network_;
  LayerSpaces spaces_;
  PointKey key_;
  bool keeps_layers_;
  std::vector<std::unique_ptr<Layer>> layers_;  ///< one for all, or one for each
  TokenSource tokens_;
  TokenCoordinates coordinates_;
  std::vector<Panel> X_;                 ///< element l, l = 0..L
  std::vector<LayerMeasures> measures_;  ///< likewise
  Panel D_;                              ///< the gradient at the layer at hand
  TokenLikeness likeness_;
  std::vector<double*> columns_;
};

/// Of all layers' intermediate values, and how much of them is kept at most.
double intermediate_bytes(const StreamNetwork& network, MatrixKind kind);
inline constexpr double kept_bytes = 0x1p30;

/// Normals that one network takes (drawn: weights, each of them drawn for every product with a token), and
/// bytes that the engine holds, roughly. For the planner.
double drawn_numbers(const StreamNetwork& network, MatrixKind kind);
double stream_bytes(const StreamNetwork& network, MatrixKind kind);
/// Seconds of one core of the reference machine for the products of one layer's touches.
double block_touch_seconds(const StreamNetwork& network, MatrixKind kind);

}  // namespace varprop::workers
