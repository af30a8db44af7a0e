#include "theory/networks/network_theory.hpp"

#include <algorithm>
#include <cmath>

#include "theory/means/log_ratio.hpp"
#include "theory/streams/stream_theory.hpp"

namespace varprop::theory {

namespace {

/// Straight lines, no biases, Gaussian weights: layers whose logarithms are sums of independent ones.
bool has_exact_layers(const MeanField& mean_field, const Point& point) {
  return mean_field.facts().homogeneous() && point.bias_variance.value() == 0 &&
         point.weights == WeightDistribution::gaussian;
}

LogRatioLaw layer_law(const MeanField& mean_field, const Point& point, std::int64_t width) {
  return dropout_log_ratio(mean_field.facts().at_zero, width, point.keep.value());
}

/// With a norm: q_2 is q*, and the layers from there on are alike; a norm in front divides in the first by
/// q_1.
InfiniteWidth normed_limit(const NetworkLayers& layers) {
  const LayerState settled = layers.next(layers.first(), 1);
  const double q = std::exp(settled.log_q);
  return {.q_star = q,
          .chi = std::exp(layers.log_gradient_factor(settled, 2)),
          .chi_q = 0,
          .xi_q = Reason::shorter_than_a_layer,
          .fixed_points = {q},
          .transient = 0.0,
          .onset = 2,
          .no_fixed_point = false};
}

/// Without: the plain map of σ_w²/p.
InfiniteWidth dropout_limit(const InfiniteWidthPredictor& predict, const Point& point,
                            const NetworkLayers& layers) {
  const Variances variances{std::exp(layers.log_weight(1)) / point.keep.value(), point.bias_variance.value()};
  return predict(variances, std::exp(layers.first().log_q));
}

/// Networks whose layers behind the first are one map.
struct AlikeLayers {
  Point point;  ///< of three layers: the map does not depend on the depth, and needs one behind the second
  NetworkLayers layers;

  static std::optional<AlikeLayers> of(const InfiniteWidthPredictor& predict, Point point,
                                       const NetworkSettings& settings) {
    const bool biases_differ = settings.bias_scaling != BiasScaling::none && point.bias_variance.value() > 0;
    if (has_stream(point.block) || !has_one_map(point, settings) || biases_differ) return std::nullopt;
    if (equal_widths(point)) point.shape = Shape();
    point.depth = Depth(3);
    return AlikeLayers{point, NetworkLayers(predict.mean_field(), point, settings)};
  }

