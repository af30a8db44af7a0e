#include "theory/streams/stream_theory.hpp"

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <limits>
#include <numbers>

#include "theory/streams/token_profiles.hpp"

namespace varprop::theory {

namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

bool is_normal_in_the_limit(InputDistribution input) {
  return input == InputDistribution::sphere || input == InputDistribution::gaussian;
}

bool has_unlike_tokens(const Point& point, const NetworkSettings& settings) {
  return point.tokens.value() > 1 && settings.attention_mask == AttentionMask::causal;
}

/// Why the point is not followed, if it is not.
std::optional<Reason> not_followed(const Point& point, const NetworkSettings& settings) {
  if (!has_stream(point.block)) return Reason::other_networks;
  if (has_unlike_tokens(point, settings)) {
    if (point.norm == Norm::none) return Reason::unlike_tokens_without_norm;
    if (point.tokens.value() > most_unlike_tokens) return Reason::many_unlike_tokens;
  }
  if (point.tokens.value() > 1) return std::nullopt;
  if (point.block == Block::residual && !is_normal_in_the_limit(settings.input))
    return Reason::inputs_not_normal;
  const bool centred = point.norm == Norm::pre_layer || point.norm == Norm::post_layer;
  if (centred && settings.input == InputDistribution::positive) return Reason::inputs_have_a_mean;
  return std::nullopt;
}

/// 1 − c_0 of the columns, if there are any two.
std::optional<double> distance_of_columns(const StreamNetwork& network, const Point& point,
                                          const NetworkSettings& settings, const ActivationFacts& facts) {
  if (network.tokens > 1) return 1 - network.input_correlation;
  const auto c_0 = correlation_of_inputs(point, settings);
  const bool followed = facts.homogeneous() || network.L <= deepest_stream_pair;
  return c_0 && followed ? std::optional(1 - *c_0) : std::nullopt;
}

/// Whether how D lies to the stream is followed.
bool has_branch_gradient(const StreamNetwork& network, const ActivationFacts& facts) {
  if (behind_activation(network.norm)) return true;
  if (network.norm != Norm::none) return network.tokens == 1;
  const bool straight = facts.homogeneous() && !has_glu(network.block) && network.bias_variance.zero();
  return straight || !has_activation(network.block);
}

/// What is told of the layers, once D has passed all of them.
class ProfileWriter {
 public:
  explicit ProfileWriter(std::size_t layers) {
    for (auto* values : {&profiles.log_q, &profiles.log_g, &profiles.log_weight_gradient,
                         &profiles.log_branch_gradient, &profiles.log_a})
      values->resize(layers + 1, no_number);
    for (auto& values : profiles.log_groups.values) values.resize(layers + 1, no_number);
  }

  void write(std::size_t l, const std::vector<StepOfStream>& steps, const LayerGradients& gradients) {
    double largest = -HUGE_VAL, sum = 0;
    for (const double x : gradients.log_weights.values) largest = std::max(largest, x);
    for (std::size_t role = 0; role < matrix_roles; ++role) {
      const double x = gradients.log_weights.values[role];
      profiles.log_groups.values[role][l] = x;
      if (!std::isinf(x)) sum += std::exp(x - largest);
    }
    profiles.log_weight_gradient[l] = std::isinf(largest) ? largest : largest + std::log(sum);
    profiles.log_branch_gradient[l] = gradients.log_branch_gradient;
    profiles.log_a[l] = steps.back().branch.log_a;
  }

  StreamProfiles profiles;
};

constexpr double largest_followed = 1e17;  // of |ln q|: beyond, a double no longer knows it to the unit

/// Of a signal that leaves what is followed at layer l: signal and gradient are infinite, or 0.
StreamProfiles beyond(const StreamProfiles& profiles, std::size_t l, double log_q) {
  StreamProfiles cut = profiles;
  const double end = std::copysign(HUGE_VAL, log_q);
  std::fill(cut.log_q.begin() + static_cast<std::ptrdiff_t>(l), cut.log_q.end(), end);
  std::fill(cut.log_g.begin(), cut.log_g.end() - 1, end);
  cut.log_g.back() = 0;
  for (auto* values : {&cut.log_distance, &cut.gamma, &cut.correlation, &cut.log_gamma_distance})
    values->clear();
  return cut;
}

/// The layers of one kind, as all those of a point are.
StreamProfiles profiles_of(const StreamMap& map, const StreamNetwork& network,
                           std::optional<double> distance) {
  const auto L = static_cast<std::size_t>(network.L);
  ProfileWriter writer(L);
  StreamProfiles& profiles = writer.profiles;
  std::vector<std::vector<StepOfStream>> steps;
  StreamState state{std::log(network.input_mean_square), distance ? std::log(*distance) : -HUGE_VAL};
  profiles.kappa = map.kappa(network.norm != Norm::none ? StreamState{0, -HUGE_VAL} : state);
  const auto write_state = [&](std::size_t l) {
    profiles.log_q[l] = state.log_q;
    if (!distance) return;
    profiles.log_distance.push_back(state.log_distance);
    profiles.correlation.push_back(1 - std::exp(state.log_distance));
  };
  write_state(0);
  for (std::size_t l = 1; l <= L; ++l) {
    steps.push_back(map.up(state));
    state = steps.back().back().next;
    if (!(std::abs(state.log_q) < largest_followed)) return beyond(profiles, l, state.log_q);
    write_state(l);
  }
  StreamGradient gradient{0, network.tokens == 1 ? 1.0 : 0.0};
  const auto write_gradient = [&](std::size_t l) {
    profiles.log_g[l] = gradient.log_g;
    if (!distance) return;
    profiles.gamma[l] = gradient.gamma;
    profiles.log_gamma_distance[l] = std::log1p(-gradient.gamma);
  };
  if (distance) profiles.gamma.resize(L + 1), profiles.log_gamma_distance.resize(L + 1);
  write_gradient(L);
  for (std::size_t l = L; l >= 1; --l) {
    writer.write(l, steps[l - 1], pass_down(map, steps[l - 1], network.tokens, gradient));
    write_gradient(l - 1);
  }
  return profiles;
}

}  // namespace

