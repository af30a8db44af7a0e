#include "driver/explain/draws/drawn_layer.hpp"

#include <algorithm>
#include <cmath>

#include "driver/explain/draws/random_row.hpp"

namespace varprop {

namespace {

const StopFlag never{false};

RandomNetwork one_layer(const LayerLaw& law, std::int64_t n, std::uint64_t seed) {
  const Point point{Activation::parse("linear"),
                    law.weights,
                    WeightVariance(law.weight_variance),
                    BiasVariance(0),
                    Width(n),
                    Depth(1)};
  return {point, Ensemble{.input = law.input}, experiment_key(seed, law.name)};
}

void scale(double factor, std::vector<double>& v) {
  for (double& value : v) value *= factor;
}

}  // namespace

DrawnLayer::DrawnLayer(const LayerLaw& law, std::int64_t n, std::uint64_t seed)
    : law_(law),
      network_(one_layer(law, n, seed)),
      weights_(network_),
      k_(law.weight_variance / static_cast<double>(n)),
      x_(padded(n)),
      z_(padded(n)),
      delta_(padded(n)),
      below_(padded(n)) {}

void DrawnLayer::forward(std::int64_t replica, std::int64_t input) {
  draw_input(network_, static_cast<std::uint32_t>(input), x_);
  scale(law_.input_size, x_);
  weights_.apply(static_cast<std::uint32_t>(replica), 1, x_, z_, never);
  scale(std::sqrt(k_), z_);
}

void DrawnLayer::backward(std::int64_t replica) {
  draw_normals(network_.stream(static_cast<std::uint32_t>(replica), 0, Purpose::output), network_.n, delta_);
  weights_.apply_transposed(static_cast<std::uint32_t>(replica), 1, delta_, below_, never);
  scale(std::sqrt(k_), below_);
}

double squared_norm(std::span<const double> v) {
  return inner_product(v, v);
}

double sum_of_relative_squares(DrawnLayer& layer, std::int64_t layers) {
  double sum = 0;
  for (std::int64_t i = 0; i < layers; ++i) {
    layer.forward(i);
    sum += squared_norm(layer.z()) / (layer.k() * squared_norm(layer.x()));
  }
  return sum;
}

std::int64_t layer_count(std::int64_t n, double budget) {
  const double weights = static_cast<double>(n) * static_cast<double>(n);
  return static_cast<std::int64_t>(std::clamp(budget / weights, 20.0, 50000.0));
}

}  // namespace varprop
