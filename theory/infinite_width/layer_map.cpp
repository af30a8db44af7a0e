#include "theory/infinite_width/layer_map.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/errors.hpp"
#include "theory/means/log_ratio.hpp"

namespace varprop::theory {

Variances variances_of(const Point& point, VarianceScaling scaling) {
  const double weight = point.weight_variance.value();
  const double fan_in = scaling == VarianceScaling::none ? static_cast<double>(point.width.value()) : 1.0;
  return {weight * fan_in, point.bias_variance.value()};
}

double first_layer_variance(Variances variances, double input_mean_square) {
  return variances.weight * input_mean_square + variances.bias;
}

namespace {

/// ln M(s), M(s) = E e^{−3su²} for u uniform on (−1, 1); by its series where M is near 1.
double log_laplace_transform(double s) {
  const double y = 3 * s;
  if (y > 1) return std::log(std::sqrt(std::numbers::pi / y) / 2 * std::erf(std::sqrt(y)));
  double sum = 0, power = 1;
  for (int k = 1; k <= 20; ++k) {
    power *= -y / k;
    sum += power / (2 * k + 1);
  }
  return std::log1p(sum);
}

}  // namespace

double mean_log_input_square(InputDistribution input, Width width) {
  const auto n = static_cast<double>(width.value());
  switch (input) {
    case InputDistribution::sphere:
    case InputDistribution::rademacher:
      return 0.0;  // |x|² = n exactly
    case InputDistribution::gaussian:
    case InputDistribution::positive:
      return linear_log_ratio(width.value()).mean;
    case InputDistribution::uniform:
      return log_moments([n](double t) { return n * log_laplace_transform(t / n); }).mean;
  }
  VARPROP_ASSERT(!"an input distribution without its mean");
  return 0.0;
}

double mean_log_input_square(const NetworkSettings& settings, Width width) {
  return mean_log_input_square(settings.input, width) + std::log(settings.input_mean_square);
}

namespace {

const double largest_log_q = 290 * std::log(10.0);

/// ln V, by V(λq) = λV(q) beyond ±largest_log_q where φ(0) = 0 or φ is not bounded.
double log_V(const MeanField& mean_field, double log_q) {
  const double within = std::clamp(log_q, -largest_log_q, largest_log_q);
  const ActivationFacts& facts = mean_field.facts();
  if (facts.power != 0) return std::log(mean_field.V(1).value) + facts.power * log_q;
  const bool straight = log_q < 0 ? facts.value_at_zero == 0.0 : mean_square(facts.at_infinity) > 0;
  return std::log(mean_field.V(std::exp(within)).value) + (straight ? log_q - within : 0.0);
}

/// ln(e^a + e^b).
double log_of_sum(double a, double b) {
  const double larger = std::max(a, b);
  return std::isinf(larger) ? larger : larger + std::log1p(std::exp(std::min(a, b) - larger));
}

}  // namespace

LayerState PlainLayer::next(const LayerState& state, int) const {
  return {
      log_of_sum(std::log(variances_.weight) + log_V(mean_field_, state.log_q), std::log(variances_.bias))};
}

double PlainLayer::log_gradient_factor(const LayerState& state, int) const {
  if (const int power = mean_field_.facts().power)
    return std::log(variances_.weight * mean_field_.D(1).value) + (power - 1) * state.log_q;
  const double within = std::clamp(state.log_q, -largest_log_q, largest_log_q);
  return std::log(variances_.weight) + std::log(mean_field_.D(std::exp(within)).value);
}

std::vector<LayerState> layer_profile(const LayerMap& map, LayerState first, int depth) {
  VARPROP_EXPECT(std::isfinite(first.log_q) && depth >= 1);
  std::vector<LayerState> profile{first};
  extend_profile(profile, map, depth);
  return profile;
}

void extend_profile(std::vector<LayerState>& profile, const LayerMap& map, int depth) {
  VARPROP_EXPECT(!profile.empty());
  constexpr double settled = 4 * std::numeric_limits<double>::epsilon();
  while (static_cast<int>(profile.size()) < depth) {
    const LayerState here = profile.back(), next = map.next(here, static_cast<int>(profile.size()));
    const bool stays = map.alike() && (next == here || std::abs(next.log_q - here.log_q) < settled);
    profile.resize(stays ? static_cast<std::size_t>(depth) : profile.size() + 1, next);
  }
}

std::vector<double> log_gradient_factors(const LayerMap& map, const std::vector<LayerState>& profile) {
  std::vector<double> factors;
  for (std::size_t l = 0; l < profile.size(); ++l) {
    const bool same = l > 0 && map.alike() && profile[l] == profile[l - 1];
    factors.push_back(same ? factors.back() : map.log_gradient_factor(profile[l], static_cast<int>(l) + 1));
  }
  return factors;
}

std::vector<double> log_variance_profile(const MeanField& mean_field, Variances variances, double log_first_q,
                                         int depth) {
  std::vector<double> log_q;
  for (const LayerState& state : layer_profile(PlainLayer(mean_field, variances), {log_first_q}, depth))
    log_q.push_back(state.log_q);
  return log_q;
}

double log_given_square(Variances variances, double log_q) {
  const double bias_share = variances.bias == 0 ? 0 : variances.bias * std::exp(-log_q);
  return log_q + std::log1p(-bias_share) - std::log(variances.weight);
}

double log_gradient_gain(const MeanField& mean_field, Variances variances, const std::vector<double>& log_q) {
  std::vector<LayerState> profile;
  for (std::size_t l = 0; l + 1 < log_q.size(); ++l) profile.push_back({log_q[l]});
  double sum = 0;
  for (const double gain : log_gradient_factors(PlainLayer(mean_field, variances), profile)) sum += gain;
  return sum;
}

}  // namespace varprop::theory
