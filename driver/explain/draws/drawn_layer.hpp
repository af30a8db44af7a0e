// One layer with every weight drawn: a signal through it, and a gradient back through the same weights.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "workers/dense/dense_weights.hpp"
#include "workers/network_input.hpp"
#include "workers/random_network.hpp"

namespace varprop {

/// What a layer is drawn from.
struct LayerLaw {
  std::string name;  ///< of the experiment: other names, other random numbers
  Weights weights = Weights::gaussian;
  double weight_variance = 1;  ///< n Var W_ij
  InputDistribution input = InputDistribution::sphere;
  double input_size = 1;  ///< x is drawn with mean square 1, then takes this factor
};

/// z = Wx and Wᵀδ of independent layers of n inputs and n neurons. O(n²) time a layer, O(n) memory.
class DrawnLayer {
 public:
  DrawnLayer(const LayerLaw& law, std::int64_t n, std::uint64_t seed);
  DrawnLayer(const DrawnLayer&) = delete;
  DrawnLayer& operator=(const DrawnLayer&) = delete;

  /// Draws input number `input` and sends it through layer number `replica`.
  void forward(std::int64_t replica, std::int64_t input);
  void forward(std::int64_t replica) { forward(replica, replica); }

  /// Draws δ of n normals and sends it back through the same weights.
  void backward(std::int64_t replica);

  /// Shapes: [padded(n)], zero beyond n; valid until the next pass.
  std::span<const double> x() const { return x_; }
  std::span<const double> z() const { return z_; }
  std::span<const double> delta() const { return delta_; }
  std::span<const double> below() const { return below_; }  ///< Wᵀδ

  /// Var W_ij.
  double k() const { return k_; }
  std::int64_t n() const { return network_.n; }

 private:
  LayerLaw law_;
  RandomNetwork network_;
  DenseWeights weights_;
  double k_;
  std::vector<double> x_, z_, delta_, below_;
};

/// Σ v_i².
double squared_norm(std::span<const double> v);

/// Σ |z|²/(k|x|²) over layers 0 … layers − 1: χ²_n for each where the weights are normal.
double sum_of_relative_squares(DrawnLayer& layer, std::int64_t layers);

/// How many layers of width n are drawn for one row of a table: so many that the weights number about
/// `budget`.
std::int64_t layer_count(std::int64_t n, double budget);

}  // namespace varprop
