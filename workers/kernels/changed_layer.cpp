#include "workers/kernels/changed_layer.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <type_traits>

#include "core/simd/target.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "workers/kernels/changed_layer.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/simd/lanes-inl.hpp"
#include "workers/kernels/layer_block-inl.hpp"
#include "workers/kernels/mask-inl.hpp"

#ifndef VARPROP_WORKERS_KERNELS_CHANGED_LAYER_ONCE_
#define VARPROP_WORKERS_KERNELS_CHANGED_LAYER_ONCE_
namespace varprop::workers {

/// Where the norm stands.
enum class NormPlace { nowhere, before_activation, behind_activation };

/// Sums over the neurons that a norm behind φ follows from, with h = α − origin and the mask μ.
struct ValueSums {
  double h, hh, xi, xi_h, mask, mask_h, mask_hh;
};

/// What sum_changed_layer and sum_changed_gradient gather: ε and the direction, the vectors p that came back,
/// and Σv, ΣvN(x) of the vectors v that a norm before φ projects.
struct BackwardSums {
  double epsilon_epsilon, alpha_alpha, alpha_xi, xi_xi, values;
  double xi_squared, xi_alpha, alpha_squared, direction_xi, direction_alpha;
  double xi_sum, xi_along, alpha_sum, alpha_along, direction_sum, direction_along;
  double xi_whole, alpha_whole;  ///< Σw² of the vector w that is projected
  double slope_xi_squared;       ///< Σ(σξ)²
  double slope_squared;          ///< Σσ²
};

}  // namespace varprop::workers
#endif

HWY_BEFORE_NAMESPACE();
namespace varprop::workers::HWY_NAMESPACE {
#if VARPROP_VECTOR_TARGET
using namespace varprop::HWY_NAMESPACE;

namespace {

using V = hn::Vec<LaneTag>;

/// A block of neurons with its mask and N(x); zero where there is no neuron.
template <NormPlace place>
class ChangedBlock {
 public:
  HWY_INLINE void fill(const ChangedPass& pass, const NormScale& scale, std::size_t first,
                       std::size_t count) {
    block.draw(pass.layer, first, count);
    if constexpr (place == NormPlace::before_activation) {
      normalize(block.epsilon(), scale);
      block.activate(pass.layer.activation, {unit, block.size()});
    } else {
      block.activate(pass.layer.activation);
      if constexpr (place == NormPlace::behind_activation) normalize({block.alpha(), block.size()}, scale);
    }
    std::fill(one, one + count, 1.0);
    std::fill(one + count, one + block.size(), 0.0);
    if (pass.mask)
      fill_mask(*pass.mask, first / draws_per_group, groups_of(count), mask);
    else
      std::fill(mask, mask + block.size(), 1.0);
  }

  LayerBlock block;
  HWY_ALIGN double unit[block_neurons];
  HWY_ALIGN double mask[block_neurons];
  HWY_ALIGN double one[block_neurons];  ///< 1 for a neuron

