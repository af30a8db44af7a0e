#include "analysis/points/regimes.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"

namespace varprop::analysis {

Regime classify(const TotalChange& change, double factor) {
  VARPROP_EXPECT(factor > 1);
  if (change.extinct_share > largest_extinct_share) return Regime::extinct;
  if (!change.interval) return Regime::undecided;
  const double log_factor = std::log(factor);
  const auto [low, high] = *change.interval;
  if (high < -log_factor) return Regime::vanishing;
  if (low > log_factor) return Regime::exploding;
  if (low <= -log_factor || high >= log_factor) return Regime::undecided;
  return change.share_in_range < least_share_in_range ? Regime::erratic : Regime::stable;
}

std::string_view meaning_of(Regime regime) {
  switch (regime) {
    case Regime::stable:
      return "the signal and the gradient stay within a factor F through the net";
    case Regime::undecided:
      return "too few networks to tell";
    case Regime::erratic:
      return "stable in the mean, but more than 1 network in 10 strays";
    case Regime::vanishing:
      return "the signal or the gradient shrinks by more than F";
    case Regime::exploding:
      return "the signal or the gradient grows by more than F";
    case Regime::extinct:
      return "more than 1 network in 10 dies: every neuron of a layer is off";
  }
  return "";
}

std::optional<Regime> combine(std::optional<Regime> forward, std::optional<Regime> backward) {
  return std::max(forward, backward);  // nothing compares below every regime
}

namespace {

/// Rates per layer of one direction: at infinite width, and what finite width adds.
struct RateParts {
  double infinite = 0;
  double finite = 0;
};

RateParts rate_parts(Quantity quantity, const theory::PointTheory& theory,
                     std::optional<double> measured_rate) {
  const theory::InfiniteWidth& limit = theory.limit;
  RateParts parts;
  const auto rate_at_width = [&](const theory::ValueOrReason<double>& theoretical) {
    return theoretical ? *theoretical : measured_rate.value_or(parts.infinite);
  };
  if (quantity == Quantity::forward) {
    if (!limit.no_fixed_point) return parts;
    parts.infinite = std::log(limit.chi_q);
    if (std::isinf(parts.infinite)) return parts;  // faster than any rate
    parts.finite = rate_at_width(theory.forward_rate_n) - parts.infinite;
  } else if (theory.backward_rate) {
    parts.infinite = *theory.backward_rate;
    parts.finite = rate_at_width(theory.backward_rate_n) - parts.infinite;
  } else if (limit.no_fixed_point) {
    parts.infinite = std::log(limit.chi);
  }
  return parts;
}

/// The signal falls below the mean square of its input, and so slowly that an exponential would not be seen.
bool fades_by_a_power(const Point& point, const theory::PointTheory& theory, double input_mean_square) {
  const theory::InfiniteWidth& limit = theory.limit;
  return !point.activation.facts().homogeneous() && limit.q_star && *limit.q_star < input_mean_square &&
         point.depth.value() * std::abs(std::log(limit.chi_q)) < 1;
}

Cause cause_of_change(double sign, Quantity quantity, const Point& point, const theory::PointTheory& theory,
                      std::optional<double> measured_rate, double log_factor, double input_mean_square) {
  const auto [infinite, finite] = rate_parts(quantity, theory, measured_rate);
  const double steps = sign * (point.depth.value() - 1);
  if (steps * infinite > log_factor) return Cause::rate;
  if (steps * finite > log_factor) return Cause::finite_width;
  if (sign < 0 && fades_by_a_power(point, theory, input_mean_square)) return Cause::power_law;
  const auto& q_star = theory.limit.q_star;
  if (quantity == Quantity::forward && q_star && *q_star > 0 &&
      sign * std::log(*q_star / input_mean_square) > log_factor) {
    return Cause::fixed_point;
  }
  if (steps * (infinite + finite) > log_factor) {
    return steps * infinite > steps * finite ? Cause::rate : Cause::finite_width;
  }
  return Cause::transient;
}

Cause cause_of_stream(double sign, const Point& point, double log_factor) {
  const bool two_steps = has_attention(point.block) && point.block != Block::attention;
  const double steps = (two_steps ? 2.0 : 1.0) * point.depth.value();
  const double alpha = point.skip.value();
  const bool skip_alone = alpha > 0 && sign * 2 * steps * std::log(alpha) > log_factor;
  return skip_alone && !behind_activation(point.norm) ? Cause::rate : Cause::branches;
}

}  // namespace

std::optional<Cause> cause_of(Regime regime, Quantity quantity, const Point& point,
                              const theory::PointTheory& theory, std::optional<double> measured_rate,
                              double factor, double input_mean_square) {
  if (has_stream(point.block) && (regime == Regime::vanishing || regime == Regime::exploding))
    return cause_of_stream(regime == Regime::vanishing ? -1 : 1, point, std::log(factor));
  const auto& rate = theory.backward_rate;
  const bool unknown = !rate && rate.reason() == theory::Reason::other_networks;
  if (unknown && (regime == Regime::vanishing || regime == Regime::exploding)) return std::nullopt;
  switch (regime) {
    case Regime::vanishing:
      return cause_of_change(-1, quantity, point, theory, measured_rate, std::log(factor), input_mean_square);
    case Regime::exploding:
      return cause_of_change(1, quantity, point, theory, measured_rate, std::log(factor), input_mean_square);
    case Regime::erratic:
    case Regime::extinct:
      return Cause::finite_width;
    case Regime::stable:
    case Regime::undecided:
      break;
  }
  return std::nullopt;
}

}  // namespace varprop::analysis
