// The neurons of one layer, a block at a time: their normals, and what the activation makes of them. Included
// once per SIMD target (Highway's foreach_target).
#if defined(VARPROP_WORKERS_KERNELS_LAYER_BLOCK_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef VARPROP_WORKERS_KERNELS_LAYER_BLOCK_INL_HPP_
#undef VARPROP_WORKERS_KERNELS_LAYER_BLOCK_INL_HPP_
#else
#define VARPROP_WORKERS_KERNELS_LAYER_BLOCK_INL_HPP_
#endif

#include <cstddef>
#include <span>

#include "core/random/normals-inl.hpp"
#include "core/simd/lanes-inl.hpp"
#include "workers/kernels/drawn_layer.hpp"

#if VARPROP_VECTOR_TARGET
HWY_BEFORE_NAMESPACE();
namespace varprop::workers::HWY_NAMESPACE {

using namespace varprop::HWY_NAMESPACE;

/// Neurons of which the normals are in the level-1 cache at a time.
inline constexpr std::size_t block_groups = 16;
inline constexpr std::size_t block_neurons = block_groups * draws_per_group;

HWY_INLINE std::size_t groups_of(std::size_t count) {
  return (count + draws_per_group - 1) / draws_per_group;
}

/// A block of neurons: its normals, and what the activation makes of them; zero where there is no neuron.
class LayerBlock {
 public:
  /// `count` neurons from `first` on, a multiple of the block's.
  HWY_INLINE void draw(const LayerPass& pass, std::size_t first, std::size_t count) {
    draw_epsilon(pass, first, count);
    fill_normals(pass.xi, first / draws_per_group, groups_of(count), xi_);
    for (std::size_t i = count; i < size_; ++i) xi_[i] = 0;
  }
  /// ε alone.
  HWY_INLINE void draw_epsilon(const LayerPass& pass, std::size_t first, std::size_t count) {
    const std::size_t group = first / draws_per_group;
    count_ = count;
    size_ = (count + 7) / 8 * 8;
    fill_normals(pass.epsilon, group, groups_of(count), pass.orthogonal ? upsilon_ : epsilon_);
    direction_ = pass.orthogonal ? upsilon_ : epsilon_;
    if (pass.orthogonal) preactivate(*pass.orthogonal, group);
    for (double* normals : {epsilon_, upsilon_}) {
      for (std::size_t i = count; i < size_; ++i) normals[i] = 0;
    }
  }
  HWY_INLINE void activate(const ActivationPass& pass) { activate(pass, epsilon()); }
  /// Of these in the place of ε.
  HWY_INLINE void activate(const ActivationPass& pass, std::span<const double> preactivation) {
    workers::activate(pass, static_cast<std::int64_t>(count_), preactivation, {alpha_, size_},
                      {slope_, size_});
  }

  std::size_t count() const { return count_; }  ///< neurons

  std::size_t size() const { return size_; }  ///< a multiple of 8
  std::span<const double> epsilon() const { return {epsilon_, size_}; }
  /// ε, or υ where the weights are orthogonal.
  const double* direction() const { return direction_; }
  const double* xi() const { return xi_; }
  const double* alpha() const { return alpha_; }
  const double* slope() const { return slope_; }

 private:
  /// υ from ν, and ε from υ and the biases.
  HWY_INLINE void preactivate(const OrthogonalPreactivation& z, std::size_t group) {
    const LaneTag d;
    const auto scale = hn::Set(d, z.direction_scale);
    const auto weight_share = hn::Set(d, z.weight_share);
    const auto bias_share = hn::Set(d, z.bias_share);
    if (z.bias_share > 0) fill_normals(z.bias, group, groups_of(count_), epsilon_);
    for (std::size_t i = 0; i < size_; i += hn::Lanes(d)) {
      const auto upsilon = scale * hn::Load(d, upsilon_ + i);
      const auto bias = z.bias_share > 0 ? bias_share * hn::Load(d, epsilon_ + i) : hn::Zero(d);
      hn::Store(upsilon, d, upsilon_ + i);
      hn::Store(hn::MulAdd(weight_share, upsilon, bias), d, epsilon_ + i);
    }
  }

  HWY_ALIGN double epsilon_[block_neurons];
  HWY_ALIGN double upsilon_[block_neurons];
  HWY_ALIGN double xi_[block_neurons];
  HWY_ALIGN double alpha_[block_neurons];
  HWY_ALIGN double slope_[block_neurons];
  const double* direction_ = nullptr;
  std::size_t count_ = 0;
  std::size_t size_ = 0;
};

/// Calls use(block) for every block of neurons.
template <class Use>
HWY_INLINE void for_each_block(const LayerPass& pass, Use&& use) {
  LayerBlock block;
  const auto n = static_cast<std::size_t>(pass.n);
  for (std::size_t first = 0; first < n && !stopped(pass.stop); first += block_neurons) {
    block.draw(pass, first, HWY_MIN(block_neurons, n - first));
    use(block);
  }
}

}  // namespace varprop::workers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif  // VARPROP_VECTOR_TARGET

#endif  // per target
