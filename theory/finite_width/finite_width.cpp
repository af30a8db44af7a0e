#include "theory/finite_width/finite_width.hpp"

#include <algorithm>
#include <boost/math/tools/roots.hpp>
#include <cmath>

#include "core/errors.hpp"
#include "theory/infinite_width/criticality.hpp"
#include "theory/infinite_width/infinite_width.hpp"
#include "theory/infinite_width/layer_map.hpp"

namespace varprop::theory {

namespace {

using Value = ValueOrReason<double>;

/// ln χ plus what the width adds.
Value rate_with(const InfiniteWidth& limit, const Value& addition) {
  const Value rate = backward_rate(limit);
  if (!rate) return rate;
  return addition ? Value(*rate + *addition) : addition;
}

/// κ₁/n, while what follows it in powers of 1/n can be neglected beside it.
Value drift_at(const GradientCorrection& correction, std::int64_t width) {
  constexpr double largest = 0.5;
  const double drift = correction.kappa_1 / static_cast<double>(width);
  if (std::abs(drift) <= largest) return drift;
  return Reason(Reason::too_narrow, std::abs(drift));
}

Value mean_of(const ValueOrReason<LogRatioLaw>& law) {
  return law ? Value(law->mean) : law.reason();
}

/// Walks from σ_w² of infinite width, where the rate is κ₁/n, to where it has the other sign.
class RateZero {
 public:
  RateZero(const InfiniteWidthPredictor& predict, WeightDistribution weights, double bias_variance,
           std::int64_t width)
      : predict_(predict), weights_(weights), bias_variance_(bias_variance), width_(width) {}

  Value near(double critical) const {
    double start = critical;
    Value at_start = rate(start);
    if (!at_start) at_start = rate(start *= beside());
    if (!at_start) return at_start;
    const double growth = *at_start < 0 ? 1.05 : 1 / 1.05;
    double low = start, low_rate = *at_start;
    while (std::abs(std::log(low / start)) < std::log(4.0)) {
      const double high = low * growth;
      const Value high_rate = rate(high);
      if (!high_rate) return high_rate;
      if (low_rate == 0 || *high_rate * low_rate < 0) return between(low, high);
      low = high, low_rate = *high_rate;
    }
    return Reason::no_zero_of_rate_nearby;
  }

 private:
  /// Where q* grows out of 0 at χ = 1 there is an expansion beside it; the zero is some 1/√n away.
  double beside() const { return 1 + 0.1 / std::sqrt(static_cast<double>(width_)); }

  Value rate(double weight) const {
    const Variances variances{weight, bias_variance_};
    const InfiniteWidth limit = predict_(variances, predict_.first_q(variances));
    return backward_rate_at_width(predict_.mean_field(), variances, limit, weights_, width_);
  }

  Value between(double a, double b) const {
    const auto log_rate = [this](double log_weight) {
      const Value value = rate(std::exp(log_weight));
      return value ? *value : 0.0;
    };
    std::uintmax_t iterations = 60;
    const boost::math::tools::eps_tolerance<double> tolerance(40);
    const auto [low, high] = boost::math::tools::toms748_solve(
        log_rate, std::log(std::min(a, b)), std::log(std::max(a, b)), tolerance, iterations);
    return std::exp(0.5 * (low + high));
  }