 private:
  HWY_INLINE void normalize(std::span<const double> x, const NormScale& scale) {
    const LaneTag d;
    for (std::size_t i = 0; i < block.size(); i += hn::Lanes(d)) {
      const V shifted = hn::LoadU(d, x.data() + i) - hn::Set(d, scale.shift);
      hn::Store(hn::Set(d, scale.scale) * shifted, d, unit + i);
    }
    std::fill(unit + block.count(), unit + block.size(), 0.0);
  }
};

/// Calls use(block, j, i) for the neurons i … of vector j of the 8 virtual lanes, block by block.
template <NormPlace place, class Use>
HWY_INLINE void for_each_vector(const ChangedPass& pass, const NormScale& scale, Use&& use) {
  ChangedBlock<place> changed;
  const auto n = static_cast<std::size_t>(pass.layer.n);
  for (std::size_t first = 0; first < n && !stopped(pass.layer.stop); first += block_neurons) {
    changed.fill(pass, scale, first, HWY_MIN(block_neurons, n - first));
    for (std::size_t i = 0; i < changed.block.size(); i += 8) {
      for (std::size_t j = 0; j < vectors_per_lanes; ++j) use(changed, j, i + j * hn::Lanes(LaneTag()));
    }
  }
}

/// r times what goes back through mask, φ and norm from v; `whole` is what is projected.
template <NormPlace place>
HWY_INLINE V back(const ChangedBlock<place>& changed, std::size_t i, V v, const NormProjection& off,
                  V& whole) {
  const LaneTag d;
  const V slope = hn::Load(d, changed.block.slope() + i);
  const V masked = hn::Load(d, changed.mask + i) * v;
  whole = place == NormPlace::behind_activation ? masked : slope * masked;
  if constexpr (place == NormPlace::nowhere) {
    return whole;
  } else {
    const V unit = hn::Load(d, changed.unit + i), one = hn::Load(d, changed.one + i);
    const bool before = place == NormPlace::before_activation;
    const V less = hn::NegMulAdd(hn::Set(d, off.mean), one, whole);
    const V rest = hn::NegMulAdd(hn::Set(d, off.along), unit, less);
    return before ? rest : slope * rest;
  }
}

/// The signal that goes on.
template <NormPlace place>
HWY_INLINE V signal(const ChangedBlock<place>& changed, std::size_t i) {
  const LaneTag d;
  const double* const values = place == NormPlace::behind_activation ? changed.unit : changed.block.alpha();
  return hn::Load(d, changed.mask + i) * hn::Load(d, values + i);
}

template <NormPlace place>
BackwardSums sum_changed(const ChangedPass& pass, const NormState& norm) {
  const LaneTag d;
  LaneSums<20> sums;
  for_each_vector<place>(
      pass, norm.scale, [&](const ChangedBlock<place>& changed, std::size_t j, std::size_t i) HWY_ATTR {
        const V epsilon = hn::Load(d, changed.block.epsilon().data() + i);
        const V direction = hn::Load(d, changed.block.direction() + i);
        const V xi = hn::Load(d, changed.block.xi() + i), value = hn::Load(d, changed.block.alpha() + i);
        const V alpha = signal(changed, i);
        V w_xi, w_alpha;
        const V p_xi = back(changed, i, xi, norm.of_xi, w_xi);
        const V p_alpha = back(changed, i, alpha, norm.of_alpha, w_alpha);
        sums.add(0, j, epsilon, epsilon);
        sums.add(1, j, alpha, alpha);
        sums.add(2, j, alpha, xi);
        sums.add(3, j, xi, xi);
        sums.add(4, j, value, value);
        const V slope = hn::Load(d, changed.block.slope() + i), slope_xi = slope * xi;
        sums.add(18, j, slope_xi, slope_xi);
        sums.add(19, j, slope, slope);
        sums.add(5, j, p_xi, p_xi);
        sums.add(6, j, p_xi, p_alpha);
        sums.add(7, j, p_alpha, p_alpha);
        sums.add(8, j, direction, p_xi);
        sums.add(9, j, direction, p_alpha);
        if constexpr (place == NormPlace::before_activation) {
          const V unit = hn::Load(d, changed.unit + i);
          sums.add(10, j, w_xi);
          sums.add(11, j, w_xi, unit);
          sums.add(12, j, w_alpha);
          sums.add(13, j, w_alpha, unit);
          sums.add(14, j, direction);
          sums.add(15, j, direction, unit);
        }
        if constexpr (place != NormPlace::nowhere) {
          sums.add(16, j, w_xi, w_xi);
          sums.add(17, j, w_alpha, w_alpha);
        }
      });
  return {sums.total(0),  sums.total(1),  sums.total(2),  sums.total(3),  sums.total(4),
          sums.total(5),  sums.total(6),  sums.total(7),  sums.total(8),  sums.total(9),
          sums.total(10), sums.total(11), sums.total(12), sums.total(13), sums.total(14),
          sums.total(15), sums.total(16), sums.total(17), sums.total(18), sums.total(19)};
}

template <NormPlace place>
GradientSums sum_gradient_of(const ChangedPass& pass, const NormState& norm, const NormProjection& off,
                             double beta) {
  const LaneTag d;
  LaneSums<3> sums;
  for_each_vector<place>(pass, norm.scale,
                         [&](const ChangedBlock<place>& changed, std::size_t j, std::size_t i) HWY_ATTR {
                           const V xi = hn::Load(d, changed.block.xi() + i);
                           const V v = hn::MulAdd(hn::Set(d, beta), signal(changed, i), xi);
                           V unused;
                           const V gradient = back(changed, i, v, off, unused);
                           sums.add(0, j, gradient, gradient);
                           sums.add(1, j, hn::Load(d, changed.block.direction() + i), gradient);
                           sums.add(2, j, v, v);
                         });
  return {sums.total(0), sums.total(1), sums.total(2)};
}

ValueSums sum_values(const ChangedPass& pass, double origin) {
  const LaneTag d;
  LaneSums<7> sums;
  constexpr auto nowhere = NormPlace::nowhere;  // as the values are before it
  for_each_vector<nowhere>(
      pass, {}, [&](const ChangedBlock<nowhere>& changed, std::size_t j, std::size_t i) HWY_ATTR {
        const V one = hn::Load(d, changed.one + i), mask = one * hn::Load(d, changed.mask + i);
        const V h = hn::NegMulAdd(hn::Set(d, origin), one, hn::Load(d, changed.block.alpha() + i));
        const V xi = mask * hn::Load(d, changed.block.xi() + i), masked_h = mask * h;
        sums.add(0, j, h);
        sums.add(1, j, h, h);
        sums.add(2, j, xi);
        sums.add(3, j, xi, h);
        sums.add(4, j, mask, mask);
        sums.add(5, j, mask, masked_h);
        sums.add(6, j, masked_h, masked_h);
      });
  return {sums.total(0), sums.total(1), sums.total(2), sums.total(3),
          sums.total(4), sums.total(5), sums.total(6)};
}

/// Σε and Σε².
ValueSums sum_epsilon(const ChangedPass& pass) {
  const LaneTag d;
  LaneSums<2> sums;
  LayerBlock block;
  const auto n = static_cast<std::size_t>(pass.layer.n);
  for (std::size_t first = 0; first < n && !stopped(pass.layer.stop); first += block_neurons) {
    block.draw_epsilon(pass.layer, first, HWY_MIN(block_neurons, n - first));
    for (std::size_t i = 0; i < block.size(); i += 8) {
      for (std::size_t j = 0; j < vectors_per_lanes; ++j) {
        const V epsilon = hn::Load(d, block.epsilon().data() + i + j * hn::Lanes(d));
        sums.add(0, j, epsilon);
        sums.add(1, j, epsilon, epsilon);
      }
    }
  }
  return {sums.total(0), sums.total(1), 0, 0, 0, 0, 0};
}

/// f(place) with the place as a constant.
template <class F>
HWY_INLINE auto at_place(NormPlace place, F&& f) {
  if (place == NormPlace::nowhere) return f(std::integral_constant<NormPlace, NormPlace::nowhere>());
  if (place == NormPlace::before_activation)
    return f(std::integral_constant<NormPlace, NormPlace::before_activation>());
  return f(std::integral_constant<NormPlace, NormPlace::behind_activation>());
}

BackwardSums sum_backward(const ChangedPass& pass, const NormState& norm, NormPlace place) {
  return at_place(place, [&](auto known) HWY_ATTR { return sum_changed<known()>(pass, norm); });
}

GradientSums sum_one_backward(const ChangedPass& pass, const NormState& norm, const NormProjection& off,
                              double beta, NormPlace place) {
  return at_place(place,
                  [&](auto known) HWY_ATTR { return sum_gradient_of<known()>(pass, norm, off, beta); });
}

}  // namespace
#else
ValueSums sum_values(const ChangedPass&, double) {
  refuse_target();
}
ValueSums sum_epsilon(const ChangedPass&) {
  refuse_target();
}
BackwardSums sum_backward(const ChangedPass&, const NormState&, NormPlace) {
  refuse_target();
}
GradientSums sum_one_backward(const ChangedPass&, const NormState&, const NormProjection&, double,
                              NormPlace) {
  refuse_target();
}
#endif
}  // namespace varprop::workers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace varprop::workers {

