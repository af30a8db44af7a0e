#include "workers/one_input/changed_layers.hpp"

#include <cmath>

#include "core/errors.hpp"
#include "core/random/binomial_chi_squared.hpp"
#include "core/random/normal_quantile.hpp"

namespace varprop::workers {

namespace {

template <class Vector>
double dot(const Vector& a, const Vector& b) {
  double sum = 0;
  for (std::size_t g = 0; g < a.size(); ++g) sum = std::fma(a[g], b[g], sum);
  return sum;
}

}  // namespace

/// Behind the last layer there is neither norm nor dropout, unless its activations are asked for.
ChangedPass ChangedNeuronLayers::pass(const LayerOfReplica& at) const {
  return {plain_.pass(at), at.activated ? network_.norm : Norm::none,
          at.activated && network_.keep < 1 ? std::optional(network_.mask(at.replica, at.l)) : std::nullopt};
}

ChangedLayerSums ChangedNeuronLayers::sum_changed(const LayerOfReplica& at) const {
  const ChangedPass changed = pass(at);
  const NormState norm = workers::find_norm(changed);
  const ChangedSums sums = sum_changed_layer(changed, norm);
  return {sums.sums, sums.values, sums.slope_xi_squared, norm.scale.mean_square};
}

GradientSums ChangedNeuronLayers::sum_gradient(const LayerOfReplica& at, double beta) const {
  const ChangedPass changed = pass(at);
  return sum_changed_gradient(changed, workers::find_norm(changed), beta);
}

ChangedRadialLayers::Groups ChangedRadialLayers::draw(const LayerOfReplica& at) const {
  VARPROP_EXPECT(at.range.linear.has_value() || !at.activated);
  const auto stream = [&](Purpose purpose) { return network_.stream(at.replica, at.l, purpose); };
  const Stream norms = stream(Purpose::radial_norm), along = stream(Purpose::radial_component);
  const std::int64_t n = network_.width(at.l), positive = binomial_half(stream(Purpose::radial_count), n);
  const bool drops = at.activated && network_.keep < 1;
  const Slopes slopes = at.activated ? *at.range.linear : Slopes{1, 1};
  Groups all{};
  for (std::size_t sign = 0; sign < 2; ++sign) {
    const std::int64_t count = sign == 0 ? positive : n - positive;
    const std::int64_t kept =
        drops ? binomial(stream(Purpose::mask), count, network_.keep, sign << 32) : count;
    for (std::size_t dropped = 0; dropped < 2; ++dropped) {
      const std::size_t g = 2 * dropped + sign;
      const std::int64_t size = dropped ? count - kept : kept;
      all.slope[g] = sign == 0 ? slopes.positive : slopes.negative;
      all.mask[g] = dropped ? 0 : drops ? 1 / network_.keep : 1;
      if (size == 0) continue;
      all.epsilon[g] = std::sqrt(ChiSquared(size)(norms, 2 * g));
      all.xi[g] = normal_from_bits(along.draw(g));
      all.xi_rest_squared[g] = ChiSquared(size - 1)(norms, 2 * g + 1);
    }
  }
  normalize(all, at.activated, static_cast<double>(n));
  return all;
}

/// N(x), φ and the signal that goes on.
void ChangedRadialLayers::normalize(Groups& all, bool activated, double n) const {
  const Norm norm = activated ? network_.norm : Norm::none;
  Vector x = all.epsilon;
  all.mean_square = 1;
  const auto to_mean_square_one = [&] {
    const double square = dot(x, x), factor = square > 0 ? 1 / std::sqrt(square) : 0;
    all.mean_square = square / n;
    for (std::size_t g = 0; g < groups; ++g) {
      all.unit[g] = factor * x[g];
      x[g] = std::sqrt(n) * all.unit[g];
    }
  };
  if (before_activation(norm)) to_mean_square_one();
  for (std::size_t g = 0; g < groups; ++g) x[g] *= all.slope[g];
  all.values = dot(x, x);
  if (behind_activation(norm)) to_mean_square_one();
  for (std::size_t g = 0; g < groups; ++g) all.signal[g] = all.mask[g] * x[g];
}

ChangedRadialLayers::Vector ChangedRadialLayers::back(const Groups& all, const Vector& v) const {
  Vector p;
  const bool behind = behind_activation(network_.norm);
  for (std::size_t g = 0; g < groups; ++g) p[g] = all.mask[g] * (behind ? 1 : all.slope[g]) * v[g];
  for (int time = 0; time < 2; ++time) {  // the second for what rounding left
    const double along = dot(all.unit, p);
    for (std::size_t g = 0; g < groups; ++g) p[g] = std::fma(-along, all.unit[g], p[g]);
  }
  if (behind) {
    for (std::size_t g = 0; g < groups; ++g) p[g] *= all.slope[g];
  }
  const double left = dot(p, p);
  double whole = 0;
  for (std::size_t g = 0; g < groups; ++g) {
    const double through = all.mask[g] * all.slope[g] * v[g];
    whole = std::fma(through, through, whole);
  }
  constexpr double nothing_limit = 1e-26;  // rounding: the projection leaves nothing
  return left <= nothing_limit * whole ? Vector{} : p;
}

ChangedLayerSums ChangedRadialLayers::sum_changed(const LayerOfReplica& at) const {
  const Groups all = draw(at);
  const Vector xi = back(all, all.xi), alpha = back(all, all.signal);
  double rest = 0;
  for (std::size_t g = 0; g < groups; ++g) {
    const double through = all.mask[g] * all.slope[g];
    rest = std::fma(through * through, all.xi_rest_squared[g], rest);
  }
  const LayerSums sums{dot(all.epsilon, all.epsilon),
                       dot(all.signal, all.signal),
                       dot(all.signal, all.xi),
                       dot(xi, xi) + rest,
                       dot(xi, alpha),
                       dot(alpha, alpha),
                       dot(all.epsilon, xi),
                       dot(all.epsilon, alpha)};
  return {sums, all.values, sums.slope_xi_squared, all.mean_square};
}

GradientSums ChangedRadialLayers::sum_gradient(const LayerOfReplica& at, double beta) const {
  const Groups all = draw(at);
  Vector v = all.xi;
  for (std::size_t g = 0; g < groups; ++g) v[g] = std::fma(beta, all.signal[g], v[g]);
  const Vector p = back(all, v);
  GradientSums sums{dot(p, p), dot(all.epsilon, p)};
  for (std::size_t g = 0; g < groups; ++g) {
    const double through = all.mask[g] * all.slope[g];
    sums.d_squared = std::fma(through * through, all.xi_rest_squared[g], sums.d_squared);
  }
  return sums;
}

}  // namespace varprop::workers
