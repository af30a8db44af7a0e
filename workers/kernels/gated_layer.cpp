#include "workers/kernels/gated_layer.hpp"

#include <algorithm>
#include <cstddef>

#include "core/simd/target.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "workers/kernels/gated_layer.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/random/normals-inl.hpp"
#include "core/simd/lanes-inl.hpp"
#include "workers/kernels/layer_block-inl.hpp"
#include "workers/kernels/mask-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace varprop::workers::HWY_NAMESPACE {
#if VARPROP_VECTOR_TARGET
using namespace varprop::HWY_NAMESPACE;

namespace {

/// One vector of gated neurons.
struct GatedNeurons {
  hn::Vec<LaneTag> epsilon, value_epsilon, xi, phi, phi_slope;
  hn::Vec<LaneTag> alpha, gate_slope, value_slope;  ///< with the mask
};

/// Calls sum(j, neurons) for every vector j of the 8 virtual lanes, over all neurons. What is no neuron is
/// zero.
template <class Sum>
HWY_INLINE void for_each_gated_vector(const GatedPass& pass, Sum&& sum) {
  const LaneTag d;
  LayerBlock block;
  HWY_ALIGN double value[block_neurons], mask[block_neurons];
  std::fill(mask, mask + block_neurons, 1.0);
  const auto n = static_cast<std::size_t>(pass.gate.n);
  for (std::size_t first = 0; first < n && !stopped(pass.gate.stop); first += block_neurons) {
    const std::size_t count = HWY_MIN(block_neurons, n - first), group = first / draws_per_group;
    block.draw(pass.gate, first, count);
    block.activate(pass.gate.activation);
    fill_normals(pass.value, group, groups_of(count), value);
    std::fill(value + count, value + block.size(), 0.0);
    if (pass.mask) fill_mask(*pass.mask, group, groups_of(count), mask);
    for (std::size_t i = 0; i < block.size(); i += 8) {
      for (std::size_t j = 0; j < vectors_per_lanes; ++j) {
        const std::size_t at = i + j * hn::Lanes(d);
        const auto m = hn::Load(d, mask + at), t = hn::Load(d, value + at);
        const auto phi = hn::Load(d, block.alpha() + at), slope = hn::Load(d, block.slope() + at);
        const auto masked = m * phi;
        sum(j, GatedNeurons{hn::Load(d, block.epsilon().data() + at), t, hn::Load(d, block.xi() + at), phi,
                            slope, masked * t, m * slope * t, masked});
      }
    }
  }
}

/// Of one reader with this slope and this ε, at sums `first` …
template <std::size_t count>
HWY_INLINE void add_reader(LaneSums<count>& sums, std::size_t first, std::size_t j, const GatedNeurons& v,
                           hn::Vec<LaneTag> slope, hn::Vec<LaneTag> epsilon) {
  const auto slope_xi = slope * v.xi, slope_alpha = slope * v.alpha;
  sums.add(first, j, epsilon, epsilon);
  sums.add(first + 1, j, slope_xi, slope_xi);
  sums.add(first + 2, j, slope_xi, slope_alpha);
  sums.add(first + 3, j, slope_alpha, slope_alpha);
  sums.add(first + 4, j, epsilon, slope_xi);
  sums.add(first + 5, j, epsilon, slope_alpha);
}

template <std::size_t count>
LayerSums reader_sums(const LaneSums<count>& sums, std::size_t first) {
  return {sums.total(first),     sums.total(0),         sums.total(1),         sums.total(first + 1),
          sums.total(first + 2), sums.total(first + 3), sums.total(first + 4), sums.total(first + 5)};
}

GatedSums sum_gated(const GatedPass& pass) {
  LaneSums<16> sums;
  for_each_gated_vector(pass, [&sums](std::size_t j, const GatedNeurons& v) HWY_ATTR {
    sums.add(0, j, v.alpha, v.alpha);
    sums.add(1, j, v.alpha, v.xi);
    sums.add(2, j, v.phi, v.phi);
    sums.add(3, j, v.phi_slope, v.phi_slope);
    add_reader(sums, 4, j, v, v.gate_slope, v.epsilon);
    add_reader(sums, 10, j, v, v.value_slope, v.value_epsilon);
  });
  return {reader_sums(sums, 4), reader_sums(sums, 10), sums.total(2), sums.total(3)};
}

GatedGradientSums sum_one_gated_gradient(const GatedPass& pass, double beta) {
  LaneSums<4> sums;
  const auto b = hn::Set(LaneTag(), beta);
  for_each_gated_vector(pass, [&sums, b](std::size_t j, const GatedNeurons& v) HWY_ATTR {
    const auto unsloped = hn::MulAdd(b, v.alpha, v.xi);
    const auto at_gate = v.gate_slope * unsloped, at_value = v.value_slope * unsloped;
    sums.add(0, j, at_gate, at_gate);
    sums.add(1, j, v.epsilon, at_gate);
    sums.add(2, j, at_value, at_value);
    sums.add(3, j, v.value_epsilon, at_value);
  });
  return {{sums.total(0), sums.total(1)}, {sums.total(2), sums.total(3)}};
}

}  // namespace
#else
GatedSums sum_gated(const GatedPass&) {
  refuse_target();
}
GatedGradientSums sum_one_gated_gradient(const GatedPass&, double) {
  refuse_target();
}
#endif
}  // namespace varprop::workers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace varprop::workers {

namespace {
HWY_EXPORT(sum_gated);
HWY_EXPORT(sum_one_gated_gradient);
}  // namespace

GatedSums sum_gated_layer(const GatedPass& pass) {
  return HWY_DYNAMIC_DISPATCH(sum_gated)(pass);
}
GatedGradientSums sum_gated_gradient(const GatedPass& pass, double beta) {
  return HWY_DYNAMIC_DISPATCH(sum_one_gated_gradient)(pass, beta);
}

}  // namespace varprop::workers
#endif
