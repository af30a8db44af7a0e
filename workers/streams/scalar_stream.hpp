// A residual stream of one token without its vectors: x' = αx + βF(u), forward and backward, where nothing
// but matrices and norms touches the stream.
//
// The matrices are Gaussian, so F(u) = sε with ε ~ N(0, I_n) given everything before, and the directions
// x̂_0, x̂_1, … are a random walk on the sphere whose steps, given their angles, are uniform in azimuth. Given
// the angles, the density of (x̂_0, …, x̂_L) is Π f_l(x̂_{l−1}·x̂_l), which reads the same from both ends: the
// walk is reversible. So the way back needs to remember no direction,
//     x̂_{l−1} = cos θ_l x̂_l + sin θ_l u',   u' uniform on the unit sphere orthogonal to x̂_l,
// independent of all that came after: |D|² beside x̂_l and D·x̂_l are a Markov chain, and one normal and one χ²
// give D·x̂_{l−1} and D·ε_l. That is exact at every width, and costs nothing in it.
//
// A norm that takes means away knows one more direction, 1̂ = (1, …, 1)/√n: the walk is in the n − 1
// dimensions beside it, and x·1̂ and D·1̂ stand by themselves.
#pragma once

#include <cmath>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/network/stream.hpp"
#include "core/random/stream.hpp"
#include "workers/network/random_network.hpp"
#include "workers/networks/panel.hpp"
#include "workers/streams/scalar_branch.hpp"

namespace varprop::workers {

/// x = size·(across x̂ + mean 1̂), across² + mean² = 1, or size 0; mean is 0 unless the norm takes means away.
struct ScalarSignal {
  Magnitude size;
  double across = 1, mean = 0;

  Magnitude squared_norm() const { return size * size; }
};

/// D = size·(along x̂ + mean 1̂ + rest), |rest|² = across_squared, along² + mean² + across² = 1, or size 0; x̂
/// the direction of the signal at the same place. across² is kept, not |D|²: nothing is subtracted.
struct ScalarGradient {
  Magnitude size;
  double along = 0, across_squared = 0, mean = 0;

  Magnitude squared_norm() const { return size * size; }
  /// D·x/(|D||x|).
  double cosine(const ScalarSignal& x) const {
    return size.zero() || x.size.zero() ? 0 : std::fma(along, x.across, mean * x.mean);
  }
  /// From components in this unit.
  static ScalarGradient of(const Magnitude& unit, double along, double across_squared, double mean);
};

/// Where a stream begins, and where its gradient does: V uniform on the unit sphere.
class StreamEnds {
 public:
  StreamEnds(const StreamNetwork& network, const PointKey& key);
  /// Throws Stopped.
  ScalarSignal input(std::uint32_t replica, const StopFlag& stop) const;
  ScalarGradient output_gradient(std::uint32_t replica) const;

 private:
  ScalarSignal centred_input(std::uint32_t replica, const StopFlag& stop) const;

  std::int32_t L_;
  bool centred_;
  RandomNetwork network_;  ///< of the stream's width, for its input
};

/// One branch of every layer with its norm, skip and β.
class ScalarStream {
 public:
  /// The stream's own draws have the key.
  ScalarStream(const StreamNetwork& network, std::unique_ptr<ScalarBranch> branch, const PointKey& key);

  /// x becomes x'.
  void forward(const LayerOfNetwork& at, ScalarSignal& x, LayerMeasures& measures);
  /// D at x' becomes that at x; returns ∂ℓ/∂β. After forward() of that layer.
  SignedMagnitude backward(const LayerOfNetwork& at, ScalarGradient& D, LayerMeasures& measures);

 private:
  /// One step of the walk, with r = |x| and r' = |x'| before a norm behind it, both beside 1̂.
  struct Step {
    ScalarSignal x;
    Magnitude s;                           ///< F(u) = sε
    double cosine, sine;                   ///< of x̂ and x̂'
    double skip_share;                     ///< αr/r'
    double epsilon_along, epsilon_beside;  ///< of ε along x̂, and of what is orthogonal to that its length
    double epsilon_mean;                   ///< ε·1̂
    Magnitude slope;  ///< √n/r before the branch, √n/r' behind it; 0 where r or r' is
  };
  /// What a step sees of D: its part along x̂, and beside that.
  struct Turned {
    double along, across, across_squared;
    double epsilon;  ///< D·ε
  };

  Magnitude branch_input(const ScalarSignal& x) const;
  void take_step(const LayerOfNetwork& at, Step& step, ScalarSignal& x) const;
  void normalize(Step& step, const Magnitude& r, ScalarSignal& x) const;
  Turned turn(const LayerOfNetwork& at, const Step& step, const ScalarGradient& D) const;
  ScalarGradient add_branch(const LayerOfNetwork& at, const Step& step, const ScalarGradient& D,
                            const Turned& turned, const BranchGradient& branch) const;
  double normal(const LayerOfNetwork& at, std::uint64_t number) const;
  double chi_squared(const LayerOfNetwork& at, std::uint64_t number, std::int64_t degrees) const;

  std::int64_t dimension_;  ///< of the walk's sphere, n or n − 1
  Magnitude n_, root_n_, alpha_, beta_;
  bool centred_, before_, behind_;
  std::unique_ptr<ScalarBranch> branch_;
  PointKey key_;
  std::vector<Step> steps_;  ///< element l − 1
};

}  // namespace varprop::workers
