#include "workers/pair/pair_pass.hpp"

#include <cstddef>
#include <type_traits>

#include "core/simd/target.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "workers/pair/pair_pass.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/random/normals-inl.hpp"
#include "workers/pair/pair_activation-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace varprop::HWY_NAMESPACE {
#if VARPROP_VECTOR_TARGET
namespace {

using V = hn::Vec<LaneTag>;

/// Neurons of which the normals are in the level-1 cache at a time.
constexpr std::size_t block_groups = 16;
constexpr std::size_t block_neurons = block_groups * draws_per_group;

/// The normals of one block of neurons.
struct Block {
  HWY_ALIGN double epsilon_1[block_neurons];
  HWY_ALIGN double epsilon_2[block_neurons];
  HWY_ALIGN double bias[block_neurons];
  HWY_ALIGN double xi_1[block_neurons];
  HWY_ALIGN double xi_2[block_neurons];
};

/// Calls use(first neuron of the block, neurons) for every block, then for_each_in_block does the rest.
template <class Use>
HWY_INLINE void for_each_block(std::int64_t neurons, const StopFlag* stop, Use&& use) {
  const auto n = static_cast<std::size_t>(neurons);
  for (std::size_t first = 0; first < n && !stopped(stop); first += block_neurons) {
    use(first / draws_per_group, HWY_MIN(block_neurons, n - first));
  }
}

/// Calls sum(j, i, keep) for every vector j of the 8 virtual lanes; keep(v) is v, zero where it is no neuron.
template <class Sum>
HWY_INLINE void for_each_in_block(std::size_t count, Sum&& sum) {
  const LaneTag d;
  const std::size_t whole = count - count % 8;
  for (std::size_t i = 0; i < whole; i += 8) {
    for (std::size_t j = 0; j < vectors_per_lanes; ++j) {
      sum(j, i + j * hn::Lanes(d), [](V v) HWY_ATTR { return v; });
    }
  }
  for (std::size_t j = 0; j < vectors_per_lanes; ++j) {
    const std::size_t i = whole + j * hn::Lanes(d);
    if (i >= count) break;
    const auto mask = hn::FirstN(d, HWY_MIN(count - i, hn::Lanes(d)));
    sum(j, i, [mask](V v) HWY_ATTR { return hn::IfThenElseZero(mask, v); });
  }
}

HWY_INLINE std::size_t groups_of(std::size_t count) {
  return (count + draws_per_group - 1) / draws_per_group;
}

/// Makes the normals of a block that `pass` needs.
HWY_INLINE void fill(const PairPass& pass, std::size_t group, std::size_t count, Block& block) {
  const std::size_t groups = groups_of(count);
  fill_normals(pass.streams.epsilon_1, group, groups, block.epsilon_1);
  fill_normals(pass.streams.epsilon_2, group, groups, block.epsilon_2);
  fill_normals(pass.streams.xi_1, group, groups, block.xi_1);
  fill_normals(pass.streams.xi_2, group, groups, block.xi_2);
  if (pass.mixture.bias != 0) fill_normals(pass.streams.bias, group, groups, block.bias);
}

/// ζ and ω of one vector of neurons.
struct Mixed {
  V zeta, omega;