ValueOrReason<StreamProfiles> stream_profiles(const MeanField& mean_field, const Point& point,
                                              const NetworkSettings& settings) {
  if (const auto reason = not_followed(point, settings)) return *reason;
  const StreamNetwork network = stream_network(point, settings);
  if (has_unlike_tokens(point, settings)) {
    StreamProfiles profiles = token_profiles(mean_field, network);
    profiles.kappa = StreamMap(mean_field, network, true).kappa({0, -HUGE_VAL});
    return profiles;
  }
  const auto distance = distance_of_columns(network, point, settings, mean_field.facts());
  const StreamMap map(mean_field, network, distance.has_value());
  StreamProfiles profiles = profiles_of(map, network, distance);
  if (!has_branch_gradient(network, mean_field.facts()))
    std::ranges::fill(profiles.log_branch_gradient, no_number);
  return profiles;
}

double log_pre_norm_gain(double a, double kappa, double layers) {
  using boost::math::lgamma;
  return lgamma(a) + lgamma(a + layers + kappa) - lgamma(a + kappa) - lgamma(a + layers);
}

ValueOrReason<StreamMoments> exact_stream_moments(const Point& point, const NetworkSettings& settings) {
  const ActivationFacts facts = point.activation.facts();
  const bool known = point.block == Block::mlp && facts.homogeneous() && point.bias_variance.value() == 0 &&
                     point.norm == Norm::none && point.weights == WeightDistribution::gaussian;
  if (!known) return Reason::only_straight_mlp;
  const StreamNetwork network = stream_network(point, settings);
  const double p = network.keep, L = network.L;
  const auto n = static_cast<double>(network.n), m = static_cast<double>(network.m);
  const double low = std::pow(facts.at_zero.negative, 2), high = std::pow(facts.at_zero.positive, 2);
  const double B = network.variance[MatrixRole::in].to_double() * n *
                   network.variance[MatrixRole::out].to_double() * m * (low + high) / (2 * p);
  const double F = 6 * (low * low + high * high) / (p * std::pow(low + high, 2));
  const double skip = std::pow(network.skip, 2), branch = std::pow(network.branch_scale, 2) * B;
  const double mean = skip + branch;
  const double rho =
      (4 * skip * branch / n + branch * branch * (2 / n + (1 + 2 / n) * (F - 1) / m)) / (mean * mean);
  return StreamMoments{L * std::log(mean), L * std::log1p(rho)};
}

LogNormalLimit deep_stream_limit(double B, double width) {
  return {B * (1 - 2 / width), 4 * B / width};
}

ValueOrReason<StreamTotals> stream_totals(const MeanField& mean_field, const Point& point,
                                          const NetworkSettings& settings) {
  NetworkSettings alone = settings;
  alone.input_correlation.reset();
  return stream_profiles(mean_field, point, alone).transform([](const StreamProfiles& profiles) {
    return StreamTotals{profiles.log_q.back() - profiles.log_q.front(), profiles.log_g.front()};
  });
}

namespace {

/// Looks for a branch scale that holds the depth, outwards from one that does not.
class BranchScaleSearch {
 public:
  BranchScaleSearch(const MeanField& mean_field, const Point& point, const NetworkSettings& settings,
                    double log_factor)
      : mean_field_(mean_field), point_(point), settings_(settings), log_factor_(log_factor) {}

  ValueOrReason<double> operator()() const {
    const double here = point_.branch_scale.value();
    if (holds(here, 1)) return here;
    const double start = here > 0 ? std::log(here) : 0;
    for (double way = step; way <= furthest; way += step) {
      for (const int direction : {-1, 1}) {
        const double place = start + direction * way;
        if (holds_to_spare(place)) return std::exp(border(place - direction * step, place));
      }
    }
    return Reason::no_branch_scale;
  }

 private:
  static constexpr double step = 0.25 * std::numbers::ln2, furthest = 20 * std::numbers::ln2;

  bool holds(double scale, double share) const {
    Point there = point_;
    there.branch_scale = BranchScale(scale);
    const auto totals = stream_totals(mean_field_, there, settings_);
    const double bound = share * log_factor_;
    return totals && std::abs(totals->forward) < bound && std::abs(totals->backward) < bound;
  }
  bool holds_to_spare(double log_scale) const { return holds(std::exp(log_scale), spared_share); }

  /// The last held place from `held` towards `beyond`.
  double border(double beyond, double held) const {
    for (int i = 0; i < 16; ++i) {
      const double middle = 0.5 * (beyond + held);
      (holds_to_spare(middle) ? held : beyond) = middle;
    }
    return held;
  }

  const MeanField& mean_field_;
  Point point_;
  NetworkSettings settings_;
  double log_factor_;
};

}  // namespace

ValueOrReason<double> nearest_stable_branch_scale(const MeanField& mean_field, const Point& point,
                                                  const NetworkSettings& settings, double log_factor) {
  const auto totals = stream_totals(mean_field, point, settings);
  if (!totals) return totals.reason();
  return BranchScaleSearch(mean_field, point, settings, log_factor)();
}

}  // namespace varprop::theory