  const InfiniteWidthPredictor& predict_;
  WeightDistribution weights_;
  double bias_variance_;
  std::int64_t width_;
};

/// Every layer alike: homogeneous φ without bias.
NetworkLaw network_of_straight_lines(double chi, double log_first_q, const LogRatioLaw& layer,
                                     const LogRatioLaw& first, double layers) {
  return {.forward_mean = log_first_q + layers * (std::log(chi) + layer.mean) + first.mean,
          .forward_variance = layers * layer.variance + first.variance,
          .backward_mean = layers * (std::log(chi) + layer.mean),
          .backward_variance = layers * layer.variance};
}

}  // namespace

bool is_linear(const ActivationFacts& facts) {
  return facts.homogeneous() && facts.at_zero.negative == facts.at_zero.positive;
}

std::optional<Reason> strays_far(const ForwardCorrection& forward, std::int64_t width) {
  constexpr double largest = 0.5;
  const double variance = std::max(forward.fluctuation - 2, 0.0) / static_cast<double>(width);
  if (std::sqrt(variance) <= largest) return std::nullopt;
  return Reason(Reason::strays_far_from_q_star, std::sqrt(variance));
}

ValueOrReason<double> backward_rate(const InfiniteWidth& limit) {
  if (std::isinf(limit.chi)) return Reason::grows_ever_faster;
  if (limit.chi > 0) return std::log(limit.chi);
  return limit.no_fixed_point ? Reason::falls_ever_faster : Reason::chi_is_0;
}

ValueOrReason<LogRatioLaw> free_law(const ActivationFacts& facts, Variances variances,
                                    const InfiniteWidth& limit, WeightDistribution weights,
                                    std::int64_t width) {
  const auto slopes = slopes_without_fixed_point(facts, variances, limit);
  if (!slopes) return slopes.reason();
  const auto law = slopes_log_ratio(*slopes, width, weights);
  const bool alike = facts.homogeneous() && variances.bias == 0.0;
  if (!law || alike) return law;
  constexpr std::int64_t least_width = 20;  // 2^−20 = 10⁻⁶
  const bool one_sided = slopes->negative == 0 || slopes->positive == 0;
  if (one_sided && width < least_width) return Reason(Reason::falls_back, static_cast<double>(width));
  constexpr double least_exponent = 6, laws_begin = 6;  // in units of 1/|ln χ|
  const double rate = std::log(limit.chi), drift = rate + law->mean;
  const bool stays =
      drift * rate > 0 && 2 * laws_begin * drift * drift >= least_exponent * std::abs(rate) * law->variance;
  if (!stays) return Reason(Reason::leaves_its_asymptote, drift, law->mean);
  return law;
}

ValueOrReason<double> backward_rate_at_width(const MeanField& mean_field, Variances variances,
                                             const InfiniteWidth& limit, WeightDistribution weights,
                                             std::int64_t width) {
  VARPROP_EXPECT(width >= 1);
  const ActivationFacts& facts = mean_field.facts();
  if (is_linear(facts)) return rate_with(limit, mean_of(slopes_log_ratio(facts.at_zero, width, weights)));
  if (slopes_without_fixed_point(facts, variances, limit))
    return rate_with(limit, mean_of(free_law(facts, variances, limit, weights, width)));
  const auto correction = gradient_correction(mean_field, variances, limit, weights);
  if (!correction) return correction.reason();
  return rate_with(limit, drift_at(*correction, width));
}

ValueOrReason<double> critical_weight_variance_at_width(const InfiniteWidthPredictor& predict,
                                                        WeightDistribution weights, double bias_variance,
                                                        std::int64_t width) {
  const ActivationFacts& facts = predict.mean_field().facts();
  if (is_linear(facts) || (facts.homogeneous() && bias_variance == 0.0)) {
    const auto law = slopes_log_ratio(facts.at_zero, width, weights);
    if (!law) return law.reason();
    return std::exp(-law->mean) / mean_square(facts.at_zero);
  }
  if (facts.homogeneous()) return Reason::no_q_star_at_chi_1;
  const auto critical = critical_weight_variance(predict, bias_variance);
  if (!critical) return critical;
  return RateZero(predict, weights, bias_variance, width).near(*critical);
}

namespace {

/// Why the expansion about the fixed point says nothing of networks with this profile; nothing where it holds
/// for most of their layers.
std::optional<Reason> unsettled(const InfiniteWidth& limit, const std::vector<double>& log_profile) {
  constexpr double near = 0.1;       // of ln q
  constexpr double least_depth = 6;  // of ξ_q
  if (!limit.q_star) return Reason::unknown_while_growing;
  if (*limit.q_star == 0.0) return Reason::unknown_while_dying;
  if (!limit.transient) return limit.transient.reason();
  const auto layers = static_cast<double>(log_profile.size());
  const double needed = least_depth * *limit.transient;
  if (layers < needed) return Reason(Reason::too_shallow_to_settle, needed, layers);
  const double off = log_profile[log_profile.size() / 4] - std::log(*limit.q_star);
  if (std::abs(off) >= near) return Reason(Reason::still_off_after_a_quarter, off);
  return std::nullopt;
}

NetworkLaw unknown_law(Reason reason) {
  return {reason, reason, reason, reason};
}

/// To first order in 1/n about a fixed point.
NetworkLaw expanded_law(const MeanField& mean_field, Variances variances, const InfiniteWidth& limit,
                        std::int64_t width, const std::vector<double>& log_profile) {
  const auto n = static_cast<double>(width), layers = static_cast<double>(log_profile.size()) - 1;
  if (const auto reason = unsettled(limit, log_profile)) return unknown_law(*reason);
  const auto backward = gradient_correction(mean_field, variances, limit, WeightDistribution::gaussian);
  const auto forward = forward_correction(mean_field, variances, limit);
  if (const auto reason = forward ? strays_far(*forward, width) : std::nullopt) return unknown_law(*reason);
  const Value drift = backward ? drift_at(*backward, width) : backward.reason();
  NetworkLaw law = unknown_law(drift.reason());
  if (drift) {
    law.backward_mean = log_gradient_gain(mean_field, variances, log_profile) + *drift * layers;
    law.backward_variance = backward->fluctuation * layers / n;
    law.backward_neglected = backward->neglected * layers / (n * n);
  }
  law.forward_mean = forward ? Value(log_profile.back() + forward->drift / n) : forward.reason();
  law.forward_variance = forward ? Value(forward->fluctuation / n) : forward.reason();
  if (forward) law.forward_neglected = forward->neglected / (n * n);
  return law;
}

}  // namespace

NetworkLaw network_law(const MeanField& mean_field, Variances variances, const InfiniteWidth& limit,
                       WeightDistribution weights, std::int64_t width,
                       const std::vector<double>& log_profile) {
  const auto layers = static_cast<double>(log_profile.size()) - 1;
  const bool alike = mean_field.facts().homogeneous() && variances.bias == 0.0;
  const auto layer = exact_log_ratio(mean_field.facts(), width, weights);
  if (alike && !layer) return unknown_law(layer.reason());
  if (alike) {
    const LogRatioLaw first =
        weights == WeightDistribution::orthogonal ? LogRatioLaw{0, 0} : linear_log_ratio(width);
    return network_of_straight_lines(limit.chi, log_profile.front(), *layer, first, layers);
  }
  NetworkLaw law = weights == WeightDistribution::gaussian
                       ? expanded_law(mean_field, variances, limit, width, log_profile)
                       : unknown_law(Reason::only_gaussian);
  const auto line = slopes_log_ratio(mean_field.facts().at_zero, width, weights);
  if (is_linear(mean_field.facts()) && line) {
    law.backward_mean = layers * (std::log(limit.chi) + line->mean);
    law.backward_variance = layers * line->variance;
    law.backward_neglected = 0;
  }
  return law;
}

}  // namespace varprop::theory
