#include "workers/kernels/drawn_layer.hpp"

#include <cmath>
#include <cstddef>
#include <span>

#include "core/simd/target.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "workers/kernels/drawn_layer.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/random/normals-inl.hpp"
#include "core/simd/lanes-inl.hpp"
#include "workers/kernels/layer_block-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace varprop::workers::HWY_NAMESPACE {
#if VARPROP_VECTOR_TARGET
using namespace varprop::HWY_NAMESPACE;

namespace {

/// The registers that make up one vector of 8 virtual lanes: neuron i always adds to lane i mod 8, in order
/// of i. `direction` is as in LayerBlock.
struct Neurons {
  hn::Vec<LaneTag> epsilon, direction, xi, alpha, slope;
};

/// Calls sum(j, neurons) for every vector j of the 8 virtual lanes, over all neurons. What is no neuron is
/// zero.
template <class Sum>
HWY_INLINE void for_each_vector(const LayerPass& pass, Sum&& sum) {
  const LaneTag d;
  for_each_block(pass, [&](LayerBlock& block) HWY_ATTR {
    block.activate(pass.activation);
    for (std::size_t i = 0; i < block.size(); i += 8) {
      for (std::size_t j = 0; j < vectors_per_lanes; ++j) {
        const std::size_t at = i + j * hn::Lanes(d);
        sum(j, Neurons{hn::Load(d, block.epsilon().data() + at), hn::Load(d, block.direction() + at),
                       hn::Load(d, block.xi() + at), hn::Load(d, block.alpha() + at),
                       hn::Load(d, block.slope() + at)});
      }
    }
  });
}

LayerSums sum_layer(const LayerPass& pass) {
  LaneSums<9> sums;
  for_each_vector(pass, [&sums](std::size_t j, const Neurons& v) HWY_ATTR {
    const auto slope_xi = v.slope * v.xi;
    const auto slope_alpha = v.slope * v.alpha;
    sums.add(0, j, v.epsilon, v.epsilon);
    sums.add(1, j, v.alpha, v.alpha);
    sums.add(2, j, v.alpha, v.xi);
    sums.add(3, j, slope_xi, slope_xi);
    sums.add(4, j, slope_xi, slope_alpha);
    sums.add(5, j, slope_alpha, slope_alpha);
    sums.add(6, j, v.direction, slope_xi);
    sums.add(7, j, v.direction, slope_alpha);
    sums.add(8, j, v.xi, v.xi);
  });
  return {sums.total(0), sums.total(1), sums.total(2), sums.total(3), sums.total(4),
          sums.total(5), sums.total(6), sums.total(7), sums.total(8)};
}

GradientSums sum_gradient(const LayerPass& pass, double beta) {
  LaneSums<3> sums;
  const auto b = hn::Set(LaneTag(), beta);
  for_each_vector(pass, [&sums, b](std::size_t j, const Neurons& v) HWY_ATTR {
    const auto unsloped = hn::MulAdd(b, v.alpha, v.xi);
    const auto gradient = v.slope * unsloped;
    sums.add(0, j, gradient, gradient);
    sums.add(1, j, v.direction, gradient);
    sums.add(2, j, unsloped, unsloped);
  });
  return {sums.total(0), sums.total(1), sums.total(2)};
}

TailUnits smallest_tail_units(const LayerPass& pass) {
  TailUnits smallest{HUGE_VAL, HUGE_VAL};
  for_each_block(pass, [&](const LayerBlock& block) HWY_ATTR {
    const TailUnits units = workers::find_tail_units(pass.activation, block.epsilon());
    smallest = {HWY_MIN(smallest.value_decay, units.value_decay),
                HWY_MIN(smallest.slope_decay, units.slope_decay)};
  });
  return smallest;
}

double sum_squares(const Stream& nu, std::size_t n, const StopFlag* stop) {
  const LaneTag d;
  HWY_ALIGN double buffer[block_neurons];
  LaneSums<1> sum;
  for (std::size_t first = 0; first < n && !stopped(stop); first += block_neurons) {
    const std::size_t count = HWY_MIN(block_neurons, n - first);
    fill_normals(nu, first / draws_per_group, (count + draws_per_group - 1) / draws_per_group, buffer);
    for (std::size_t i = 0; i < count; i += hn::Lanes(d)) {
      const auto mask = hn::FirstN(d, HWY_MIN(count - i, hn::Lanes(d)));
      const auto x = hn::IfThenElseZero(mask, hn::Load(d, buffer + i));
      sum.add(0, i % 8 / hn::Lanes(d), x, x);
    }
  }
  return sum.total(0);
}

}  // namespace
#else
LayerSums sum_layer(const LayerPass&) {
  refuse_target();
}
GradientSums sum_gradient(const LayerPass&, double) {
  refuse_target();
}
TailUnits smallest_tail_units(const LayerPass&) {
  refuse_target();
}
double sum_squares(const Stream&, std::size_t, const StopFlag*) {
  refuse_target();
}
#endif
}  // namespace varprop::workers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace varprop::workers {

namespace {
HWY_EXPORT(sum_layer);
HWY_EXPORT(sum_gradient);
HWY_EXPORT(smallest_tail_units);
HWY_EXPORT(sum_squares);
}  // namespace

LayerSums sum_layer(const LayerPass& pass) {
  return HWY_DYNAMIC_DISPATCH(sum_layer)(pass);
}
GradientSums sum_gradient(const LayerPass& pass, double beta) {
  return HWY_DYNAMIC_DISPATCH(sum_gradient)(pass, beta);
}
TailUnits find_tail_units(const LayerPass& pass) {
  return HWY_DYNAMIC_DISPATCH(smallest_tail_units)(pass);
}
double sum_squares(const Stream& nu, std::int64_t n, const StopFlag* stop) {
  return HWY_DYNAMIC_DISPATCH(sum_squares)(nu, static_cast<std::size_t>(n), stop);
}

}  // namespace varprop::workers
#endif
