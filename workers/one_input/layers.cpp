#include "workers/one_input/layers.hpp"

#include <cmath>

#include "core/errors.hpp"
#include "core/random/binomial_chi_squared.hpp"
#include "core/random/normal_quantile.hpp"

namespace varprop::workers {

RadialLayers::Sides RadialLayers::draw(const LayerOfReplica& at) const {
  VARPROP_EXPECT(at.range.linear.has_value() || !at.activated);
  const auto stream = [&](Purpose purpose) { return network_.stream(at.replica, at.l, purpose); };
  const Stream norms = stream(Purpose::radial_norm), along = stream(Purpose::radial_component);
  const std::int64_t positive = binomial_half(stream(Purpose::radial_count), network_.width(at.l));
  const auto side = [&](std::int64_t count, double slope, std::uint64_t number) -> Side {
    if (count == 0) return {slope, 0, 0, 0};
    return {slope, std::sqrt(ChiSquared(count)(norms, 2 * number)), normal_from_bits(along.draw(number)),
            ChiSquared(count - 1)(norms, 2 * number + 1)};
  };
  const Slopes slopes = at.activated ? *at.range.linear : Slopes{1, 1};
  return {side(positive, slopes.positive, 0), side(network_.width(at.l) - positive, slopes.negative, 1)};
}

LayerSums RadialLayers::sum(const LayerOfReplica& at) const {
  const Sides sides = draw(at);
  LayerSums sums{};
  for (const Side& s : {sides.positive, sides.negative}) {
    const double a = s.slope, a2 = a * a;
    const double epsilon_2 = s.epsilon_norm * s.epsilon_norm;
    const double epsilon_xi = s.epsilon_norm * s.xi_along;
    sums.epsilon_epsilon += epsilon_2;
    sums.alpha_alpha += a2 * epsilon_2;
    sums.alpha_xi += a * epsilon_xi;
    sums.slope_xi_squared += a2 * std::fma(s.xi_along, s.xi_along, s.xi_rest_squared);
    sums.slope2_xi_alpha += a2 * a * epsilon_xi;
    sums.slope_alpha_squared += a2 * a2 * epsilon_2;
    sums.epsilon_slope_xi += a * epsilon_xi;
    sums.epsilon_slope_alpha += a2 * epsilon_2;
  }
  return sums;
}

GradientSums RadialLayers::sum_gradient(const LayerOfReplica& at, double beta) const {
  const Sides sides = draw(at);
  GradientSums sums{0, 0};
  for (const Side& s : {sides.positive, sides.negative}) {
    const double along = std::fma(beta * s.slope, s.epsilon_norm, s.xi_along);
    sums.d_squared += s.slope * s.slope * std::fma(along, along, s.xi_rest_squared);
    sums.epsilon_d += s.slope * s.epsilon_norm * along;
  }
  return sums;
}

}  // namespace varprop::workers