namespace {

HWY_EXPORT(sum_values);
HWY_EXPORT(sum_epsilon);
HWY_EXPORT(sum_backward);
HWY_EXPORT(sum_one_backward);

/// Below this share of |v|² what a projection leaves of it has lost eight digits to cancellation.
constexpr double projection_limit = 1e-8;
/// Below this share, formed neuron by neuron, it is rounding: the projection leaves nothing, as that behind
/// a layer of ReLUs of which one is on.
constexpr double nothing_limit = 1e-26;

NormPlace place_of(Norm norm) {
  if (norm == Norm::none) return NormPlace::nowhere;
  return before_activation(norm) ? NormPlace::before_activation : NormPlace::behind_activation;
}

/// From Σx' and Σx'² of x' = x − origin.
NormScale scale_of(double sum, double squares, double origin, bool centred, double n) {
  const double mean = centred ? sum / n : 0;
  constexpr double rounding = 1e-15;  // values that are all alike have nothing beside their mean
  const double left = squares / n - mean * mean;
  const double mean_square = left > rounding * (squares / n) ? left : 0;
  return {origin + mean, mean_square > 0 ? 1 / std::sqrt(mean_square) : 0, mean_square};
}

/// h = α − origin keeps the digits of values that differ by little.
NormState norm_behind(const ChangedPass& pass) {
  const auto n = static_cast<double>(pass.layer.n);
  const bool centred = centres(pass.norm);
  const ActivationPass& activation = pass.layer.activation;
  const bool at_rest = centred && !activation.linear && !activation.tail;
  const double origin = at_rest ? activation.activation.facts().value_at_zero : 0;
  const ValueSums s = HWY_DYNAMIC_DISPATCH(sum_values)(pass, origin);
  NormState norm{scale_of(s.h, s.hh, origin, centred, n), {}, {}};
  const double mean = norm.scale.shift - origin, scale = norm.scale.scale;
  const double mask_unit = scale * (s.mask_h - mean * s.mask);
  const double mask_unit_2 = scale * scale * (s.mask_hh - 2 * mean * s.mask_h + mean * mean * s.mask);
  norm.of_xi = {centred ? s.xi / n : 0, scale * (s.xi_h - mean * s.xi) / n};
  norm.of_alpha = {centred ? mask_unit / n : 0, mask_unit_2 / n};
  return norm;
}

NormProjection projection(double sum, double along, bool centred, double n) {
  return {centred ? sum / n : 0, along / n};
}

/// The products of vectors p = v − mean − along N(x) with each other and with the direction, from those of v.
LayerSums projected(const BackwardSums& s, const NormProjection& xi, const NormProjection& alpha, double n) {
  const auto taken = [n](const NormProjection& a, const NormProjection& b) {
    return n * (a.mean * b.mean + a.along * b.along);
  };
  const auto of_direction = [&s](const NormProjection& off) {
    return off.mean * s.direction_sum + off.along * s.direction_along;
  };
  return {s.epsilon_epsilon,
          s.alpha_alpha,
          s.alpha_xi,
          s.xi_squared - taken(xi, xi),
          s.xi_alpha - taken(xi, alpha),
          std::max(0.0, s.alpha_squared - taken(alpha, alpha)),
          s.direction_xi - of_direction(xi),
          s.direction_alpha - of_direction(alpha),
          s.xi_xi};
}

/// Of vectors that were formed neuron by neuron.
LayerSums formed(const BackwardSums& s, Norm norm) {
  const double limit = nothing_limit * (behind_activation(norm) ? s.slope_squared : 1);
  const bool xi = norm == Norm::none || s.xi_squared > limit * s.xi_whole;
  const bool alpha = norm == Norm::none || s.alpha_squared > limit * s.alpha_whole;
  return {s.epsilon_epsilon,
          s.alpha_alpha,
          s.alpha_xi,
          xi ? s.xi_squared : 0,
          xi && alpha ? s.xi_alpha : 0,
          alpha ? s.alpha_squared : 0,
          xi ? s.direction_xi : 0,
          alpha ? s.direction_alpha : 0,
          s.xi_xi};
}

BackwardSums run(const ChangedPass& pass, const NormState& norm) {
  return HWY_DYNAMIC_DISPATCH(sum_backward)(pass, norm, place_of(pass.norm));
}

}  // namespace

