#include "workers/conditional/layer_pass.hpp"

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "core/activations/traits.hpp"
#include "core/simd/target.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "workers/conditional/layer_pass.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/activations/vector-inl.hpp"
#include "core/random/normals-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace varprop::HWY_NAMESPACE {
#if VARPROP_VECTOR_TARGET
namespace {

/// Neurons of which the normals are in the level-1 cache at a time.
constexpr std::size_t block_groups = 16;
constexpr std::size_t block_neurons = block_groups * draws_per_group;

/// The registers that make up one vector of 8 virtual lanes: neuron i always adds to lane i mod 8, in order
/// of i.
struct Neurons {
  hn::Vec<LaneTag> epsilon, xi, alpha, slope;
};

/// Calls sum(j, neurons) for every vector j of the 8 virtual lanes, over all neurons. What is no neuron is
/// zero.
template <class Phi, class Sum>
HWY_INLINE void for_each_vector(const LayerPass& pass, const Phi& phi, Sum&& sum) {
  const LaneTag d;
  const VectorArithmetic<LaneTag> m;
  HWY_ALIGN double epsilon[block_neurons];
  HWY_ALIGN double xi[block_neurons];
  const auto scale = hn::Set(d, pass.scale);
  const auto n = static_cast<std::size_t>(pass.n);
  for (std::size_t first = 0; first < n && !stopped(pass.stop); first += block_neurons) {
    const std::size_t count = HWY_MIN(block_neurons, n - first);
    const std::size_t groups = (count + draws_per_group - 1) / draws_per_group;
    fill_normals(pass.epsilon, first / draws_per_group, groups, epsilon);
    fill_normals(pass.xi, first / draws_per_group, groups, xi);
    const auto add = [&](std::size_t i, std::size_t j, auto keep) HWY_ATTR {
      const auto e = keep(hn::Load(d, epsilon + i));
      const auto a = phi(m, scale * e);
      sum(j, Neurons{e, keep(hn::Load(d, xi + i)), keep(a.value), keep(a.slope)});
    };
    const std::size_t whole = count - count % 8;
    for (std::size_t i = 0; i < whole; i += 8) {
      for (std::size_t j = 0; j < vectors_per_lanes; ++j) {
        add(i + j * hn::Lanes(d), j, [](auto v) HWY_ATTR { return v; });
      }
    }
    for (std::size_t j = 0; j < vectors_per_lanes; ++j) {
      const std::size_t i = whole + j * hn::Lanes(d);
      if (i >= count) break;
      const auto mask = hn::FirstN(d, HWY_MIN(count - i, hn::Lanes(d)));
      add(i, j, [mask](auto v) HWY_ATTR { return hn::IfThenElseZero(mask, v); });
    }
  }
}

template <class Phi>
HWY_INLINE LayerSums layer_sums(const LayerPass& pass, const Phi& phi) {
  LaneSums<8> sums;
  for_each_vector(pass, phi, [&sums](std::size_t j, const Neurons& v) HWY_ATTR {
    const auto slope_xi = v.slope * v.xi;
    const auto slope_alpha = v.slope * v.alpha;
    sums.add(0, j, v.epsilon, v.epsilon);
    sums.add(1, j, v.alpha, v.alpha);
    sums.add(2, j, v.alpha, v.xi);
    sums.add(3, j, slope_xi, slope_xi);
    sums.add(4, j, slope_xi, slope_alpha);
    sums.add(5, j, slope_alpha, slope_alpha);
    sums.add(6, j, v.epsilon, slope_xi);
    sums.add(7, j, v.epsilon, slope_alpha);
  });
  return {sums.total(0), sums.total(1), sums.total(2), sums.total(3),
          sums.total(4), sums.total(5), sums.total(6), sums.total(7)};
}

template <class Phi>
HWY_INLINE GradientSums gradient_sums(const LayerPass& pass, double beta, const Phi& phi) {
  LaneSums<2> sums;
  const auto b = hn::Set(LaneTag(), beta);
  for_each_vector(pass, phi, [&sums, b](std::size_t j, const Neurons& v) HWY_ATTR {
    const auto gradient = v.slope * hn::MulAdd(b, v.alpha, v.xi);
    sums.add(0, j, gradient, gradient);
    sums.add(1, j, v.epsilon, gradient);
  });
  return {sums.total(0), sums.total(1)};
}

LayerSums sum_layer(const LayerPass& pass) {
  return visit(pass.activation, pass.linear, pass.tail,
               [&](const auto& phi) HWY_ATTR { return layer_sums(pass, phi); });
}

GradientSums sum_gradient(const LayerPass& pass, double beta) {
  return visit(pass.activation, pass.linear, pass.tail,
               [&](const auto& phi) HWY_ATTR { return gradient_sums(pass, beta, phi); });
}

TailUnits find_tail_units(const LayerPass& pass) {
  return visit_with_tail(pass.activation, [&](const auto& phi) HWY_ATTR {
    SmallestDecays smallest;
    for_each_vector(pass, DecaysOf{phi}, [&smallest](std::size_t, const Neurons& v) HWY_ATTR {
      smallest.add(v.epsilon, {v.alpha, v.slope});
    });
    return smallest.units();
  });
}

}  // namespace
#else
LayerSums sum_layer(const LayerPass&) {
  refuse_target();
}
GradientSums sum_gradient(const LayerPass&, double) {
  refuse_target();
}
TailUnits find_tail_units(const LayerPass&) {
  refuse_target();
}
#endif
}  // namespace varprop::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace varprop {

namespace {
HWY_EXPORT(sum_layer);
HWY_EXPORT(sum_gradient);
HWY_EXPORT(find_tail_units);
}  // namespace

LayerSums sum_layer(const LayerPass& pass) {
  return HWY_DYNAMIC_DISPATCH(sum_layer)(pass);
}
GradientSums sum_gradient(const LayerPass& pass, double beta) {
  return HWY_DYNAMIC_DISPATCH(sum_gradient)(pass, beta);
}
TailUnits find_tail_units(const LayerPass& pass) {
  return HWY_DYNAMIC_DISPATCH(find_tail_units)(pass);
}

}  // namespace varprop
#endif
