#include "analysis/points/pairs.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "analysis/points/regimes.hpp"
#include "analysis/results/rates.hpp"

namespace varprop::analysis {

std::string_view meaning_of(DistanceRegime regime) {
  switch (regime) {
    case DistanceRegime::kept:
      return "the distance of two inputs stays within a factor F through the net";
    case DistanceRegime::undecided:
      return "too few networks to tell";
    case DistanceRegime::alike:
      return "two inputs become alike: their distance shrinks by more than F";
    case DistanceRegime::apart:
      return "two inputs are driven apart: their distance grows by more than F";
    case DistanceRegime::extinct:
      return "more than 1 network in 10 loses the signal of one of them";
  }
  return "";
}

DistanceRegime classify_distance(double extinct_share, const std::optional<Interval>& change, double factor) {
  if (extinct_share > largest_extinct_share) return DistanceRegime::extinct;
  if (!change) return DistanceRegime::undecided;
  const double log_factor = std::log(factor);
  if (change->high < -log_factor) return DistanceRegime::alike;
  if (change->low > log_factor) return DistanceRegime::apart;
  const bool kept = change->low > -log_factor && change->high < log_factor;
  return kept ? DistanceRegime::kept : DistanceRegime::undecided;
}

namespace {

constexpr std::size_t signals = position_of_overlap("correlation"),
                      gradients = position_of_overlap("gradient_correlation");

/// What the rows (batch, layer) have at one place among the recorded layers.
std::vector<double> at_layer(const PointResults& results, const std::vector<double>& rows, std::size_t i) {
  std::vector<double> by_batch;
  for (std::size_t at = i; at < rows.size(); at += results.layers.size()) by_batch.push_back(rows[at]);
  return by_batch;
}

std::optional<Estimate> log_distance_at_end(const PointResults& results) {
  const auto by_batch =
      at_layer(results, results.overlaps[signals]->distance.log_mean, results.layers.size() - 1);
  double largest = 0;
  for (const double y : by_batch) largest = std::fmax(largest, std::abs(y));
  return mean_of(by_batch, log_rounding(largest, results.point.depth.value()));
}

DepthLaw refused_law(DepthForm form, DepthParameter parameter, theory::Reason reason) {
  return {form, {LawParameter{.name = parameter, .refusal = reason}}};
}

/// The recorded layers from one on, at least 8 from the first to the last.
theory::ValueOrReason<Window> window_from(const PointResults& results, const std::optional<int>& first) {
  const std::vector<std::int32_t>& layers = results.layers;
  if (!first) return theory::Reason(theory::Reason::never_alike, results.point.depth.value());
  const auto begin = std::lower_bound(layers.begin(), layers.end(), *first);
  if (begin == layers.end() || layers.back() - *begin + 1 < least_window)
    return theory::Reason(theory::Reason::law_beyond_depth, *first, results.point.depth.value());
  return Window{static_cast<std::size_t>(begin - layers.begin()), layers.size() - 1};
}

/// The window's first steps differ from the rate by a share of it that falls by e within 1/rate layers: in
/// all by that share, over the whole window.
double neglected_of_start(const LawParameter& rate) {
  return rate.window_high > rate.window_low ? theory::alike_step / (rate.window_high - rate.window_low) : 0;
}

void add_meeting(PairAnalysis& pair, const PointResults& results) {
  const theory::PairTheory& theory = pair.theory;
  const bool unknown = !theory.law_from && !theory.rate_n;
  const auto window =
      unknown ? theory::ValueOrReason<Window>(theory.rate_n.reason()) : window_from(results, theory.law_from);
  if (!window) {
    pair.fixed_point = refused_law(DepthForm::exponential, DepthParameter::c_star, window.reason());
    pair.depth = refused_law(DepthForm::exponential, DepthParameter::xi_c, window.reason());
    return;
  }
  LawParameter rate = exponential_rate(profile_matrix(results, results.overlaps[signals]->distance, *window));
  rate.name = DepthParameter::xi_c;
  rate.theory = theory.rate_n.optional();
  rate.neglected = theory.rate_neglected + neglected_of_start(rate);
  if (rate.holds() && rate.estimate->value >= 0)
    refuse(rate, {theory::Reason::distance_rises, rate.estimate->value});
  LawParameter end = rate;
  end.name = DepthParameter::c_star;
  end.theory = theory.c_star.optional();
  if (end.estimate) end.estimate = log_distance_at_end(results);
  pair.fixed_point = {DepthForm::exponential, {std::move(end)}};
  pair.depth = {DepthForm::exponential, {std::move(rate)}};
}

double mean_over(const std::vector<double>& values, Window window) {
  double sum = 0;
  for (std::size_t i = window.first; i <= window.last; ++i) sum += values[i];
  return sum / static_cast<double>(window.last - window.first + 1);
}

/// Where the first recorded layer from this one on stands.
std::size_t place_of_layer(const PointResults& results, const std::optional<int>& layer) {
  const std::vector<std::int32_t>& layers = results.layers;
  return static_cast<std::size_t>(
      std::lower_bound(layers.begin(), layers.end(), layer.value_or(layers.back())) - layers.begin());
}

/// From where the signal has settled; pairs of layers to where 1 − c is near its limit, beyond which they
/// are noise.
LawParameter measured_length(const PointResults& results, const theory::PairTheory& theory,
                             std::size_t settled) {
  const Window way{place_of_layer(results, theory.signal_settled_from), results.layers.size() - 1};
  const std::size_t near = place_of_layer(results, theory.near_from);
  if (near <= way.first || settled <= way.first) {
    LawParameter length{.name = DepthParameter::xi_c};
    return refuse(length, {theory::Reason::few_layers_on_the_way, 0}), length;
  }
  return approach_length(profile_matrix(results, results.overlaps[signals]->distance, way),
                         static_cast<Eigen::Index>(settled - way.first),
                         static_cast<Eigen::Index>(near - way.first));
}

/// Fluctuations of width n, of variance v in ln(1 − c), move its mean by their own size: 1.5 v where c* is
/// near 1, by the map's curvature and the logarithm's.
constexpr double shift_by_fluctuation = 2;

void add_settling(PairAnalysis& pair, const PointResults& results, const PooledOverlap& pooled) {
  const theory::PairTheory& theory = pair.theory;
  const auto window = window_from(results, theory.law_from);
  if (!window) {
    pair.fixed_point = refused_law(DepthForm::fixed_point, DepthParameter::c_star, window.reason());
    pair.depth = refused_law(DepthForm::fixed_point, DepthParameter::xi_c, window.reason());
    return;
  }
  const QuantityResults& distance = results.overlaps[signals]->distance;
  const double shift = shift_by_fluctuation * mean_over(pooled.log_distance_variance, *window);
  LawParameter c_star = fixed_point(profile_matrix(results, distance, *window));
  c_star.name = DepthParameter::c_star;
  if (c_star.estimate) c_star.estimate->value = 1 - c_star.estimate->value;
  c_star.theory = theory.c_star.optional();
  c_star.neglected = (1 - *theory.c_star) * shift;
  LawParameter xi_c = measured_length(results, theory, window->first);
  xi_c.name = DepthParameter::xi_c;
  xi_c.theory = theory.xi_c.optional();
  xi_c.neglected = xi_c.theory.value_or(0) * shift;
  pair.fixed_point = {DepthForm::fixed_point, {std::move(c_star)}};
  pair.depth = {DepthForm::fixed_point, {std::move(xi_c)}};
}

void add_laws(PairAnalysis& pair, const PointResults& results, const PooledOverlap& pooled) {
  using enum theory::PairCourse;
  const auto neither = [&](theory::Reason reason) {
    pair.fixed_point = refused_law(DepthForm::none, DepthParameter::c_star, reason);
    pair.depth = refused_law(DepthForm::none, DepthParameter::xi_c, reason);
  };
  if (pair.theory.course == meet) {
    add_meeting(pair, results);
  } else if (pair.theory.course == settle) {
    add_settling(pair, results, pooled);
  } else {
    neither(pair.theory.c_star ? theory::Reason::meet_by_a_power : pair.theory.c_star.reason());
  }
}

/// Networks that lost a signal, or that ended elsewhere, are not what the laws are about.
void demand_pairs(PairAnalysis& pair, const PointResults& results,
                  const std::optional<theory::Reason>& off_course) {
  const bool many_extinct =
      1 - pair.extinct_share < least_share_on_course && !dies_by_law(results.point.activation);
  for (DepthLaw* law : {&pair.fixed_point, &pair.depth}) {
    for (LawParameter& parameter : law->parameters) {
      if (many_extinct && parameter.holds())
        refuse(parameter, {theory::Reason::some_extinct, 100 * pair.extinct_share});
      if (off_course) refuse(parameter, *off_course);
    }
  }
}

}  // namespace

PairAnalysis analyze_pair(const PointResults& results, const PooledOverlap& pooled, theory::PairTheory theory,
                          double input_correlation, double factor, std::int32_t replicas_per_batch,
                          std::optional<theory::Reason> off_course) {
  const OverlapResults& overlap = *results.overlaps[signals];
  const std::size_t last = results.layers.size() - 1;
  PairAnalysis pair{.theory = std::move(theory)};
  double extinct = 0;
  for (const double count : at_layer(results, overlap.extinct, last)) extinct += count;
  pair.extinct_share = extinct / (static_cast<double>(results.batches_done) * replicas_per_batch);
  pair.last = mean_of(at_layer(results, overlap.mean, last));
  pair.first_gradient = mean_of(at_layer(results, results.overlaps[gradients]->mean, 0));
  if (input_correlation == 1) {
    const theory::Reason one = theory::Reason::inputs_are_one;
    pair.fixed_point = refused_law(DepthForm::none, DepthParameter::c_star, one);
    pair.depth = refused_law(DepthForm::none, DepthParameter::xi_c, one);
    return pair;
  }
  pair.total = log_distance_at_end(results);
  if (pair.total) pair.total->value -= std::log1p(-input_correlation);
  pair.regime = classify_distance(pair.extinct_share,
                                  pair.total ? confidence_interval(*pair.total) : std::nullopt, factor);
  add_laws(pair, results, pooled);
  demand_pairs(pair, results, off_course);
  return pair;
}

}  // namespace varprop::analysis