NormState find_norm(const ChangedPass& pass) {
  if (pass.norm == Norm::none) return {};
  if (behind_activation(pass.norm)) return norm_behind(pass);
  const ValueSums s = HWY_DYNAMIC_DISPATCH(sum_epsilon)(pass);
  return {scale_of(s.h, s.hh, 0, centres(pass.norm), static_cast<double>(pass.layer.n)), {}, {}};
}

ChangedSums sum_changed_layer(const ChangedPass& pass, const NormState& norm) {
  const BackwardSums s = run(pass, norm);
  if (place_of(pass.norm) != NormPlace::before_activation)
    return {formed(s, pass.norm), s.values, s.slope_xi_squared};
  const auto n = static_cast<double>(pass.layer.n);
  const bool centred = centres(pass.norm);
  const NormProjection xi = projection(s.xi_sum, s.xi_along, centred, n);
  const NormProjection alpha = projection(s.alpha_sum, s.alpha_along, centred, n);
  const LayerSums sums = projected(s, xi, alpha, n);
  if (sums.slope_xi_squared > projection_limit * s.xi_squared) return {sums, s.values, s.slope_xi_squared};
  return {formed(run(pass, {norm.scale, xi, alpha}), pass.norm), s.values, s.slope_xi_squared};
}

GradientSums sum_changed_gradient(const ChangedPass& pass, const NormState& norm, double beta) {
  const NormPlace place = place_of(pass.norm);
  NormProjection off{norm.of_xi.mean + beta * norm.of_alpha.mean,
                     norm.of_xi.along + beta * norm.of_alpha.along};
  if (place == NormPlace::before_activation) {
    const BackwardSums s = run(pass, norm);
    off = projection(s.xi_sum + beta * s.alpha_sum, s.xi_along + beta * s.alpha_along, centres(pass.norm),
                     static_cast<double>(pass.layer.n));
  }
  return HWY_DYNAMIC_DISPATCH(sum_one_backward)(pass, norm, off, beta, place);
}

}  // namespace varprop::workers
#endif
