#include "workers/kernels/drawn_pair_layer.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

#include "core/simd/target.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "workers/kernels/drawn_pair_layer.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/random/normals-inl.hpp"
#include "core/simd/lanes-inl.hpp"
#include "workers/kernels/mask-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace varprop::workers::HWY_NAMESPACE {
#if VARPROP_VECTOR_TARGET
using namespace varprop::HWY_NAMESPACE;

namespace {

using V = hn::Vec<LaneTag>;

/// Neurons of which the normals are in the level-1 cache at a time.
constexpr std::size_t block_groups = 16;
constexpr std::size_t block_neurons = block_groups * draws_per_group;

HWY_INLINE std::size_t groups_of(std::size_t count) {
  return (count + draws_per_group - 1) / draws_per_group;
}

/// A block of neurons: its normals, ζ, ω, what both activations are, and h; zero where there is no neuron.
struct Block {
  HWY_ALIGN double epsilon_1[block_neurons];
  HWY_ALIGN double epsilon_2[block_neurons];
  HWY_ALIGN double xi_1[block_neurons];
  HWY_ALIGN double xi_2[block_neurons];
  HWY_ALIGN double zeta[block_neurons];
  HWY_ALIGN double omega[block_neurons];
  HWY_ALIGN double value_1[block_neurons];
  HWY_ALIGN double value_2[block_neurons];
  HWY_ALIGN double mask_1[block_neurons];
  HWY_ALIGN double mask_2[block_neurons];
  HWY_ALIGN double room[PairArrays::count * block_neurons];
  HWY_ALIGN double room_of_h[PairArrays::count * block_neurons];
  PairArrays phi{room};           ///< φ itself
  PairArrays h{room_of_h};        ///< h, what goes back through it, and differences in units of the first
  const PairArrays& at;           ///< one of the two
  const double *back_1, *back_2;  ///< ε₁, ε₂ or ε̃₁, ε̃₂: what gradients are multiplied by
  std::size_t size = 0;           ///< a multiple of 8

  explicit Block(const PairPass& pass)
      : at(pass.hidden != nullptr ? h : phi),
        back_1(pass.hidden != nullptr && pass.hidden->to_values ? value_1 : epsilon_1),
        back_2(pass.hidden != nullptr && pass.hidden->to_values ? value_2 : epsilon_2) {
    for (double* mask : {mask_1, mask_2}) std::fill_n(mask, block_neurons, 1.0);
  }

  HWY_INLINE void fill(const PairPass& pass, std::size_t group, std::size_t count) {
    draw(pass, group, count);
    mix(pass.mixture);
    activate_pair(pass.activation, static_cast<std::int64_t>(count), {zeta, size}, {omega, size}, phi);
  }
  /// After fill(), where the pass has one.
  HWY_INLINE void make_hidden(const PairPass& pass, std::size_t group, std::size_t count) {
    const PairHidden& hidden = *pass.hidden;
    const std::size_t groups = groups_of(count), of_layer = groups_of(static_cast<std::size_t>(pass.n));
    if (hidden.values) {
      fill_normals(hidden.values->epsilon_1, group, groups, value_1);
      fill_normals(hidden.values->epsilon_2, group, groups, value_2);
    }
    if (hidden.mask) {
      fill_mask(*hidden.mask, group, groups, mask_1);
      fill_mask(*hidden.mask, of_layer + group, groups, mask_2);
    }
    for (std::size_t i = 0; i < size; i += hn::Lanes(LaneTag())) make_hidden_at(pass, i);
  }

 private:
  /// All normals that the pass needs, those of the biases in the place of ζ.
  HWY_INLINE void draw(const PairPass& pass, std::size_t group, std::size_t count) {
    const std::size_t groups = groups_of(count);
    fill_normals(pass.streams.epsilon_1, group, groups, epsilon_1);
    fill_normals(pass.streams.epsilon_2, group, groups, epsilon_2);
    fill_normals(pass.streams.xi_1, group, groups, xi_1);
    fill_normals(pass.streams.xi_2, group, groups, xi_2);
    if (pass.mixture.bias != 0) fill_normals(pass.streams.bias, group, groups, zeta);
    size = (count + 7) / 8 * 8;
    for (double* normals : {epsilon_1, epsilon_2, xi_1, xi_2, zeta}) {
      for (std::size_t i = count; i < size; ++i) normals[i] = 0;
    }
  }

