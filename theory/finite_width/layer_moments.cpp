#include "theory/finite_width/layer_moments.hpp"

#include <algorithm>
#include <cmath>

#include "theory/infinite_width/layer_map.hpp"
#include "theory/means/quadrature.hpp"

namespace varprop::theory {

namespace {

constexpr double spacing = 0.125;                                         // of nodes in ln q
constexpr double lowest_log_q = -30, highest_log_q = 60;                  // beyond them φ is its two lines
constexpr int first_node = static_cast<int>(lowest_log_q / spacing) - 1;  // a cubic needs one on either side
constexpr int node_count = static_cast<int>(highest_log_q / spacing) + 3 - first_node;
constexpr double least_log_share = -1e6;

}  // namespace

LayerMomentTable::LayerMomentTable(const MeanField& mean_field)
    : mean_field_(mean_field), nodes_(node_count) {}

LayerMoments LayerMomentTable::compute(double log_q) const {
  const ActivationFacts& facts = mean_field_.facts();
  const double q = effective_variance(facts, std::exp(log_q));
  const double unit = std::sqrt(facts.value_at_zero == 0 ? q : std::max(1.0, q));  // keeps φ⁴ in range
  const Phi phi(mean_field_.activation());
  const auto mean = [&](const auto& f) {
    return gaussian_mean(facts.kinks, q,
                         [&](double x, double z) {
                           const auto [value, slope] = phi(x);
                           return f(z * z, value * value / (unit * unit), slope * slope);  // z², φ², φ'²
                         })
        .value;
  };
  const double V = mean([](double, double f, double) { return f; });
  const double D = mean([](double, double, double s) { return s; });
  const auto second = [](double z2) { return (z2 - 1) / 2; };  // by it E f(√qZ) is differentiated (Hermite)
  const auto fourth = [](double z2) { return (z2 * (z2 - 6) + 3) / 4; };
  LayerMoments moments{};
  put_dead_shares(moments, q);
  if (!(V > 0 && D > 0)) {  // flat near 0, and nothing comes so far
    moments[log_V] = moments[log_D] = least_log_share;
    moments[signal_kurtosis] = moments[slope_kurtosis] = moments[common] = 1;
    return moments;
  }
  moments[log_V] = std::log(V) + 2 * std::log(unit);
  moments[log_D] = std::log(D);
  moments[signal_kurtosis] = mean([](double, double f, double) { return f * f; }) / (V * V);
  moments[slope_kurtosis] = mean([](double, double, double s) { return s * s; }) / (D * D);
  moments[common] = mean([](double, double f, double s) { return f * s; }) / (V * D);
  moments[V_slope] = mean([&](double z2, double f, double) { return f * second(z2); }) / V;
  moments[V_curvature] = mean([&](double z2, double f, double) { return f * fourth(z2); }) / V;
  moments[D_slope] = mean([&](double z2, double, double s) { return s * second(z2); }) / D;
  moments[D_curvature] = mean([&](double z2, double, double s) { return s * fourth(z2); }) / D;
  moments[slope_of_large] = mean([](double z2, double, double s) { return z2 * s; }) / D;
  return moments;
}

/// A tail in which φ' only falls is alive, however small doubles find it.
void LayerMomentTable::put_dead_shares(LayerMoments& moments, double q) const {
  const ActivationFacts& facts = mean_field_.facts();
  const Phi phi(mean_field_.activation());
  const auto dead = [&](double x) {
    return !(x < 0 ? facts.decays.negative : facts.decays.positive) && phi.slope(x) == 0;
  };
  const auto log_share = [&](const auto& condition) {
    const double share =
        gaussian_mean(facts.kinks, q, [&](double x, double) { return condition(x) ? 1.0 : 0.0; }).value;
    return share > 0 ? std::clamp(std::log(share), least_log_share, 0.0) : least_log_share;
  };
  moments[log_dead_gradient] = log_share(dead);
  moments[log_dead_signal] = log_share([&](double x) { return dead(x) && phi.value(x) == 0; });
}

const LayerMoments& LayerMomentTable::node(int i) {
  auto& known = nodes_[static_cast<std::size_t>(i - first_node)];
  if (!known) known = compute(spacing * i);
  return *known;
}

/// Cubics through the four nodes about it, for shares that fall off a cliff lines; beyond the table ln V goes
/// on straight where φ does.
LayerMoments LayerMomentTable::at(double log_q) {
  const double within = std::clamp(log_q, lowest_log_q, highest_log_q);
  const double place = within / spacing;
  const int i = static_cast<int>(std::floor(place));
  const double t = place - i;
  const std::array<double, 4> weight{-t * (t - 1) * (t - 2) / 6, (t + 1) * (t - 1) * (t - 2) / 2,
                                     -(t + 1) * t * (t - 2) / 2, (t + 1) * t * (t - 1) / 6};
  LayerMoments sum{};
  for (int k = 0; k < 4; ++k) {
    const LayerMoments& moments = node(i - 1 + k);
    for (std::size_t m = 0; m < smooth_count; ++m) sum[m] += weight[static_cast<std::size_t>(k)] * moments[m];
  }
  for (std::size_t m = smooth_count; m < count; ++m) sum[m] = std::lerp(node(i)[m], node(i + 1)[m], t);
  const ActivationFacts& facts = mean_field_.facts();
  if (facts.power != 0) {
    sum[log_V] += facts.power * (log_q - within), sum[log_D] += (facts.power - 1) * (log_q - within);
    return sum;
  }
  const bool straight = log_q < within ? facts.value_at_zero == 0.0 : mean_square(facts.at_infinity) > 0;
  if (straight) sum[log_V] += log_q - within;
  return sum;
}

}  // namespace varprop::theory