  InfiniteWidth limit(const InfiniteWidthPredictor& predict) const {
    return point.norm != Norm::none ? normed_limit(layers) : dropout_limit(predict, point, layers);
  }
};

/// Layers at their settled variances; nothing where they have none, but for homogeneous φ without biases,
/// whose correlations do not ask for them.
std::optional<ChangedPairs> settled_pairs(const MeanField& mean_field, const Point& point,
                                          const NetworkLayers& layers, const InfiniteWidth& limit) {
  const double p = point.keep.value(), weight = std::exp(layers.log_weight(2));
  const bool scale_free = mean_field.facts().homogeneous() && point.bias_variance.value() == 0;
  const double next_q = scale_free && point.norm == Norm::none ? 1 : (limit.q_star ? *limit.q_star : 0);
  if (next_q <= 0) return std::nullopt;
  const double q = before_activation(point.norm) ? 1 : next_q;
  if (point.norm == Norm::none && scale_free) {
    const double V = mean_field.V(q).value;
    return ChangedPairs{q, p / V, 1, 1 - p};
  }
  const LayerState state{std::log(next_q)};
  const double from_weights = weight * std::exp(layers.log_activation(state)) / p;
  double divided_by = 1;
  if (behind_activation(point.norm)) divided_by = std::exp(layers.log_variance_of_values(state));
  return ChangedPairs{q, weight / divided_by, next_q, (1 - p) * from_weights / next_q};
}

/// Why a layer has no exact law at its width.
ValueOrReason<LogRatioLaw> law_at_width(const MeanField& mean_field, const Point& point) {
  if (!has_exact_layers(mean_field, point) || !equal_widths(point)) return Reason::other_networks;
  if (point.norm == Norm::none) return layer_law(mean_field, point, point.width.value());
  if (point.norm == Norm::pre_rms && point.keep == Keep(1))
    return normed_log_ratio(mean_field.facts(), point.width.value());
  return Reason::other_networks;
}

}  // namespace

CorrelationLimit network_correlation(const InfiniteWidthPredictor& predict, const Point& point,
                                     const NetworkSettings& settings) {
  const auto alike = AlikeLayers::of(predict, point, settings);
  if (!alike) return unknown_theory(Reason::other_networks).correlation;
  const auto pairs = settled_pairs(predict.mean_field(), alike->point, alike->layers, alike->limit(predict));
  if (!pairs) return unknown_theory(Reason::other_networks).correlation;
  return correlation_limit(predict.mean_field(), *pairs);
}

PointTheory network_theory(const InfiniteWidthPredictor& predict, const Point& point,
                           const NetworkSettings& settings) {
  PointTheory theory = unknown_theory(Reason::other_networks);
  const auto alike = AlikeLayers::of(predict, point, settings);
  if (!alike) return theory;
  const MeanField& mean_field = predict.mean_field();
  const bool normed = point.norm != Norm::none;
  theory.limit = alike->limit(predict);
  theory.backward_rate = backward_rate(theory.limit);
  if (theory.limit.chi > 0) theory.phase = phase_of(theory.limit.chi);
  const auto law = law_at_width(mean_field, point);
  if (!law) return theory;
  theory.backward_rate_n = *theory.backward_rate + law->mean;
  theory.backward_variance_n = law->variance;
  if (!normed) theory.forward_rate_n = std::log(theory.limit.chi_q) + law->mean;
  return theory;
}

NetworkProfiles network_profiles(const InfiniteWidthPredictor& predict, const Point& point,
                                 const NetworkSettings& settings, double off) {
  const NetworkLayers layers(predict.mean_field(), point, settings);
  const int L = point.depth.value();
  const auto states = layer_profile(layers, {layers.first().log_q + off}, L);
  NetworkProfiles profiles;
  profiles.log_g.resize(states.size());
  for (int l = L - 1; l >= 1; --l) {
    const auto i = static_cast<std::size_t>(l) - 1;
    profiles.log_g[i] = profiles.log_g[i + 1] + layers.log_gradient_factor(states[i], l);
  }
  for (int l = 1; l <= L; ++l) {
    const auto i = static_cast<std::size_t>(l) - 1;
    profiles.log_q.push_back(states[i].log_q);
    profiles.log_a.push_back(layers.log_activation(states[i]));
    profiles.log_weight_gradient.push_back(profiles.log_g[i] + layers.log_from_weights(states[i], l) -
                                           entry_variance(point, settings.variance_scaling, l).ln());
  }
  return profiles;
}

NetworkLaw network_law(const InfiniteWidthPredictor& predict, const Point& point,
                       const NetworkSettings& settings) {
  const MeanField& mean_field = predict.mean_field();
  if (has_stream(point.block)) {
    const auto totals = stream_totals(mean_field, point, settings);
    const double log_input = std::log(settings.input_mean_square);
    return {totals.transform([log_input](const StreamTotals& t) { return log_input + t.forward; }),
            Reason::other_networks, totals.transform([](const StreamTotals& t) { return t.backward; }),
            Reason::other_networks};
  }
  const NetworkProfiles limit = network_profiles(predict, point, settings);
  NetworkLaw law{limit.log_q.back(), Reason::other_networks, limit.log_g.front(), Reason::other_networks};
  if (!has_exact_layers(mean_field, point) || point.norm != Norm::none) return law;
  double mean = 0, variance = 0;
  const bool equal = equal_widths(point);
  const int hidden = point.depth.value() - 1;
  for (int l = 1; l <= (equal && hidden > 0 ? 1 : hidden); ++l) {
    const LogRatioLaw layer = layer_law(mean_field, point, layer_width(point, l));
    mean += layer.mean * (equal ? hidden : 1);
    variance += layer.variance * (equal ? hidden : 1);
  }
  const LogRatioLaw last = linear_log_ratio(layer_width(point, point.depth.value()));
  law.forward_mean = *law.forward_mean + mean + last.mean;
  law.forward_variance = variance + last.variance;
  law.backward_mean = *law.backward_mean + mean;
  law.backward_variance = variance;
  return law;
}

HiddenWidths hidden_widths(const Point& point) {
  const std::int32_t hidden = point.depth.value() - 1;
  const auto n = static_cast<double>(point.width.value());
  if (hidden < 1 || equal_widths(point))
    return {hidden / n, std::min(1, hidden), point.width.value(), hidden > 0 ? 1.0 / hidden : 0};
  HiddenWidths widths{0, 1, layer_width(point, 1), 0};
  for (std::int32_t l = 1; l <= hidden; ++l) {
    widths.sum_of_inverses += 1 / static_cast<double>(layer_width(point, l));
    if (layer_width(point, l) < widths.least)
      widths.least = layer_width(point, l), widths.narrowest_layer = l;
  }
  widths.share = 1 / (static_cast<double>(widths.least) * widths.sum_of_inverses);
  return widths;
}

ValueOrReason<DeadShares> dead_shares(const Point& point) {
  const ActivationFacts facts = point.activation.facts();
  const bool coins =
      point.weights == WeightDistribution::gaussian || point.weights == WeightDistribution::orthogonal;
  const bool centred = point.norm == Norm::pre_layer;  // not all of what φ reads is on one side
  if (has_stream(point.block) || !coins || centred) return Reason::other_networks;
  if (!facts.homogeneous()) return Reason::only_homogeneous;
  const bool dies = facts.at_zero.negative == 0 || facts.at_zero.positive == 0;
  const double log_off = dies ? std::log1p(-0.5 * point.keep.value()) : std::log1p(-point.keep.value());
  double log_alive = 0;
  for (int l = 1; l < point.depth.value() && !std::isinf(log_off); ++l)
    log_alive += std::log1p(-std::exp(log_off * static_cast<double>(layer_width(point, l))));
  const double share = 0 - std::expm1(log_alive);
  return DeadShares{point.bias_variance.value() == 0 ? share : 0, share};
}

ValueOrReason<double> network_critical_variance(const MeanField& mean_field, const Point& point,
                                                const NetworkSettings& settings, bool at_width) {
  const bool known = !has_stream(point.block) && has_exact_layers(mean_field, point) &&
                     point.norm == Norm::none && has_one_map(point, settings) &&
                     (!at_width || equal_widths(point));
  if (!known) return Reason::other_networks;
  const double limit = point.keep.value() / mean_square(mean_field.facts().at_zero);
  return at_width ? limit * std::exp(-layer_law(mean_field, point, point.width.value()).mean) : limit;
}

}  // namespace varprop::theory