  /// With h₂ − h₁ = m₂ [(φ(z₂) − φ(z₁)) t₁ + φ(z₂) (t₂ − t₁)] + (m₂ − m₁) φ(z₁) t₁, and slopes likewise;
  /// apart h₂ stands for the difference, and slopes are taken from each other.
  HWY_INLINE void make_hidden_at(const PairPass& pass, std::size_t i) {
    const LaneTag d;
    const PairHidden& hidden = *pass.hidden;
    const PairRange& range = pass.activation.range;
    const bool apart = range.apart();
    const auto load = [&](std::span<double> from) HWY_ATTR { return hn::LoadU(d, from.data() + i); };
    const auto store = [&](V v, std::span<double> to) HWY_ATTR { hn::StoreU(v, d, to.data() + i); };
    V t_1 = hn::Set(d, 1.0), t_2 = t_1, t_apart = hn::Zero(d);
    if (hidden.values) {
      t_1 = hn::Load(d, value_1 + i);
      const V w = hn::MulAdd(hn::Set(d, pass.mixture.across), hn::Load(d, value_2 + i),
                             hn::Set(d, pass.mixture.along) * t_1);
      t_apart = hn::Set(d, hidden.step) * w;
      t_2 = apart ? hn::MulAdd(hn::Set(d, range.second_omega), w, hn::Set(d, range.second_zeta) * t_1)
                  : t_1 + t_apart;
    }
    const V m_1 = hn::Load(d, mask_1 + i), m_2 = hn::Load(d, mask_2 + i);
    const V alpha = load(phi.alpha), second_alpha = load(phi.second_alpha);
    const V slope = load(phi.slope), second_slope = load(phi.second_slope);
    const V difference = hn::Set(d, hidden.difference) * load(phi.difference);
    const V bend = hn::Set(d, hidden.bending) * load(phi.bend);
    const auto apart_by = [&](V of_first, V of_second, V x, V y_1, V y_apart) HWY_ATTR {
      return hn::MulAdd(m_2, hn::MulAdd(x, y_1, of_second * y_apart), (m_2 - m_1) * (of_first * y_1));
    };
    const V h_2 = m_2 * second_alpha * t_2;
    store(m_1 * alpha * t_1, h.alpha);
    store(h_2, h.second_alpha);
    store(apart ? h_2 : apart_by(alpha, second_alpha, difference, t_1, t_apart), h.difference);
    const V back = hidden.to_values ? m_1 * alpha : m_1 * slope * t_1;
    const V second_back = hidden.to_values ? m_2 * second_alpha : m_2 * second_slope * t_2;
    store(back, h.slope);
    store(second_back, h.second_slope);
    if (apart)
      return store(nearly_equal_or(hn::Set(d, hidden.first) * back, hn::Set(d, hidden.second) * second_back),
                   h.bend);
    const V one = hn::Set(d, 1.0), none = hn::Zero(d);
    store(hidden.to_values ? apart_by(alpha, second_alpha, difference, one, none)
                           : apart_by(slope, second_slope, bend, t_1, t_apart),
          h.bend);
  }

  /// b − a; 0 where that may be rounding.
  HWY_INLINE static V nearly_equal_or(V a, V b) {
    const LaneTag d;
    return hn::IfThenElseZero(hn::Gt(hn::Abs(b - a), hn::Set(d, 0x1p-46) * hn::Abs(a)), b - a);
  }

