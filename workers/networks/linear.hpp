// Linear maps of tokens: one matrix with or without a bias, and several matrices that read the same signal.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/math/magnitude.hpp"
#include "core/random/stream.hpp"
#include "workers/network/stop_flag.hpp"
#include "workers/networks/matrix.hpp"
#include "workers/networks/panel.hpp"

namespace varprop::workers {

/// Makes matrix number p of a layer, between the spaces of its images and of its transpose's.
class MatrixSource {
 public:
  virtual ~MatrixSource() = default;
  virtual std::unique_ptr<Matrix> make(std::uint32_t p, const Space& out, const Space& in) const = 0;
  /// The key of its biases and masks.
  virtual PointKey key(std::uint32_t p) const = 0;
  /// What the vectors of a layer are written down in.
  virtual LayerSpaces spaces(const StreamNetwork& network) const { return whole_spaces(network); }
};

/// Which layer of which network.
struct LayerOfNetwork {
  std::uint32_t replica;
  std::int32_t l;
  const StopFlag& stop;

  Stream stream(const PointKey& key, Purpose purpose) const {
    return {key, replica, static_cast<std::uint32_t>(l), purpose};
  }
};

/// Z = W X + b1ᵀ, Var W_ij = k, Var b_i = σ_b².
class Linear {
 public:
  /// Matrix number p of the source.
  Linear(const MatrixSource& source, std::uint32_t p, const Space& out, const Space& in, const Magnitude& k)
      : Linear(source, p, out, in, k, Space(), Magnitude()) {}
  Linear(const MatrixSource& source, std::uint32_t p, const Space& out, const Space& in, const Magnitude& k,
         Space of_bias, const Magnitude& sigma_b2);

  void begin(const LayerOfNetwork& at);
  /// Shapes: X n_in × T, columns of norm 1; Z n_out × T.
  void times(const Panel& X, Panel& Z);
  /// G = Wᵀ D. Shapes: D n_out × T, whose columns get norm 1; G n_in × T.
  void transposed_times(Panel& D, Panel& G);

 private:
  std::unique_ptr<Matrix> matrix_;
  PointKey key_;
  Magnitude root_k_, sigma_b_;
  Space of_bias_;
  Stream bias_draws_;
  Panel bias_, sum_room_;  ///< b, and room for a sum with it, where there is one
  Combination sum_;
};

/// Z_1 = W_1 X, Z_2 = W_2 X, …: the rows of one matrix, which so decides what Σ W_iᵀ D_i does not know from
/// the forward pass by one vector a token, not by one for each. Where T tokens touch it, so many as they are.
class StackedLinear {
 public:
  /// Matrix number p of the source, whose `out` are the images of all W_i; those have variance k[i].
  StackedLinear(const MatrixSource& source, std::uint32_t p, const Space& out, const Space& in, std::size_t T,
                std::span<const Magnitude> k);

  void begin(const LayerOfNetwork& at);
  /// Shapes: X n_in × T, columns of norm 1; each Z n_out × T.
  void times(const Panel& X, std::span<Panel> Z);
  /// G = Σ W_iᵀ D_i. Shapes: each D n_out × T, G n_in × T.
  void transposed_times(std::span<const Panel> D, Panel& G);

 private:
  std::unique_ptr<Matrix> matrix_;
  std::vector<Magnitude> root_k_;
  Panel stack_;
};

}  // namespace varprop::workers
