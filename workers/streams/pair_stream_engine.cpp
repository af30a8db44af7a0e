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
      ends_(network, seed.key()),
      key_(seed.key()),
      stream_(network, seed.key(0), seed.key(2), seed.key(1)),
      measures_(static_cast<std::size_t>(network.L) + 1) {
  VARPROP_EXPECT(network.block == Block::mlp || network.block == Block::glu);
  VARPROP_EXPECT(network.tokens == 1 && network.n >= 2);
}

void PairStreamEngine::operator()(std::uint32_t replica, StreamSample& sample, const StopFlag& stop) {
  sample.clear();
  std::ranges::fill(measures_, LayerMeasures());
  if (forward(replica, sample, stop)) backward(replica, sample, stop);
}

/// x₂ − x₁ has the cosine −√((1 − c_0)/2) to x₁; beside x₁ its direction is uniform, of which what lies in
/// the plane of x₁ and 1̂ matters where a norm knows 1̂.
PairSignal PairStreamEngine::input(std::uint32_t replica, const StopFlag& stop) const {
  const ScalarSignal one = ends_.input(replica, stop);
  const DifferenceGeometry both = DifferenceGeometry::of_equal_norms(
      one.squared_norm(), {input_correlation_, Magnitude::from(1 - input_correlation_)});
  PairSignal x{one.size, both.e_squared.square_root(), {}};
  if (!x.first.zero()) x.columns[0] = {one.across, 0, one.mean};
  if (x.difference.zero()) return x;
  double in_plane = 0;
  if (centres(network_.norm)) {
    const Stream draws(key_, replica, 0, Purpose::second_input);
    const double along = normal_from_bits(draws.draw(0)), others = ChiSquared(network_.n - 2)(draws, 1);
    in_plane = along / std::sqrt(along * along + others);
  }
  const double sine = std::sqrt(both.squared_sine);
  x.columns[1] = {both.cosine * one.across - sine * in_plane * one.mean,
                  sine * std::sqrt(1 - in_plane * in_plane),
                  both.cosine * one.mean + sine * in_plane * one.across};
  return x;
}

bool PairStreamEngine::forward(std::uint32_t replica, StreamSample& sample, const StopFlag& stop) {
  const Magnitude n = Magnitude::from(static_cast<double>(network_.n));
  PairSignal x = first_ = input(replica, stop);
  both_ = true;
  for (std::int32_t l = 0; l <= network_.L && !sample.overflow; ++l) {
    throw_if_stopped(stop);
    const auto i = static_cast<std::size_t>(l);
    if (l > 0) stream_.forward({replica, l, stop}, x, both_, measures_[i]);
    const DifferenceGeometry g = x.geometry();
    const bool normed = l > 0 && behind_activation(network_.norm) && !x.first.zero();
    sample.record_signal(i, normed ? Magnitude::from(1) : g.u_squared / n);
    sample.correlation[i] = both_ ? cosine_of(g) : std::nullopt;
    if (!sample.correlation[i]) {  // one that has died is followed no further
      both_ = false;
      x = x.alone();
    }
  }
  last_ = x;
  return !sample.overflow;
}

PairGradient PairStreamEngine::output_gradient(std::uint32_t replica) const {
  const Stream draws(key_, replica, static_cast<std::uint32_t>(network_.L), Purpose::output);
  const bool centred = centres(network_.norm);
  PairGradient D;
  D.columns[0] = {normal_from_bits(draws.draw(0)), normal_from_bits(draws.draw(1)),
                  std::sqrt(ChiSquared(network_.n - (centred ? 3 : 2))(draws, 1)), 0,
                  centred ? normal_from_bits(draws.draw(2)) : 0};
  take_norm(D.columns[0]);
  D.first = Magnitude::from(1);
  return D;
}

void PairStreamEngine::backward(std::uint32_t replica, StreamSample& sample, const StopFlag& stop) {
  PairGradient D = output_gradient(replica);
  const std::size_t last = sample.backward.size() - 1;
  const auto record = [&](std::size_t l) {
    sample.backward[l] = D.first * D.first;
    const bool both = (both_ && D.second_alive) || l == last;
    sample.gradient_correlation[l] = both && !D.first.zero() ? cosine_of(D.geometry()) : std::nullopt;
  };
  const auto cosine = [&D](const PairSignal& x) {
    const auto& [in_frame, beside, along_mean] = x.columns[0];
    return D.columns[0][0] * in_frame + D.columns[0][1] * beside +
           D.columns[0][PairGradient::mean] * along_mean;
  };
  sample.output_cosine = cosine(last_);
  record(last);
  for (std::int32_t l = network_.L; l >= 1; --l) {
    throw_if_stopped(stop);
    const auto i = static_cast<std::size_t>(l);
    const SignedMagnitude of_beta = stream_.backward({replica, l, stop}, D, measures_[i]);
    measures_[i].branch_gradient = of_beta.magnitude() * of_beta.magnitude();
    sample.record_layer(i, measures_[i]);
    sample.activations[i] = measures_[i].activations;
    record(i - 1);
  }
  sample.input_cosine = cosine(first_);
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