  HWY_INLINE void mix(const PairMixture& m) {
    const LaneTag d;
    for (std::size_t i = 0; i < size; i += hn::Lanes(d)) {
      const V e_1 = hn::Load(d, epsilon_1 + i);
      V z = hn::Set(d, m.first) * e_1;
      if (m.bias != 0) z = hn::MulAdd(hn::Set(d, m.bias), hn::Load(d, zeta + i), z);
      hn::Store(z, d, zeta + i);
      hn::Store(hn::MulAdd(hn::Set(d, m.across), hn::Load(d, epsilon_2 + i), hn::Set(d, m.along) * e_1), d,
                omega + i);
    }
  }
};

/// Calls use(first group, neurons) for every block.
template <class Use>
HWY_INLINE void for_each_block(std::int64_t neurons, const StopFlag* stop, Use&& use) {
  const auto n = static_cast<std::size_t>(neurons);
  for (std::size_t first = 0; first < n && !stopped(stop); first += block_neurons) {
    use(first / draws_per_group, HWY_MIN(block_neurons, n - first));
  }
}

/// Calls sum(block, j, i) for the neurons i … of vector j of the 8 virtual lanes, block by block.
template <class Sum>
HWY_INLINE void for_each_vector(const PairPass& pass, Sum&& sum) {
  Block block(pass);
  for_each_block(pass.n, pass.stop, [&](std::size_t group, std::size_t count) HWY_ATTR {
    block.fill(pass, group, count);
    if (pass.hidden != nullptr) block.make_hidden(pass, group, count);
    for (std::size_t i = 0; i < block.size; i += 8) {
      for (std::size_t j = 0; j < vectors_per_lanes; ++j) sum(block, j, i + j * hn::Lanes(LaneTag()));
    }
  });
}

PairSums sum_pair(const PairPass& pass) {
  const LaneTag d;
  LaneSums<18> sums;
  for_each_vector(pass, [&](const Block& block, std::size_t j, std::size_t i) HWY_ATTR {
    const V zeta = hn::Load(d, block.zeta + i), omega = hn::Load(d, block.omega + i);
    const V alpha = hn::Load(d, &block.at.alpha[i]), delta = hn::Load(d, &block.at.difference[i]);
    const V second_alpha = hn::Load(d, &block.at.second_alpha[i]), slope = hn::Load(d, &block.phi.slope[i]);
    const V value = hn::Load(d, &block.phi.alpha[i]), second_value = hn::Load(d, &block.phi.second_alpha[i]);
    const V xi_1 = hn::Load(d, block.xi_1 + i), xi_2 = hn::Load(d, block.xi_2 + i);
    sums.add(0, j, zeta, zeta);
    sums.add(1, j, zeta, omega);
    sums.add(2, j, omega, omega);
    sums.add(3, j, alpha, alpha);
    sums.add(4, j, alpha, delta);
    sums.add(5, j, delta, delta);
    sums.add(6, j, second_alpha, second_alpha);
    sums.add(7, j, slope, slope);
    const V second_slope = hn::Load(d, &block.phi.second_slope[i]);
    sums.add(8, j, second_slope, second_slope);
    sums.add(9, j, alpha, xi_1);
    sums.add(10, j, alpha, xi_2);
    sums.add(11, j, delta, xi_1);
    sums.add(12, j, delta, xi_2);
    sums.add(13, j, xi_1, xi_1);
    sums.add(14, j, xi_1, xi_2);
    sums.add(15, j, xi_2, xi_2);
    sums.add(16, j, value, value);
    sums.add(17, j, second_value, second_value);
  });
  return {sums.total(0),  sums.total(1),  sums.total(2),  sums.total(3),  sums.total(4),  sums.total(5),
          sums.total(6),  sums.total(7),  sums.total(8),  sums.total(9),  sums.total(10), sums.total(11),
          sums.total(12), sums.total(13), sums.total(14), sums.total(15), sums.total(16), sums.total(17)};
}

PairGradientSums sum_pair_gradient(const PairPass& pass, const GradientMixture& m) {
  const LaneTag d;
  LaneSums<12> sums;
  for_each_vector(pass, [&](const Block& block, std::size_t j, std::size_t i) HWY_ATTR {
    const V alpha = hn::Load(d, &block.at.alpha[i]), delta = hn::Load(d, &block.at.difference[i]);
    const V xi_1 = hn::Load(d, block.xi_1 + i), xi_2 = hn::Load(d, block.xi_2 + i);
    const V known_1 = hn::MulAdd(hn::Set(d, m.u_12), delta, hn::Set(d, m.u_11) * alpha);
    const V known_2 = hn::MulAdd(hn::Set(d, m.u_22), delta, hn::Set(d, m.u_21) * alpha);
    const V y_1 = hn::MulAdd(hn::Set(d, m.x_11), xi_1, known_1);
    const V y_d = hn::MulAdd(hn::Set(d, m.x_21), xi_1, hn::MulAdd(hn::Set(d, m.x_22), xi_2, known_2));
    const V slope = hn::Load(d, &block.at.slope[i]), fresh = slope * hn::Set(d, m.x_11) * xi_1;
    const V first = slope * y_1;
    const V second_slope = hn::Load(d, &block.at.second_slope[i]);
    const V second = second_slope * hn::MulAdd(hn::Set(d, m.turn), y_d, y_1);
    const V scaled = hn::MulAdd(hn::Set(d, m.of_second), second, hn::Set(d, m.of_first) * first);
    const V moved = hn::MulAdd(hn::Set(d, m.share), second_slope * y_d, scaled);
    const V bent = hn::Load(d, &block.at.bend[i]) * y_1;
    const V difference = hn::MulAdd(hn::Set(d, m.bending), bent, moved);
    const V e_1 = hn::Load(d, block.back_1 + i), e_2 = hn::Load(d, block.back_2 + i);
    sums.add(0, j, first, first);
    sums.add(1, j, first, difference);
    sums.add(2, j, difference, difference);
    sums.add(3, j, e_1, first);
    sums.add(4, j, e_2, first);
    sums.add(5, j, e_1, difference);
    sums.add(6, j, e_2, difference);
    sums.add(7, j, second, second);
    sums.add(8, j, first, second);
    sums.add(9, j, e_1, second);
    sums.add(10, j, e_2, second);
    sums.add(11, j, fresh, fresh);
  });
  return {sums.total(0), sums.total(1), sums.total(2), sums.total(3), sums.total(4),  sums.total(5),
          sums.total(6), sums.total(7), sums.total(8), sums.total(9), sums.total(10), sums.total(11)};
}

PairTailUnits smallest_tail_units(const PairPass& pass) {
  PairTailUnits smallest{{HUGE_VAL, HUGE_VAL}, {HUGE_VAL, HUGE_VAL}};
  const auto add = [](TailUnits& to, const TailUnits& units) {
    to = {HWY_MIN(to.value_decay, units.value_decay), HWY_MIN(to.slope_decay, units.slope_decay)};
  };
  Block block(pass);
  for_each_block(pass.n, pass.stop, [&](std::size_t group, std::size_t count) HWY_ATTR {
    block.fill(pass, group, count);
    const auto units = workers::find_tail_units(pass.activation, {block.zeta, block.size},
                                                {block.omega, block.size}, block.room);
    add(smallest.first, units.first);
    add(smallest.second, units.second);
  });
  return smallest;
}

DirectionSums sum_directions(const PairStreams& streams, std::int64_t n, const StopFlag* stop) {
  const LaneTag d;
  LaneSums<3> sums;
  HWY_ALIGN double epsilon_1[block_neurons];
  HWY_ALIGN double epsilon_2[block_neurons];
  for_each_block(n, stop, [&](std::size_t group, std::size_t count) HWY_ATTR {
    fill_normals(streams.epsilon_1, group, groups_of(count), epsilon_1);
    fill_normals(streams.epsilon_2, group, groups_of(count), epsilon_2);
    for (std::size_t i = 0; i < count; i += hn::Lanes(d)) {
      const auto mask = hn::FirstN(d, HWY_MIN(count - i, hn::Lanes(d)));
      const V e_1 = hn::IfThenElseZero(mask, hn::Load(d, epsilon_1 + i));
      const V e_2 = hn::IfThenElseZero(mask, hn::Load(d, epsilon_2 + i));
      const std::size_t j = i % 8 / hn::Lanes(d);
      sums.add(0, j, e_1, e_1);
      sums.add(1, j, e_1, e_2);
      sums.add(2, j, e_2, e_2);
    }
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
PairTailUnits smallest_tail_units(const PairPass&) {
  refuse_target();
}
DirectionSums sum_directions(const PairStreams&, std::int64_t, const StopFlag*) {
  refuse_target();
}
#endif
}  // namespace varprop::workers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace varprop::workers {

namespace {
HWY_EXPORT(sum_pair);
HWY_EXPORT(sum_pair_gradient);
HWY_EXPORT(smallest_tail_units);
HWY_EXPORT(sum_directions);
}  // namespace

PairSums sum_pair(const PairPass& pass) {
  return HWY_DYNAMIC_DISPATCH(sum_pair)(pass);
}
PairGradientSums sum_pair_gradient(const PairPass& pass, const GradientMixture& mixture) {
  return HWY_DYNAMIC_DISPATCH(sum_pair_gradient)(pass, mixture);
}
PairTailUnits find_tail_units(const PairPass& pass) {
  return HWY_DYNAMIC_DISPATCH(smallest_tail_units)(pass);
}
DirectionSums sum_directions(const PairStreams& streams, std::int64_t n, const StopFlag* stop) {
  return HWY_DYNAMIC_DISPATCH(sum_directions)(streams, n, stop);
}

}  // namespace varprop::workers
#endif
