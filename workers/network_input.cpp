#include "workers/network_input.hpp"

#include <cmath>

#include "core/contracts.hpp"
#include "core/random/chi_squared.hpp"
#include "core/random/uniform_draw.hpp"
#include "workers/dense/matrix_pass.hpp"

namespace varprop {

namespace {

constexpr double root_3 = 1.7320508075688772935;
constexpr std::int64_t between_looks = 1 << 16;  ///< draws between two looks at the stop flag

/// Uniform on (−√3, √3).
double centred_uniform(std::uint64_t bits) {
  return root_3 * (2 * uniform_from_bits(bits) - 1);
}

Magnitude sum_of_uniform_squares(const Stream& stream, std::int64_t n, const StopFlag& stop) {
  double sum = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    if (i % between_looks == 0) throw_if_stopped(stop);
    const double x = centred_uniform(stream.draw(static_cast<std::uint64_t>(i)));
    sum = std::fma(x, x, sum);
  }
  return Magnitude::from(sum);
}

void scale_to_sphere(std::span<double> x, std::int64_t n) {
  const double factor = std::sqrt(static_cast<double>(n) / inner_product(x, x));
  for (double& value : x) value *= factor;
}

/// The distributions whose elements are one draw each.
double element(InputDistribution input, std::uint64_t bits) {
  if (input == InputDistribution::uniform) return centred_uniform(bits);
  VARPROP_EXPECT(input == InputDistribution::rademacher);
  return bits & 1 ? -1.0 : 1.0;
}

}  // namespace

Magnitude squared_input(const RandomNetwork& network, std::uint32_t replica, const StopFlag& stop) {
  const Stream stream = network.stream(replica, 0, Purpose::input);
  switch (network.input) {
    case InputDistribution::sphere:
    case InputDistribution::rademacher:
      return Magnitude::from(static_cast<double>(network.n));
    case InputDistribution::gaussian:
    case InputDistribution::positive:
      return Magnitude::from(ChiSquared(network.n)(stream, 0));
    case InputDistribution::uniform:
      return sum_of_uniform_squares(stream, network.n, stop);
  }
  VARPROP_ASSERT(!"an input distribution without its norm");
  return {};
}

void draw_input(const RandomNetwork& network, std::uint32_t replica, std::span<double> x) {
  const Stream stream = network.stream(replica, 0, Purpose::input);
  switch (network.input) {
    case InputDistribution::sphere:
      draw_normals(stream, network.n, x);
      return scale_to_sphere(x, network.n);
    case InputDistribution::gaussian:
      return draw_normals(stream, network.n, x);
    case InputDistribution::positive:
      draw_normals(stream, network.n, x);
      for (double& value : x) value = std::fabs(value);
      return;
    case InputDistribution::uniform:
    case InputDistribution::rademacher:
      for (std::size_t i = 0; i < static_cast<std::size_t>(network.n); ++i) {
        x[i] = element(network.input, stream.draw(i));
      }
  }
}

}  // namespace varprop