  HWY_INLINE Mixed(const PairMixture& m, const Block& block, std::size_t i) {
    const LaneTag d;
    const V e_1 = hn::Load(d, block.epsilon_1 + i);
    zeta = hn::Set(d, m.first) * e_1;
    if (m.bias != 0) zeta = hn::MulAdd(hn::Set(d, m.bias), hn::Load(d, block.bias + i), zeta);
    omega = hn::MulAdd(hn::Set(d, m.across), hn::Load(d, block.epsilon_2 + i), hn::Set(d, m.along) * e_1);
  }
};

template <class Phi>
HWY_INLINE PairSums pair_sums(const PairPass& pass, const Phi& phi) {
  const LaneTag d;
  LaneSums<15> sums;
  Block block;
  for_each_block(pass.n, pass.stop, [&](std::size_t group, std::size_t count) HWY_ATTR {
    fill(pass, group, count, block);
    for_each_in_block(count, [&](std::size_t j, std::size_t i, auto keep) HWY_ATTR {
      const Mixed mixed(pass.mixture, block, i);
      const PairAtNeurons at = phi(mixed.zeta, mixed.omega);
      const V zeta = keep(mixed.zeta), omega = keep(mixed.omega);
      const V alpha = keep(at.alpha), delta = keep(at.difference);
      const V second_alpha = keep(at.second_alpha), slope = keep(at.slope);
      const V xi_1 = keep(hn::Load(d, block.xi_1 + i)), xi_2 = keep(hn::Load(d, block.xi_2 + i));
      sums.add(0, j, zeta, zeta);
      sums.add(1, j, zeta, omega);
      sums.add(2, j, omega, omega);
      sums.add(3, j, alpha, alpha);
      sums.add(4, j, alpha, delta);
      sums.add(5, j, delta, delta);
      sums.add(6, j, second_alpha, second_alpha);
      sums.add(7, j, slope, slope);
      sums.add(8, j, alpha, xi_1);
      sums.add(9, j, alpha, xi_2);
      sums.add(10, j, delta, xi_1);
      sums.add(11, j, delta, xi_2);
      sums.add(12, j, xi_1, xi_1);
      sums.add(13, j, xi_1, xi_2);
      sums.add(14, j, xi_2, xi_2);
    });
  });
  return {sums.total(0),  sums.total(1),  sums.total(2),  sums.total(3),  sums.total(4),
          sums.total(5),  sums.total(6),  sums.total(7),  sums.total(8),  sums.total(9),
          sums.total(10), sums.total(11), sums.total(12), sums.total(13), sums.total(14)};
}

template <class Phi>
HWY_INLINE PairGradientSums gradient_sums(const PairPass& pass, const GradientMixture& m, const Phi& phi) {
  const LaneTag d;
  LaneSums<7> sums;
  Block block;
  for_each_block(pass.n, pass.stop, [&](std::size_t group, std::size_t count) HWY_ATTR {
    fill(pass, group, count, block);
    for_each_in_block(count, [&](std::size_t j, std::size_t i, auto keep) HWY_ATTR {
      const Mixed mixed(pass.mixture, block, i);
      const PairAtNeurons at = phi(mixed.zeta, mixed.omega);
      const V xi_1 = hn::Load(d, block.xi_1 + i), xi_2 = hn::Load(d, block.xi_2 + i);
      const V known_1 = hn::MulAdd(hn::Set(d, m.u_12), at.difference, hn::Set(d, m.u_11) * at.alpha);
      const V known_2 = hn::MulAdd(hn::Set(d, m.u_22), at.difference, hn::Set(d, m.u_21) * at.alpha);
      const V y_1 = hn::MulAdd(hn::Set(d, m.x_11), xi_1, known_1);
      const V y_d = hn::MulAdd(hn::Set(d, m.x_21), xi_1, hn::MulAdd(hn::Set(d, m.x_22), xi_2, known_2));
      const V first = keep(at.slope * y_1);
      const V moved = hn::Set(d, m.share) * (at.second_slope * y_d);
      const V difference = keep(hn::MulAdd(hn::Set(d, m.bending), at.bend * y_1, moved));
      const V e_1 = hn::Load(d, block.epsilon_1 + i), e_2 = hn::Load(d, block.epsilon_2 + i);
      sums.add(0, j, first, first);
      sums.add(1, j, first, difference);
      sums.add(2, j, difference, difference);
      sums.add(3, j, e_1, first);
      sums.add(4, j, e_2, first);
      sums.add(5, j, e_1, difference);
      sums.add(6, j, e_2, difference);
    });
  });
  return {sums.total(0), sums.total(1), sums.total(2), sums.total(3),
          sums.total(4), sums.total(5), sums.total(6)};
}

PairSums sum_pair(const PairPass& pass) {
  return visit_pair(pass.activation, pass.range,
                    [&](const auto& phi) HWY_ATTR { return pair_sums(pass, phi); });
}

PairGradientSums sum_pair_gradient(const PairPass& pass, const GradientMixture& mixture) {
  return visit_pair(pass.activation, pass.range,
                    [&](const auto& phi) HWY_ATTR { return gradient_sums(pass, mixture, phi); });
}

DirectionSums sum_directions(const PairStreams& streams, std::int64_t n, const StopFlag* stop) {
  const LaneTag d;
  LaneSums<3> sums;
  HWY_ALIGN double epsilon_1[block_neurons];
  HWY_ALIGN double epsilon_2[block_neurons];
  for_each_block(n, stop, [&](std::size_t group, std::size_t count) HWY_ATTR {
    fill_normals(streams.epsilon_1, group, groups_of(count), epsilon_1);
    fill_normals(streams.epsilon_2, group, groups_of(count), epsilon_2);
    for_each_in_block(count, [&](std::size_t j, std::size_t i, auto keep) HWY_ATTR {
      const V e_1 = keep(hn::Load(d, epsilon_1 + i)), e_2 = keep(hn::Load(d, epsilon_2 + i));
      sums.add(0, j, e_1, e_1);
      sums.add(1, j, e_1, e_2);
      sums.add(2, j, e_2, e_2);
    });
  });
  return {sums.total(0), sums.total(1), sums.total(2)};
}

}  // namespace
#else
PairSums sum_pair(const PairPass&) {
  refuse_target();
}
PairGradientSums sum_pair_gradient(const PairPass&, const GradientMixture&) {
  refuse_target();
}
DirectionSums sum_directions(const PairStreams&, std::int64_t, const StopFlag*) {
  refuse_target();
}
#endif
}  // namespace varprop::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace varprop {

namespace {
HWY_EXPORT(sum_pair);
HWY_EXPORT(sum_pair_gradient);
HWY_EXPORT(sum_directions);
}  // namespace

PairSums sum_pair(const PairPass& pass) {
  return HWY_DYNAMIC_DISPATCH(sum_pair)(pass);
}
PairGradientSums sum_pair_gradient(const PairPass& pass, const GradientMixture& mixture) {
  return HWY_DYNAMIC_DISPATCH(sum_pair_gradient)(pass, mixture);
}
DirectionSums sum_directions(const PairStreams& streams, std::int64_t n, const StopFlag* stop) {
  return HWY_DYNAMIC_DISPATCH(sum_directions)(streams, n, stop);
}

}  // namespace varprop
#endif
