#include "analysis/points/predictions.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "analysis/points/parallel_for.hpp"
#include "core/errors.hpp"
#include "theory/infinite_width/layer_map.hpp"
#include "theory/means/log_ratio.hpp"
#include "theory/networks/network_theory.hpp"
#include "theory/streams/stream_theory.hpp"

namespace varprop::analysis {

namespace {

/// Adds to `known` the values of the keys that it has not, each computed from one of its points.
template <class Key, class Value, class KeyOf, class Compute, class Heard>
void compute_missing(std::span<const Point> points, std::map<Key, Value>& known, const KeyOf& key_of,
                     const Compute& compute, const Heard& heard) {
  std::map<Key, const Point*> missing;
  for (const Point& point : points) {
    const Key key = key_of(point);
    if (!known.contains(key)) missing.emplace(key, &point);
  }
  const std::vector<std::pair<Key, const Point*>> work(missing.begin(), missing.end());
  std::vector<std::optional<Value>> values(work.size());
  parallel_for(
      work.size(), [&](std::size_t i) { values[i] = compute(*work[i].second); },
      [&](std::size_t done) { heard(done, work.size()); });
  for (std::size_t i = 0; i < work.size(); ++i) known.emplace(work[i].first, std::move(*values[i]));
}

/// What is known of a key; computed where nothing is, without keeping others waiting.
template <class Key, class Value, class Compute>
Value remembered(std::mutex& mutex, std::map<Key, Value>& known, const Key& key, const Compute& compute) {
  {
    const std::lock_guard lock(mutex);
    if (const auto found = known.find(key); found != known.end()) return found->second;
  }
  const Value value = compute();
  const std::lock_guard lock(mutex);
  return known.emplace(key, value).first->second;
}

/// What plain networks have at l = 0, which other networks of the sweep recorded.
constexpr double nothing_at_input = std::numeric_limits<double>::quiet_NaN();

constexpr std::size_t forward = 0, backward = 1, weight_gradient = 2, activations = 3, branch_gradient = 4;
static_assert(positive_quantities[forward] == Quantity::forward &&
              positive_quantities[backward] == Quantity::backward &&
              positive_quantities[weight_gradient] == Quantity::weight_gradient &&
              positive_quantities[activations] == Quantity::activations &&
              positive_quantities[branch_gradient] == Quantity::branch_gradient);

}  // namespace

std::vector<Point> Predictions::known_among(std::span<const Point> points) const {
  std::vector<Point> known;
  std::ranges::copy_if(points, std::back_inserter(known),
                       [this](const Point& point) { return knows(point); });
  return known;
}

void Predictions::prepare(std::span<const Point> points) {
  for (const Point& point : points) predictor(point.activation);
  const std::vector<Point> known = known_among(points);
  const auto heard = [this](std::size_t done, std::size_t all) { tell("theory of the points", done, all); };
  compute_missing(
      std::span(known), maps_, [this](const Point& point) { return map_key(point); },
      [this](const Point& point) { return map_of(point); }, heard);
  std::vector<Point> others;
  std::ranges::copy_if(points, std::back_inserter(others),
                       [this](const Point& point) { return !knows(point); });
  compute_missing(
      std::span<const Point>(others), correlations_, [this](const Point& point) { return map_key(point); },
      [this](const Point& point) {
        return network_correlation(predictors_.at(point.activation.text()), point, ensemble_);
      },
      heard);
  compute_missing(
      points, known_, [](const Point& point) { return point.without<Depth>(); },
      [this](const Point& point) { return theory_of(point); }, heard);
}

void Predictions::tell(std::string_view doing, std::size_t done, std::size_t all) const {
  if (progress_ && all > 0) progress_(doing, static_cast<double>(done) / static_cast<double>(all));
}

const theory::PointTheory& Predictions::operator()(const Point& point) {
  const auto found = known_.find(point.without<Depth>());
  if (found != known_.end()) return found->second;
  prepare({&point, 1});
  return known_.at(point.without<Depth>());
}

const theory::InfiniteWidthPredictor& Predictions::predictor(const Activation& activation) {
  return predictors_.try_emplace(activation.text(), activation, ensemble_.input_mean_square).first->second;
}

theory::ValueOrReason<double> Predictions::critical_weight_variance(const Point& point) {
  const theory::InfiniteWidthPredictor& predict = predictor(point.activation);
  if (!knows(point))
    return in_units_of(point, network_critical_variance(predict.mean_field(), point, ensemble_, false));
  return in_units_of(
      point, remembered(critical_, critical_variances_,
                        point.without<WeightDistribution, WeightVariance, Width, Depth>(), [&] {
                          return theory::critical_weight_variance(predict, point.bias_variance.value());
                        }));
}

theory::ValueOrReason<double> Predictions::critical_weight_variance_at_width(const Point& point) {
  const theory::InfiniteWidthPredictor& predict = predictor(point.activation);
  if (!knows(point))
    return in_units_of(point, network_critical_variance(predict.mean_field(), point, ensemble_, true));
  return in_units_of(
      point, remembered(critical_, critical_variances_at_width_, point.without<WeightVariance, Depth>(), [&] {
        return theory::critical_weight_variance_at_width(predict, point.weights, point.bias_variance.value(),
                                                         point.width.value());
      }));
}

theory::NetworkLaw Predictions::network(const Point& point) {
  const theory::InfiniteWidthPredictor& predict = predictor(point.activation);
  if (!knows(point)) return theory::network_law(predict, point, ensemble_);
  const theory::Variances variances = theory::variances_of(point, ensemble_.variance_scaling);
  const double first_q = predict.first_q(variances);
  const auto log_profile =
      log_variance_profile(predict.mean_field(), variances, std::log(first_q), point.depth.value());
  theory::NetworkLaw law = network_law(predict.mean_field(), variances, predict(variances, first_q),
                                       point.weights, point.width.value(), log_profile);
  if (!law.forward_mean) law.forward_mean = log_profile.back();
  if (!law.backward_mean) law.backward_mean = log_gradient_gain(predict.mean_field(), variances, log_profile);
  return law;
}

theory::TangentKernelTheory Predictions::tangent_kernel(const Point& point) {
  const theory::InfiniteWidthPredictor& predict = predictor(point.activation);
  const theory::Variances variances = theory::variances_of(point, ensemble_.variance_scaling);
  const std::int64_t width = point.width.value();
  theory::TangentKernel limit =
      remembered(critical_, tangent_kernels_, std::pair(map_key(point), point.depth.value()), [&] {
        const auto log_profile = log_variance_profile(
            predict.mean_field(), variances, std::log(predict.first_q(variances)), point.depth.value());
        return theory::tangent_kernel(predict.mean_field(), variances, log_profile, 1);
      });
  limit.log_weight += std::log(static_cast<double>(width));
  return {limit, theory::log_tangent_kernel_ratio(predict.mean_field().facts(), variances.bias, point.weights,
                                                  ensemble_.input, width, point.depth.value())};
}

theory::PairMap Predictions::pair_map(const Point& point, std::int32_t depth) {
  if (!knows(point) || !ensemble_.input_correlation) return {};
  return remembered(critical_, pair_maps_, map_key(point), [&] {
    return theory::pair_map(predictor(point.activation),
                            theory::variances_of(point, ensemble_.variance_scaling),
                            *ensemble_.input_correlation, depth);
  });
}

theory::PairTheory Predictions::pair(const Point& point, const theory::PairMap& map,
                                     const theory::PointTheory& theory) {
  if (!knows(point)) return theory::unknown_pair_theory(theory::Reason::other_networks);
  return theory::pair_theory(predictor(point.activation), map,
                             theory::variances_of(point, ensemble_.variance_scaling), theory, point.weights,
                             point.width.value());
}

theory::ValueOrReason<theory::StreamProfiles> Predictions::stream(const Point& point) {
  NetworkSettings alone = ensemble_;
  alone.input_correlation.reset();
  return theory::stream_profiles(predictor(point.activation).mean_field(), point, alone);
}

theory::ValueOrReason<theory::StreamProfiles> Predictions::stream_pair(const Point& point) {
  return theory::stream_profiles(predictor(point.activation).mean_field(), point, ensemble_);
}

theory::ValueOrReason<double> Predictions::stable_branch_scale(const Point& point, double range) {
  constexpr int deepest = 1024;  // some tens of walks through every layer, for every point
  if (point.depth.value() > deepest) return theory::Reason::no_branch_scale;
  return theory::nearest_stable_branch_scale(predictor(point.activation).mean_field(), point, ensemble_,
                                             range / theory::spared_share);
}

std::pair<double, double> Predictions::limit_from(const Point& point, double off) {
  const theory::InfiniteWidthPredictor& predict = predictor(point.activation);
  if (has_stream(point.block)) {
    NetworkSettings elsewhere = ensemble_;
    elsewhere.input_mean_square *= std::exp(off);
    const auto totals = theory::stream_totals(predict.mean_field(), point, elsewhere);
    if (!totals) return {HUGE_VAL, HUGE_VAL};
    return {totals->forward + std::log(elsewhere.input_mean_square), totals->backward};
  }
  if (!knows(point)) {
    const theory::NetworkProfiles profiles = network_profiles(predict, point, ensemble_, off);
    return {profiles.log_q.back(), profiles.log_g.front()};
  }
  const theory::MeanField& mean_field = predict.mean_field();
  const theory::Variances variances = theory::variances_of(point, ensemble_.variance_scaling);
  const auto log_profile = log_variance_profile(
      mean_field, variances, std::log(predict.first_q(variances)) + off, point.depth.value());
  return {log_profile.back(), log_gradient_gain(mean_field, variances, log_profile)};
}

/// Of σ_w² = n Var W_ij, what stands in a sweep file.
theory::ValueOrReason<double> Predictions::in_units_of(
    const Point& point, const theory::ValueOrReason<double>& weight_variance) const {
  if (ensemble_.variance_scaling != VarianceScaling::none || !weight_variance) return weight_variance;
  return *weight_variance / static_cast<double>(point.width.value());
}

Predictions::MapKey Predictions::map_key(const Point& point) const {
  return {point.without<WeightDistribution, WeightVariance, Width, Depth>(),
          theory::variances_of(point, ensemble_.variance_scaling).weight};
}

theory::MapTheory Predictions::map_of(const Point& point) const {
  const theory::InfiniteWidthPredictor& predict = predictors_.at(point.activation.text());
  const theory::Variances variances = theory::variances_of(point, ensemble_.variance_scaling);
  theory::MapTheory map = map_theory(predict, variances);
  map.limit.onset = predict.onset(variances, predict.first_q(variances), map.limit);  // for windows
  return map;
}

theory::PointTheory Predictions::theory_of(const Point& point) const {
  if (!knows(point)) {
    theory::PointTheory theory = network_theory(predictors_.at(point.activation.text()), point, ensemble_);
    theory.correlation = correlations_.at(map_key(point));
    return theory;
  }
  return point_theory(predictors_.at(point.activation.text()), maps_.at(map_key(point)), point.weights,
                      point.width.value());
}

ProfileTheory::ProfileTheory(const std::vector<Point>& points, std::vector<std::int32_t> layers,
                             const NetworkSettings& settings, Predictions& predictions)
    : layers_(std::move(layers)), ensemble_(settings), predictions_(predictions) {
  predictions_.prepare(points);
  std::map<Predictions::MapKey, Point> wanted;
  for (const Point& point : predictions_.known_among(points))
    wanted.emplace(predictions_.map_key(point), point);
  const std::vector<std::pair<Predictions::MapKey, Point>> work(wanted.begin(), wanted.end());
  std::vector<MapProfile> profiles(work.size());
  parallel_for(work.size(), [&](std::size_t i) { profiles[i] = iterate(work[i].second); });
  for (std::size_t i = 0; i < work.size(); ++i) maps_.emplace(work[i].first, std::move(profiles[i]));
}

std::size_t ProfileTheory::layers_of(const Point& point) const {
  const auto beyond = std::upper_bound(layers_.begin(), layers_.end(), point.depth.value());
  return static_cast<std::size_t>(beyond - layers_.begin());
}

ProfileTheory::MapProfile ProfileTheory::iterate(const Point& point) const {
  const theory::InfiniteWidthPredictor& predict = predictions_.predictor(point.activation);
  const theory::Variances variances = theory::variances_of(point, ensemble_.variance_scaling);
  const theory::PlainLayer map(predict.mean_field(), variances);
  const auto states = layer_profile(map, {std::log(predict.first_q(variances))}, layers_.back());
  const auto factors = log_gradient_factors(map, states);
  MapProfile profile;
  double sum = 0;
  std::size_t layer = 0;  // from 0
  for (const std::int32_t l : layers_) {
    if (l == 0) {
      for (auto* const values : {&profile.log_q, &profile.log_a, &profile.log_gain})
        values->push_back(nothing_at_input);
      continue;
    }
    while (layer + 1 < static_cast<std::size_t>(l)) sum += factors[layer++];
    profile.log_q.push_back(states[layer].log_q);
    const bool last = layer + 1 == states.size();
    const theory::LayerState above = last ? map.next(states[layer], l) : states[layer + 1];
    profile.log_a.push_back(theory::log_given_square(variances, above.log_q));
    profile.log_gain.push_back(sum);
  }
  return profile;
}

TheoryProfiles ProfileTheory::limit(const Point& point) const {
  if (!predictions_.knows(point)) return limit_of_other(point);
  const MapProfile& map = maps_.at(predictions_.map_key(point));
  const theory::Variances variances = theory::variances_of(point, ensemble_.variance_scaling);
  const std::size_t layers = layers_of(point);
  VARPROP_EXPECT(layers > 0 && layers_[layers - 1] == point.depth.value());
  const double shift = std::log(static_cast<double>(point.width.value()) / variances.weight);
  TheoryProfiles profiles;
  for (std::size_t i = 0; i < layers; ++i) {
    const double log_q = map.log_q[i], log_g = map.log_gain[layers - 1] - map.log_gain[i];
    profiles[forward].push_back(log_q);
    profiles[backward].push_back(log_g);
    profiles[activations].push_back(map.log_a[i]);
    const double bias_share = variances.bias == 0 ? 0 : variances.bias * std::exp(-log_q);
    profiles[weight_gradient].push_back(log_g + shift + log_q + std::log1p(-bias_share));
  }
  return profiles;
}

namespace {

/// E ln Z² of a standard normal Z, as ∂ℓ/∂β is one.
constexpr double mean_log_square = -1.2703628454614782;

/// A number that a layer of this kind does not have.
double or_nothing(double logarithm) {
  return std::isinf(logarithm) ? nothing_at_input : logarithm;
}

}  // namespace

/// Of a point with a stream.
TheoryProfiles ProfileTheory::limit_of_stream(const Point& point) const {
  const auto all = predictions_.stream(point);
  TheoryProfiles profiles;
  if (!all) return profiles;
  for (std::size_t i = 0; i < layers_of(point); ++i) {
    const auto l = static_cast<std::size_t>(layers_[i]);
    profiles[forward].push_back(all->log_q[l]);
    profiles[backward].push_back(all->log_g[l]);
    profiles[weight_gradient].push_back(or_nothing(all->log_weight_gradient[l]));
    profiles[activations].push_back(or_nothing(all->log_a[l]));
    profiles[branch_gradient].push_back(or_nothing(all->log_branch_gradient[l]) + mean_log_square);
  }
  return profiles;
}

/// Of a point whose layers are not all the map of the first axes.
TheoryProfiles ProfileTheory::limit_of_other(const Point& point) const {
  if (has_stream(point.block)) return limit_of_stream(point);
  TheoryProfiles profiles;
  const auto all = network_profiles(predictions_.predictor(point.activation), point, ensemble_);
  for (std::size_t i = 0; i < layers_of(point); ++i) {
    if (layers_[i] == 0) {
      for (auto& profile : profiles) profile.push_back(nothing_at_input);
      continue;
    }
    const auto l = static_cast<std::size_t>(layers_[i]) - 1;
    profiles[forward].push_back(all.log_q[l]);
    profiles[backward].push_back(all.log_g[l]);
    profiles[activations].push_back(all.log_a[l]);
    profiles[weight_gradient].push_back(all.log_weight_gradient[l]);
  }
  return profiles;
}

std::vector<double> ProfileTheory::gradient_to_first_order(const Point& point) const {
  const theory::PointTheory& theory = predictions_(point);
  if (!predictions_.knows(point) || !theory.backward_rate || !theory.backward_rate_n) return {};
  std::vector<double> log_g = limit(point)[backward];
  for (std::size_t i = 0; i < log_g.size(); ++i)
    log_g[i] += (point.depth.value() - layers_[i]) * (*theory.backward_rate_n - *theory.backward_rate);
  return log_g;
}

std::optional<TheoryProfiles> ProfileTheory::at_width(const Point& point) const {
  const ActivationFacts& facts = point.activation.facts();
  const bool known =
      predictions_.knows(point) && facts.homogeneous() && point.bias_variance.value() == 0 &&
      (point.weights == WeightDistribution::gaussian || point.weights == WeightDistribution::orthogonal);
  const theory::ValueOrReason<double>& rate = predictions_(point).backward_rate_n;
  if (!known || !rate) return std::nullopt;
  const double log_weight = std::log(theory::variances_of(point, ensemble_.variance_scaling).weight);
  const double first =
      point.weights == WeightDistribution::gaussian ? theory::linear_log_ratio(point.width.value()).mean : 0;
  const double log_a0 = theory::mean_log_input_square(ensemble_, point.width);  // ⟨ln(|a^{l−1}|²/n)⟩ at l = 1
  const double log_n = std::log(static_cast<double>(point.width.value()));
  TheoryProfiles profiles;
  for (std::size_t i = 0; i < layers_of(point); ++i) {
    if (layers_[i] == 0) {
      for (auto& profile : profiles) profile.push_back(nothing_at_input);
      continue;
    }
    const double log_a = log_a0 + (layers_[i] - 1) * *rate;
    const double log_g = (point.depth.value() - layers_[i]) * *rate;
    profiles[forward].push_back(log_a + log_weight + first);
    profiles[backward].push_back(log_g);
    profiles[weight_gradient].push_back(log_g + log_n + log_a);
    profiles[activations].push_back(log_a + *rate);
  }
  return profiles;
}

}  // namespace varprop::analysis
