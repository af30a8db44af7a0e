#include "driver/init/holding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <utility>

#include "core/errors.hpp"
#include "core/text/words.hpp"

namespace varprop::driver {

namespace {

using analysis::Regime;

/// Of a search and of one look, on one core of the reference machine.
constexpr double seconds_of_search = 2, seconds_of_look = 0.5;
/// A search looks at so many weight variances; fewer networks at each tell no share of one in ten.
constexpr std::int64_t looks = 60, fewest_networks = 100, most_networks = 4000;

/// Whether theory says something of this width.
bool reaches(const ThroughDepth& networks, const Family& family) {
  return networks.judged.regime != Regime::undecided &&
         !(family.width && networks.judged.totals.of == theory::TotalsOf::infinite_width);
}

std::int64_t networks_for(const Family& family, double seconds) {
  const std::int64_t affordable = affordable_networks(family, seconds);
  return affordable < fewest_networks ? 0 : std::min(affordable, most_networks);
}

/// Whether the signal or the gradient changes by more than F, be its error what it may.
bool out_in_the_mean(const ThroughDepth& networks) {
  const auto& [forward, backward, of] = networks.judged.totals;
  return !(std::max(std::abs(forward.mean), std::abs(backward.mean)) < std::log(stable_factor));
}

/// Also where half of the networks die, or the mean is out of F and only its error leaves that open.
bool lost(const ThroughDepth& networks) {
  const auto& [forward, backward, of] = networks.judged.totals;
  return networks.judged.regime == Regime::vanishing || networks.judged.regime == Regime::exploding ||
         std::max(forward.extinct_share, backward.extinct_share) > 0.5 || out_in_the_mean(networks);
}

/// So many significant digits that what they leave out is nothing through the depth.
double in_digits(double x, int depth, Evidence source) {
  const int beyond = static_cast<int>(std::ceil(std::log10(depth)));
  return *parse_number(fmt::format("{:.{}g}", x, source == Evidence::theory ? 4 + beyond : 3 + beyond));
}

/// What is to be 0, of networks; far below where none lives.
using Change = double (*)(const ThroughDepth&);

double alive(double change) {
  return std::isfinite(change) ? change : -1e12;
}
double both_changes(const ThroughDepth& networks) {
  return alive(networks.signal + networks.gradient());
}
double gradient_change(const ThroughDepth& networks) {
  return alive(networks.gradient());
}
double larger_change(const ThroughDepth& networks) {
  return std::max(std::abs(alive(networks.signal)), std::abs(alive(networks.gradient())));
}

bool stable(const ThroughDepth& networks) {
  return networks.judged.regime == Regime::stable;
}

/// Stable ones are better than others, and then those whose larger change is less.
bool better(const ThroughDepth& a, const ThroughDepth& b) {
  if (stable(a) != stable(b)) return stable(a);
  return larger_change(a) < larger_change(b);
}

/// Looks for weight variances, in x = ln σ_w².
class HoldingSearch {
 public:
  /// Finds zeros to within `resolution` over the depth.
  HoldingSearch(const Family& family, NetworkFamily& networks, double resolution)
      : family_(family), networks_(networks), resolution_(resolution / family.depth) {}
  HoldingSearch(const Family& family, NetworkFamily& networks)
      : HoldingSearch(family, networks, networks.source() == Evidence::theory ? 1e-4 : 1e-2) {}

  std::optional<double> zero(Change change) {
    const auto bracket = bracketed(change);
    if (!bracket) return std::nullopt;
    std::uintmax_t iterations = 60;
    const auto [a, b] = boost::math::tools::toms748_solve(
        [&](double x) { return change(at(x)); }, bracket->first, bracket->second,
        [this](double low, double high) { return high - low < resolution_; }, iterations);
    return 0.5 * (a + b);
  }

  /// The zero of S + G, if it is stable; else what is found by looking, if that is better.
  ThroughDepth best() {
    const auto x = zero(both_changes);
    if (!x) return rounded_at(found_by_looking());
    const ThroughDepth found = rounded_at(*x);
    has_zero_ = std::abs(both_changes(found)) < 0.05;
    if (stable(found)) return found;
    const double near =
        has_zero_ ? best_of(*x, 5.0 / family_.depth, 0.25 / family_.depth) : found_by_looking();
    const ThroughDepth looked_for = rounded_at(near);
    return better(looked_for, found) ? looked_for : found;
  }

