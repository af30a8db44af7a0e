// What the chapters draw: rows and layers with every weight, and networks of the engine that a sweep would
// use.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/network/point.hpp"
#include "core/random/stream.hpp"
#include "core/sweep/record.hpp"
#include "workers/dense/dense_weights.hpp"
#include "workers/kernels/drawn_matrix.hpp"
#include "workers/network/random_network.hpp"

namespace varprop::driver {

/// The random numbers of one experiment of the explanation. Keys of points come from their canonical texts;
/// these from texts that no point can have, so they share no numbers with any network.
inline PointKey experiment_key(std::uint64_t seed, std::string_view name) {
  return PointKey::derive(seed, hash_text("explain: " + std::string(name)));
}

/// Draws rows of n standard normals.
class RandomRow {
 public:
  RandomRow(const PointKey& key, Purpose purpose, std::int64_t n)
      : key_(key), purpose_(purpose), n_(n), values_(workers::padded(n)) {}

  /// Row number `replica`. Shape: [padded(n)], zero beyond n; valid until the next call.
  std::span<const double> operator()(std::int64_t replica) {
    workers::draw_normals(Stream(key_, static_cast<std::uint32_t>(replica), 0, purpose_), n_, values_);
    return values_;
  }

 private:
  PointKey key_;
  Purpose purpose_;
  std::int64_t n_;
  std::vector<double> values_;
};

/// What a layer is drawn from.
struct LayerLaw {
  std::string name;  ///< of the experiment: other names, other random numbers
  WeightDistribution weights = WeightDistribution::gaussian;
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
  workers::RandomNetwork network_;
  workers::DenseWeights weights_;
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

/// A sweep of one point and one batch, done. Numbers are those of `varprop sweep` with this seed.
class SimulatedNetworks {
 public:
  SimulatedNetworks(const Point& point, const NetworkSettings& settings, std::int64_t networks,
                    std::uint64_t seed);

  /// Of layer l, one of 1, L − 1 and L: ⟨ln X⟩ over the networks with X > 0, ln⟨X⟩ over all, and the number
  /// with X > 0.
  double log_mean(Quantity quantity, std::int32_t l) const { return at(quantity, "_log_mean", l); }
  double log_of_mean(Quantity quantity, std::int32_t l) const { return at(quantity, "_log_of_mean", l); }
  std::int64_t alive(Quantity quantity, std::int32_t l) const;

  /// ln g_1 of every network; NaN where extinct.
  std::span<const double> backward_first() const { return row("backward_first"); }

 private:
  double at(Quantity quantity, const char* statistic, std::int32_t l) const;
  std::span<const double> row(const std::string& dataset) const;

  Sweep sweep_;
  RecordLayout layout_;
  Record record_;
};

/// The usual point of the explanation: no bias, Gaussian weights.
Point bare_point(const char* activation, double weight_variance, std::int64_t n, std::int32_t L);

}  // namespace varprop::driver
