#include "driver/theory/depth_verdict.hpp"

#include <algorithm>
#include <cmath>

namespace varprop::driver {

namespace {

using analysis::Regime;

const double log_factor = std::log(stable_factor);
// Of a weight variance that is recommended; the lesser share in range where no more is to be had.
constexpr double share_of_log_factor = 0.9, share_in_range = 0.97, least_share_in_range = 0.93;

constexpr const char* stray =
    "where the mean holds, single networks of this width stray; a wider one, or fewer layers, holds";

/// Judged as the analysis judges a measured one, by what the estimate neglects in the place of chance.
Regime regime_of(const theory::TotalLaw& law) {
  return analysis::classify(
      {law.extinct_share, law.share_in_range, analysis::Interval{law.mean - law.error, law.mean + law.error}},
      stable_factor);
}

bool stable_to_spare(const Judgement& judged, bool has_width, double share) {
  const auto& [forward, backward, of] = judged.totals;
  if (has_width && of == theory::TotalsOf::infinite_width) return false;  // says nothing of this width
  return judged.regime == Regime::stable &&
         std::min(forward.share_in_range, backward.share_in_range) >= share;
}

class Search {
 public:
  explicit Search(const Family& family)
      : family_(family), walk_(family.predict.mean_field(), family.weights, family.width) {}

  Judgement judge(double weight_variance) {
    const auto totals = walk_({weight_variance, family_.bias_variance}, family_.predict.input_mean_square(),
                              family_.depth, log_factor);
    return {totals, std::max(regime_of(totals.forward), regime_of(totals.backward))};
  }

  DepthVerdict nearest(double weight_variance) {
    DepthVerdict verdict{judge(weight_variance), {}, {}, {}};
    if (verdict.here.regime == Regime::stable) {
      verdict.nearest_stable = weight_variance, verdict.there = verdict.here;
      return verdict;
    }
    const double here = std::log(weight_variance);
    const int side = side_of(verdict.here);
    // Where the means hold, single networks stray; the middle of what holds is the best place for them.
    auto low = side < 0 ? std::optional(here) : outwards(here, -1);
    auto high = side > 0 ? std::optional(here) : outwards(here, 1);
    if (!low || !high) {
      verdict.why_none = "none within a factor 10^300 does";
      return verdict;
    }
    const auto held = side == 0 ? std::optional(here) : held_between(*low, *high);
    if (!held) {
      verdict.why_none = why_none_between(*low, *high);
      return verdict;
    }
    settle(verdict, here, border(*held, *low), border(*held, *high));
    return verdict;
  }

 private:
  /// 1 where something grows too much, −1 where something fades too much and nothing grows so, 0: held.
  static int side_of(const Judgement& judged) {
    const double bound = share_of_log_factor * log_factor;
    const auto& [forward, backward, of] = judged.totals;
    if (std::max(forward.mean + forward.error, backward.mean + backward.error) >= bound) return 1;
    return std::min(forward.mean - forward.error, backward.mean - backward.error) <= -bound ? -1 : 0;
  }
  int side_at(double log_weight) { return side_of(judge(std::exp(log_weight))); }

  /// The first place on the way from `start` where the side is `direction`, by steps that double.
  std::optional<double> outwards(double start, int direction) {
    const double furthest = 300 * std::log(10.0);
    for (double step = 1.0 / 32;; step *= 2) {
      const double place = std::clamp(start + direction * step, -furthest, furthest);
      if (side_at(place) == direction) return place;
      if (std::abs(place) >= furthest) return std::nullopt;
    }
  }

  /// A place where both are held, by halving what is between a fading and a growing one; these draw nearer.
  std::optional<double> held_between(double& low, double& high) {
    for (int i = 0; i < 40; ++i) {
      const double middle = 0.5 * (low + high);
      const int side = side_at(middle);
      if (side == 0) return middle;
      (side < 0 ? low : high) = middle;
    }
    return std::nullopt;
  }

  /// Of a pair that halving left next to each other.
  std::string why_none_between(double low, double high) {
    const auto& [forward, backward, of] = judge(std::exp(0.5 * (low + high))).totals;
    const bool in_the_mean = std::max(std::abs(forward.mean) - forward.error,
                                      std::abs(backward.mean) - backward.error) < log_factor;
    return in_the_mean
               ? stray
               : "where one no longer vanishes, the signal or the gradient explodes; another bias variance "
                 "or fewer layers may";
  }

  /// The last held place from `held` towards `beyond`, which is not.
  double border(double held, double beyond) {
    for (int i = 0; i < 24 && std::abs(beyond - held) > 1e-5; ++i) {
      const double middle = 0.5 * (held + beyond);
      (side_at(middle) == 0 ? held : beyond) = middle;
    }
    return held;
  }

  /// The place nearest to `here` from `low` to `high` where the regime is stable, if it is in the middle.
  void settle(DepthVerdict& verdict, double here, double low, double high) {
    const bool has_width = family_.width.has_value();
    double stable = 0.5 * (low + high);
    const Judgement there = judge(std::exp(stable));
    if (!stable_to_spare(there, has_width, least_share_in_range)) {
      const bool unknown = has_width && there.totals.of == theory::TotalsOf::infinite_width;
      verdict.why_none = unknown ? "where infinitely wide networks hold, nothing is known of this width"
                         : there.regime == Regime::extinct
                             ? "in too many networks of this width a layer dies; a wider one holds"
                             : stray;
      return;
    }
    double beyond = std::clamp(here, low, high);
    if (!stable_to_spare(there, has_width, share_in_range)) beyond = stable;
    if (stable_to_spare(judge(std::exp(beyond)), has_width, share_in_range)) stable = beyond;
    for (int i = 0; i < 20 && std::abs(beyond - stable) > 1e-5; ++i) {
      const double middle = 0.5 * (stable + beyond);
      (stable_to_spare(judge(std::exp(middle)), has_width, share_in_range) ? stable : beyond) = middle;
    }
    verdict.nearest_stable = std::exp(stable);
    verdict.there = judge(*verdict.nearest_stable);
  }

  Family family_;
  theory::NetworkWalk walk_;
};

}  // namespace

DepthVerdict judge_depth(const Family& family, double weight_variance) {
  return Search(family).nearest(weight_variance);
}

}  // namespace varprop::driver
