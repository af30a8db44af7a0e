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

/// The normals of a block of neurons, 0 … block_neurons − 1 from `first` on.
class Block {
 public:
  HWY_INLINE void draw(const LayerPass& pass, std::size_t first, std::size_t count) {
    const std::size_t group = first / draws_per_group;
    const std::size_t groups = (count + draws_per_group - 1) / draws_per_group;
    fill_normals(pass.xi, group, groups, xi_);
    fill_normals(pass.epsilon, group, groups, pass.orthogonal ? upsilon_ : epsilon_);
    direction_ = pass.orthogonal ? upsilon_ : epsilon_;
    if (pass.orthogonal) preactivate(*pass.orthogonal, group, groups);
  }

  const double* epsilon() const { return epsilon_; }
  /// ε, or υ where the weights are orthogonal.
  const double* direction() const { return direction_; }
  const double* xi() const { return xi_; }

 private:
  /// υ from ν, and ε from υ and the biases.
  HWY_INLINE void preactivate(const OrthogonalPreactivation& z, std::size_t group, std::size_t groups) {
    const LaneTag d;
    const auto scale = hn::Set(d, z.direction_scale);
    const auto weight_share = hn::Set(d, z.weight_share);
    const auto bias_share = hn::Set(d, z.bias_share);
    if (z.bias_share > 0) fill_normals(z.bias, group, groups, epsilon_);
    for (std::size_t i = 0; i < groups * draws_per_group; i += hn::Lanes(d)) {
      const auto upsilon = scale * hn::Load(d, upsilon_ + i);
      const auto bias = z.bias_share > 0 ? bias_share * hn::Load(d, epsilon_ + i) : hn::Zero(d);
      hn::Store(upsilon, d, upsilon_ + i);
      hn::Store(hn::MulAdd(weight_share, upsilon, bias), d, epsilon_ + i);
    }
  }

  HWY_ALIGN double epsilon_[block_neurons];
  HWY_ALIGN double upsilon_[block_neurons];
  HWY_ALIGN double xi_[block_neurons];
  const double* direction_ = nullptr;
};

/// The registers that make up one vector of 8 virtual lanes: neuron i always adds to lane i mod 8, in order
/// of i. `direction` is as in Block.
struct Neurons {
  hn::Vec<LaneTag> epsilon, direction, xi, alpha, slope;
};

/// Calls sum(j, neurons) for every vector j of the 8 virtual lanes, over all neurons. What is no neuron is
/// zero.
template <class Phi, class Sum>
HWY_INLINE void for_each_vector(const LayerPass& pass, const Phi& phi, Sum&& sum) {
  const LaneTag d;
  const VectorArithmetic<LaneTag> m;
  Block block;
  const auto scale = hn::Set(d, pass.scale);
  const auto n = static_cast<std::size_t>(pass.n);
  for (std::size_t first = 0; first < n && !stopped(pass.stop); first += block_neurons) {
    const std::size_t count = HWY_MIN(block_neurons, n - first);
    block.draw(pass, first, count);
    const auto add = [&](std::size_t i, std::size_t j, auto keep) HWY_ATTR {
      const auto e = keep(hn::Load(d, block.epsilon() + i));
      const auto a = phi(m, scale * e);
      sum(j, Neurons{e, keep(hn::Load(d, block.direction() + i)), keep(hn::Load(d, block.xi() + i)),
                     keep(a.value), keep(a.slope)});
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
  LaneSums<9> sums;
  for_each_vector(pass, phi, [&sums](std::size_t j, const Neurons& v) HWY_ATTR {
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

template <class Phi>
HWY_INLINE GradientSums gradient_sums(const LayerPass& pass, double beta, const Phi& phi) {
  LaneSums<3> sums;
  const auto b = hn::Set(LaneTag(), beta);
  for_each_vector(pass, phi, [&sums, b](std::size_t j, const Neurons& v) HWY_ATTR {
    const auto unsloped = hn::MulAdd(b, v.alpha, v.xi);
    const auto gradient = v.slope * unsloped;
    sums.add(0, j, gradient, gradient);
    sums.add(1, j, v.direction, gradient);
    sums.add(2, j, unsloped, unsloped);
  });
  return {sums.total(0), sums.total(1), sums.total(2)};
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
TailUnits find_tail_units(const LayerPass&) {
  refuse_target();
}
double sum_squares(const Stream&, std::size_t, const StopFlag*) {
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
HWY_EXPORT(sum_squares);
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
double sum_squares(const Stream& nu, std::int64_t n, const StopFlag* stop) {
  return HWY_DYNAMIC_DISPATCH(sum_squares)(nu, static_cast<std::size_t>(n), stop);
}

}  // namespace varprop
#endif
