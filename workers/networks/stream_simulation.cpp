#include "workers/networks/stream_simulation.hpp"

#include <algorithm>

namespace varprop::workers {

namespace {

/// From element `first` on.
template <class T>
void copy_from(std::size_t first, const std::vector<T>& from, std::vector<T>& to) {
  to.assign(from.begin() + static_cast<std::ptrdiff_t>(first), from.end());
}

/// The layer from which on a signal is beyond every magnitude.
std::int32_t first_overflow(const StreamSample& measured) {
  const auto known = std::ranges::find_if(measured.forward.rbegin(), measured.forward.rend(),
                                          [](const Magnitude& q) { return !q.zero(); });
  return static_cast<std::int32_t>(measured.forward.rend() - known) - 1;
}

}  // namespace

void copy_measured(const StreamSample& measured, NetworkSample& sample) {
  const auto first = static_cast<std::size_t>(sample.first_layer);
  copy_from(first, measured.forward, sample.forward);
  copy_from(first, measured.backward, sample.backward);
  copy_from(first, measured.weight_gradient, sample.weight_gradient);
  copy_from(first, measured.branch_gradient, sample.branch_gradient);
  copy_from(first, measured.correlation, sample.correlation);
  copy_from(first, measured.gradient_correlation, sample.gradient_correlation);
  if (sample.asks_for_activations()) copy_from(first, measured.activations, sample.activations);
  for (std::size_t role = 0; role < matrix_roles; ++role)
    copy_from(first, measured.groups.values[role], sample.groups.values[role]);
  sample.ntk_bias = measured.ntk_bias;
  if (measured.overflow) sample.explode(first_overflow(measured));
}

StreamSimulation::StreamSimulation(const Point& point, const NetworkSettings& settings, const PointSeed& seed,
                                   MatrixKind kind)
    : network_(stream_network(point, settings)),
      matrices_(kind, network_.weights, seed.seed, seed.h),
      engine_(network_, matrices_),
      measured_(network_.L) {}

void StreamSimulation::operator()(std::uint32_t replica, NetworkSample& sample, const StopFlag& stop) {
  engine_(replica, measured_, stop);
  copy_measured(measured_, sample);
}

}  // namespace varprop::workers