  /// Whether best() met a zero; not one where theory goes over from this width to infinite width.
  bool has_zero() const { return has_zero_; }

  /// All of it by the same kind of totals.
  StableRange stable_about(const ThroughDepth& best) {
    const double x = std::log(best.weight_variance);
    of_ = best.judged.totals.of, from_first_layer_ = best.from_first_layer;
    return {std::exp(border(x, -1)), std::exp(border(x, 1))};
  }

  /// The standard deviation of a zero of S + G that its networks leave: that of S + G over its slope. Nothing
  /// where it is no zero.
  std::optional<double> error_of(const ThroughDepth& best) {
    if (std::abs(both_changes(best)) > 4 * best.standard_error) return std::nullopt;
    const double step = std::min(0.1, 1.0 / family_.depth), x = std::log(best.weight_variance);
    const double slope = (both_changes(at(x + step)) - both_changes(at(x - step))) / (2 * step);
    return best.weight_variance * best.standard_error / std::abs(slope);
  }

 private:
  ThroughDepth at(double x) { return networks_(std::exp(x)); }
  ThroughDepth rounded_at(double x) {
    return networks_(in_digits(std::exp(x), family_.depth, networks_.source()));
  }

  /// Two places with a change of either sign, by steps that double.
  std::optional<std::pair<double, double>> bracketed(Change change) {
    double near = 0;
    const bool grows = change(at(near)) > 0;
    const double direction = grows ? -1 : 1;
    for (double step = 0.25; std::abs(near) < furthest; step *= 2) {
      const double next = std::clamp(near + direction * step, -furthest, furthest);
      if ((change(at(next)) > 0) != grows) return std::minmax(near, next);
      near = next;
    }
    return std::nullopt;
  }

  /// The best of places about one, `step` apart.
  double best_of(double about, double reach, double step) {
    double place = about;
    ThroughDepth best = at(place);
    for (double x = about - reach; x <= about + reach; x += step) {
      const ThroughDepth there = at(x);
      if (better(there, best)) place = x, best = there;
    }
    return place;
  }

  /// From e^−8 to e^8, by ever finer steps.
  double found_by_looking() { return best_of(best_of(best_of(0, 8, 0.5), 0.5, 0.1), 0.1, 0.02); }

  /// Where theory goes over to infinite width, it says no more than that; and all is counted from one place.
  bool stable_at(double x) {
    const ThroughDepth there = at(x);
    return stable(there) && there.judged.totals.of == of_ && there.from_first_layer == from_first_layer_;
  }

  /// The last stable place from `x` on, which is stable.
  double border(double x, double direction) {
    double held = x, step = 0.5 / family_.depth;
    while (std::abs(x + direction * step) < furthest && stable_at(x + direction * step)) {
      held = x + direction * step;
      step *= 2;
    }
    double beyond = x + direction * step;
    for (int i = 0; i < 40 && std::abs(beyond - held) > 0.01 * std::abs(beyond - x); ++i) {
      const double middle = 0.5 * (held + beyond);
      (stable_at(middle) ? held : beyond) = middle;
    }
    return held;
  }

  static constexpr double furthest = 650;  // e^±650 and their products with n are doubles

