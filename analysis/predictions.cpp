#include "analysis/predictions.hpp"

#include <cmath>

#include "theory/critical_variance.hpp"
#include "theory/first_layer.hpp"

namespace varprop {

namespace {

Reasoned<double> log_chi(const InfiniteWidth& limit) {
  if (!(limit.chi > 0)) return Reasoned<double>::none("chi is 0");
  return std::log(limit.chi);
}

/// The straight lines that a signal feels which nothing holds: φ's slopes at 0 where it dies, at infinity
/// where it grows.
ActivationFacts felt_lines(const ActivationFacts& facts, const InfiniteWidth& limit) {
  ActivationFacts lines = facts;
  const bool dies = limit.q_star && *limit.q_star == 0;
  lines.at_zero = lines.at_infinity = dies ? facts.at_zero : facts.at_infinity;
  lines.value_at_zero = 0;
  return lines;
}

/// The rate of a homogeneous activation without bias at width n beyond ln χ, in either direction.
Reasoned<double> homogeneous_drift(const ActivationFacts& lines,
                                   const Reasoned<GradientCorrection>& correction, std::int64_t n) {
  const auto law = exact_log_ratio(lines, n);
  if (law) return law->mean;
  if (correction) return correction->kappa_1 / static_cast<double>(n);
  return Reasoned<double>::none(law.reason());
}

Reasoned<double> sum_of(double a, const Reasoned<double>& b) {
  return b ? Reasoned<double>(a + *b) : b;
}

}  // namespace

const PointTheory& Predictions::operator()(const Point& point) {
  const Variances variances = variances_of(point, ensemble_.variance_scaling);
  const std::tuple key(MapKey(point.activation.text(), variances.weight, variances.bias), point.weights,
                       point.width);
  const auto found = known_.find(key);
  return found != known_.end() ? found->second
                               : known_.emplace(key, theory_of(point, variances)).first->second;
}

const InfiniteWidthPredictor& Predictions::predictor(const Activation& activation) {
  return predictors_.try_emplace(activation.text(), activation).first->second;
}

Reasoned<double> Predictions::critical_weight_variance(const Point& point) {
  return in_units_of(point, varprop::critical_weight_variance(predictor(point.activation), point.bias_variance.value()));
}

Reasoned<double> Predictions::critical_weight_variance_at_width(const Point& point) {
  return in_units_of(point, varprop::critical_weight_variance_at_width(predictor(point.activation), point.weights,
                                                                       point.bias_variance.value(), point.width.value()));
}

/// Of σ_w² = n Var W_ij, what stands in a sweep file.
Reasoned<double> Predictions::in_units_of(const Point& point, const Reasoned<double>& weight_variance) const {
  if (ensemble_.variance_scaling == VarianceScaling::fan_in || !weight_variance) return weight_variance;
  return *weight_variance / static_cast<double>(point.width.value());
}

const InfiniteWidth& Predictions::limit_of(const Point& point, Variances variances) {
  const MapKey key(point.activation.text(), variances.weight, variances.bias);
  const auto found = limits_.find(key);
  if (found != limits_.end()) return found->second;
  return limits_.emplace(key, predictor(point.activation)(variances, first_layer_variance(variances)))
      .first->second;
}

PointTheory Predictions::theory_of(const Point& point, Variances variances) {
  const InfiniteWidth& limit = limit_of(point, variances);
  const MeanField& mean_field = predictor(point.activation).mean_field();
  const ActivationFacts lines = felt_lines(mean_field.facts(), limit);
  const auto none = Reasoned<double>::none("known for Gaussian weights only");
  PointTheory theory{limit, log_chi(limit), none, none, gradient_correction(mean_field, variances, limit)};
  if (point.weights != Weights::gaussian || !theory.backward_rate) return theory;
  const std::int64_t n = point.width.value();
  const bool homogeneous = mean_field.facts().homogeneous() && variances.bias == 0;
  const auto drift = homogeneous_drift(lines, theory.correction, n);
  if (limit.free_running) theory.forward_rate_n = sum_of(std::log(limit.chi_q), drift);
  if (homogeneous) {
    theory.backward_rate_n = sum_of(*theory.backward_rate, drift);
  } else if (theory.correction) {
    theory.backward_rate_n = *theory.backward_rate + theory.correction->kappa_1 / static_cast<double>(n);
  } else {
    theory.backward_rate_n = Reasoned<double>::none(theory.correction.reason());
  }
  return theory;
}

}  // namespace varprop
