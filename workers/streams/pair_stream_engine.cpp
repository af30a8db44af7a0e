#include "workers/streams/pair_stream_engine.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "core/random/binomial_chi_squared.hpp"
#include "core/random/normal_quantile.hpp"
#include "workers/networks/stream_simulation.hpp"

namespace varprop::workers {

PairStreamEngine::PairStreamEngine(const StreamNetwork& network, double input_correlation,
                                   const PointSeed& seed)
    : network_(network),
      input_correlation_(input_correlation),
      ends_(network, network.n, seed.key()),
      stream_(network, seed.key(0), seed.key(1)),
      measures_(static_cast<std::size_t>(network.L) + 1) {
  VARPROP_EXPECT(network.block == Block::mlp && network.norm == Norm::none && network.keep == 1);
  VARPROP_EXPECT(network.tokens == 1 && network.n >= 4);
}

void PairStreamEngine::operator()(std::uint32_t replica, StreamSample& sample, const StopFlag& stop) {
  sample.clear();
  std::ranges::fill(measures_, LayerMeasures());
  if (forward(replica, sample, stop)) backward(replica, sample, stop);
}

DifferenceGeometry PairStreamEngine::input(std::uint32_t replica, const StopFlag& stop) const {
  const double apart = 1 - input_correlation_;
  return DifferenceGeometry::of_equal_norms(squared_input(ends_, replica, stop),
                                            {input_correlation_, Magnitude::from(apart)});
}

bool PairStreamEngine::forward(std::uint32_t replica, StreamSample& sample, const StopFlag& stop) {
  const Magnitude n = Magnitude::from(static_cast<double>(network_.n));
  DifferenceGeometry x = input(replica, stop);
  both_ = true;
  for (std::int32_t l = 0; l <= network_.L && !sample.overflow; ++l) {
    const auto i = static_cast<std::size_t>(l);
    if (l > 0) stream_.forward({replica, l, stop}, x, both_, measures_[i]);
    sample.record_signal(i, x.u_squared / n);
    sample.correlation[i] = both_ ? cosine_of(x) : std::nullopt;
    if (!sample.correlation[i]) {  // one that has died is followed no further
      both_ = false;
      x = {x.u_squared, Magnitude()};
    }
  }
  return !sample.overflow;
}

PairStreamGradient PairStreamEngine::output_gradient(std::uint32_t replica) const {
  const Stream draws = ends_.stream(replica, network_.L, Purpose::output);
  PairStreamGradient D;
  std::array<double, 4> v{normal_from_bits(draws.draw(0)), normal_from_bits(draws.draw(1)),
                          std::sqrt(ChiSquared(network_.n - 2)(draws, 1)), 0};
  const double norm = std::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
  for (double& x : v) x /= norm;
  D.first = Magnitude::from(1);
  D.columns[0] = v;
  return D;
}

void PairStreamEngine::backward(std::uint32_t replica, StreamSample& sample, const StopFlag& stop) {
  PairStreamGradient D = output_gradient(replica);
  const auto record = [&](std::size_t l) {
    sample.backward[l] = D.first * D.first;
    sample.gradient_correlation[l] =
        both_ && D.second_alive && !D.first.zero() ? cosine_of(D.geometry()) : std::nullopt;
  };
  sample.output_cosine = D.columns[0][0];
  record(sample.backward.size() - 1);
  for (std::int32_t l = network_.L; l >= 1; --l) {
    throw_if_stopped(stop);
    const auto i = static_cast<std::size_t>(l);
    const SignedMagnitude of_beta = stream_.backward({replica, l, stop}, D, measures_[i]);
    measures_[i].branch_gradient = of_beta.magnitude() * of_beta.magnitude();
    sample.record_layer(i, measures_[i]);
    sample.activations[i] = measures_[i].activations;
    record(i - 1);
  }
  sample.input_cosine = D.columns[0][0];
}

PairStreamSimulation::PairStreamSimulation(const Point& point, const NetworkSettings& settings,
                                           const PointSeed& seed)
    : engine_(stream_network(point, settings), settings.input_correlation.value(), seed),
      measured_(point.depth.value()) {}

void PairStreamSimulation::operator()(std::uint32_t replica, NetworkSample& sample, const StopFlag& stop) {
  engine_(replica, measured_, stop);
  copy_measured(measured_, sample);
}

}  // namespace varprop::workers