  const Family& family_;
  NetworkFamily& networks_;
  double resolution_;
  bool has_zero_ = false;
  theory::TotalsOf of_ = theory::TotalsOf::width;
  bool from_first_layer_ = false;
};

/// Whether theory finds a weight variance that is stable.
bool can_be_held(const Family& family) {
  const auto networks = theoretical_family(family);
  const auto zero = HoldingSearch(family, *networks, 0.05).zero(both_changes);
  if (!zero) return false;
  const ThroughDepth there = (*networks)(std::exp(*zero));
  return stable(there) && reaches(there, family);
}

/// The most layers below the family's depth, by halving: what holds a depth holds smaller ones.
std::optional<int> largest_depth(Family family) {
  int held = 1, beyond = family.depth;
  while (beyond - held > std::max(1, held / 50)) {
    family.depth = held + (beyond - held) / 2;
    (can_be_held(family) ? held : beyond) = family.depth;
  }
  return held > 1 ? std::optional(held) : std::nullopt;
}

std::optional<std::int64_t> enough_width(Family family) {
  constexpr std::int64_t widest = std::int64_t{1} << 24;
  const std::int64_t width = *family.width;
  family.width = std::nullopt;
  if (!can_be_held(family)) return std::nullopt;
  for (std::int64_t wider = 2 * width; wider <= widest; wider *= 2) {
    family.width = wider;
    if (can_be_held(family)) return wider;
  }
  return std::nullopt;
}

std::optional<double> helpful_bias(Family family) {
  const double own = family.bias_variance;
  for (const double bias : {0.0, 0.01, 0.03, 0.1, 0.3, 1.0}) {
    family.bias_variance = bias;
    if (bias != own && can_be_held(family)) return bias;
  }
  return std::nullopt;
}

/// Why nothing is stable, where a simulation says so.
std::string reason_of(const ThroughDepth& networks) {
  switch (networks.judged.regime) {
    case Regime::extinct:
      return "in too many networks of this width a layer dies";
    case Regime::erratic:
      return "where the mean holds, single networks of this width stray";
    case Regime::undecided:
      if (!out_in_the_mean(networks)) return "too few networks could be simulated to tell";
      [[fallthrough]];
    default:
      return "where both change least, one of them still changes by more than F";
  }
}

/// What is nearest to a best one that is not stable, or why nothing is.
void settle_for_the_nearest(const Family& family, Holding& holding) {
  if (holding.source == Evidence::simulation) {
    holding.why = reason_of(*holding.best);
  } else {
    const DepthVerdict verdict = judge_depth(family, holding.best->weight_variance);
    holding.why = verdict.why_none;
    if (verdict.nearest_stable) {
      holding.best =
          (*theoretical_family(family))(in_digits(*verdict.nearest_stable, family.depth, Evidence::theory));
      return;
    }
  }
  if (lost(*holding.best)) holding.best.reset();
  holding.remedies = {largest_depth(family), enough_width(family), helpful_bias(family)};
}

std::optional<double> best_of_infinite_width(Family family) {
  family.width = std::nullopt;
  const auto networks = theoretical_family(family);
  const auto zero = HoldingSearch(family, *networks).zero(both_changes);
  return zero ? std::optional(in_digits(std::exp(*zero), family.depth, Evidence::theory)) : std::nullopt;
}

/// What follows from the best one.
void complete(const Family& family, NetworkFamily& networks, Holding& holding) {
  if (!stable(*holding.best)) settle_for_the_nearest(family, holding);
  holding.limit = best_of_infinite_width(family);
  if (!holding.best) return;
  HoldingSearch search(family, networks);
  if (holding.source == Evidence::simulation) holding.error = search.error_of(*holding.best);
  if (const auto x = search.zero(gradient_change))
    holding.gradient_alone = in_digits(std::exp(*x), family.depth, holding.source);
  if (holding.best->judged.regime == Regime::stable) holding.stable = search.stable_about(*holding.best);
}

}  // namespace

Holding hold(const Family& family) {
  VARPROP_EXPECT(family.width && family.depth >= 2);
  auto networks = theoretical_family(family);
  HoldingSearch search(family, *networks);
  Holding holding{.source = Evidence::theory, .networks = 0, .best = search.best()};
  if (!search.has_zero() || !reaches(*holding.best, family)) {
    if (const std::int64_t count = networks_for(family, seconds_of_search / looks)) {
      networks = sampled_family(family, count);
      holding = {.source = Evidence::simulation, .networks = count};
      holding.best = HoldingSearch(family, *networks).best();
    }
  }
  complete(family, *networks, holding);
  return holding;
}

LookedAt look_at(const Family& family, double weight_variance) {
  const ThroughDepth by_theory = (*theoretical_family(family))(weight_variance);
  if (!reaches(by_theory, family)) {
    if (const std::int64_t count = networks_for(family, seconds_of_look))
      return {(*sampled_family(family, count))(weight_variance), Evidence::simulation, count};
  }
  return {by_theory, Evidence::theory, 0};
}

}  // namespace varprop::driver
