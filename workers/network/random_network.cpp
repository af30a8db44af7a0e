#include "workers/network/random_network.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "core/random/binomial_chi_squared.hpp"
#include "core/random/stream.hpp"

namespace varprop::workers {

namespace {

constexpr std::int64_t between_looks = 1 << 16;  ///< draws between two looks at the stop flag

Magnitude sum_of_uniform_squares(const Stream& stream, std::int64_t n, const StopFlag& stop) {
  double sum = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    if (i % between_looks == 0) throw_if_stopped(stop);
    const double x = uniform_input_element(stream.draw(static_cast<std::uint64_t>(i)));
    sum = std::fma(x, x, sum);
  }
  return Magnitude::from(sum);
}

}  // namespace

std::vector<RandomNetwork::UnequalLayer> RandomNetwork::unequal_layers(const Point& point,
                                                                       const NetworkSettings& settings) {
  std::vector<UnequalLayer> layers;
  if (equal_widths(point)) return layers;
  for (std::int32_t l = 0; l <= point.depth.value(); ++l) {
    const std::int32_t of = std::max(l, 1);
    layers.push_back({layer_width(point, l), entry_variance(point, settings.variance_scaling, of),
                      varprop::bias_variance(point, settings.bias_scaling, of)});
  }
  return layers;
}

std::int64_t RandomNetwork::widest() const {
  std::int64_t most = n;
  for (const UnequalLayer& layer : unequal_) most = std::max(most, layer.n);
  return most;
}

double uniform_input_element(std::uint64_t bits) {
  constexpr double root_3 = 1.7320508075688772935;
  return root_3 * (2 * uniform_from_bits(bits) - 1);
}

namespace {

/// |x|²/M.
Magnitude squared_draw(const RandomNetwork& network, std::uint32_t replica, const StopFlag& stop) {
  const Stream stream = network.stream(replica, 0, Purpose::input);
  const std::int64_t n = network.width(0);
  switch (network.input) {
    case InputDistribution::sphere:
    case InputDistribution::rademacher:
      return Magnitude::from(static_cast<double>(n));
    case InputDistribution::gaussian:
    case InputDistribution::positive:
      return Magnitude::from(ChiSquared(n)(stream, 0));
    case InputDistribution::uniform:
      return sum_of_uniform_squares(stream, n, stop);
  }
  VARPROP_ASSERT(!"an input distribution without its norm");
  return {};
}

}  // namespace

Magnitude squared_input(const RandomNetwork& network, std::uint32_t replica, const StopFlag& stop) {
  return network.input_mean_square * squared_draw(network, replica, stop);
}

}  // namespace varprop::workers
