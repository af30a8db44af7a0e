#include "workers/streams/scalar_stream_engine.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "workers/networks/stream_simulation.hpp"

namespace varprop::workers {

namespace {

/// What is 0 has no size.
SignedMagnitude sum_of(const SignedMagnitude& a, const SignedMagnitude& b) {
  if (a.factor == 0 || a.size.zero()) return b;
  return b.factor == 0 || b.size.zero() ? a : a + b;
}

}  // namespace

ScalarStreamEngine::ScalarStreamEngine(const StreamNetwork& network, HiddenSums hidden, const PointSeed& seed)
    : network_(network), ends_(network, seed.key()), measures_(static_cast<std::size_t>(network.L) + 1) {
  VARPROP_EXPECT(network.tokens == 1 && has_stream(network.block) && network.block != Block::residual);
  std::uint32_t p = 0;
  const auto add = [&](std::unique_ptr<ScalarBranch> branch) {
    branches_.emplace_back(network, std::move(branch), seed.key(p + 1));
    p += 2;
  };
  if (has_attention(network.block)) add(make_attention_branch(network, seed.key(p)));
  if (has_mlp(network.block)) add(make_mlp_branch(network, hidden, seed.key(p)));
  if (has_glu(network.block)) add(make_gated_branch(network, seed.key(p)));
}

void ScalarStreamEngine::operator()(std::uint32_t replica, StreamSample& sample, const StopFlag& stop) {
  sample.clear();
  std::ranges::fill(measures_, LayerMeasures());
  if (forward(replica, sample, stop)) backward(replica, sample, stop);
}

bool ScalarStreamEngine::forward(std::uint32_t replica, StreamSample& sample, const StopFlag& stop) {
  const Magnitude n = Magnitude::from(static_cast<double>(network_.n));
  ScalarSignal x = first_ = ends_.input(replica, stop);
  sample.record_signal(0, x.squared_norm() / n);
  for (std::int32_t l = 1; l <= network_.L && !sample.overflow; ++l) {
    throw_if_stopped(stop);
    const auto i = static_cast<std::size_t>(l);
    for (ScalarStream& branch : branches_) branch.forward({replica, l, stop}, x, measures_[i]);
    const bool normed = behind_activation(network_.norm) && !x.size.zero();
    sample.record_signal(i, normed ? Magnitude::from(1) : x.squared_norm() / n);
  }
  last_ = x;
  return !sample.overflow;
}

void ScalarStreamEngine::backward(std::uint32_t replica, StreamSample& sample, const StopFlag& stop) {
  ScalarGradient D = ends_.output_gradient(replica);
  sample.output_cosine = D.cosine(last_);
  sample.backward.back() = D.squared_norm();
  for (std::int32_t l = network_.L; l >= 1; --l) {
    throw_if_stopped(stop);
    const auto i = static_cast<std::size_t>(l);
    SignedMagnitude of_beta = branches_.back().backward({replica, l, stop}, D, measures_[i]);
    if (branches_.size() == 2)
      of_beta = sum_of(of_beta, branches_.front().backward({replica, l, stop}, D, measures_[i]));
    measures_[i].branch_gradient = of_beta.magnitude() * of_beta.magnitude();
    sample.record_layer(i, measures_[i]);
    sample.activations[i] = measures_[i].activations;
    sample.backward[i - 1] = D.squared_norm();
  }
  sample.input_cosine = D.cosine(first_);
}

ScalarStreamSimulation::ScalarStreamSimulation(const Point& point, const NetworkSettings& settings,
                                               const PointSeed& seed, HiddenSums hidden)
    : engine_(stream_network(point, settings), hidden, seed), measured_(point.depth.value()) {}

void ScalarStreamSimulation::operator()(std::uint32_t replica, NetworkSample& sample, const StopFlag& stop) {
  engine_(replica, measured_, stop);
  copy_measured(measured_, sample);
}

}  // namespace varprop::workers
