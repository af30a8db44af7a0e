#include "driver/theory/depth_verdict.hpp"

#include <fmt/format.h>

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
constexpr const char* out_at_first =
    "the first layer alone, which multiplies the input's mean square by the weight variance, takes the "
    "signal "
    "out of F";

bool stable_to_spare(const Judgement& judged, bool has_width, double share) {
  const auto& [forward, backward, of] = judged.totals;
  if (has_width && of == theory::TotalsOf::infinite_width) return false;  // says nothing of this width
  return judged.regime == Regime::stable &&
         std::min(forward.share_in_range, backward.share_in_range) >= share;
}

class Search {
 public:
  explicit Search(const Family& family) : judge_(family) {}

  Judgement judge(double weight_variance) { return judge_(weight_variance); }

  DepthVerdict nearest(double weight_variance) {
    DepthVerdict verdict{judge(weight_variance), {}, {}, {}, first_layer_to_blame(weight_variance)};
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
  std::optional<double> first_layer_to_blame(double weight_variance) {
    if (judge(weight_variance).regime == Regime::stable) return std::nullopt;
    const auto from_there = judge_.from_first_layer(weight_variance);
    if (!from_there || from_there->regime != Regime::stable) return std::nullopt;
    return judge_.first_layer(weight_variance);
  }

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
    if (judge_.from_first_layer(std::exp(0.5 * (low + high)))) return out_at_first;
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
    const bool has_width = judge_.family().width.has_value();
    double stable = 0.5 * (low + high);
    const Judgement there = judge(std::exp(stable));
    if (!stable_to_spare(there, has_width, least_share_in_range)) {
      const bool unknown = has_width && there.totals.of == theory::TotalsOf::infinite_width;
      verdict.why_none = unknown ? "where infinitely wide networks hold, nothing is known of this width"
                         : there.regime == Regime::extinct
                             ? "in too many networks of this width a layer dies; a wider one holds"
                         : judge_.from_first_layer(std::exp(stable)) ? out_at_first
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

  DepthJudge judge_;
};

}  // namespace

analysis::Regime regime_of(const theory::TotalLaw& law) {
  return analysis::classify(
      {law.extinct_share, law.share_in_range, analysis::Interval{law.mean - law.error, law.mean + law.error}},
      stable_factor);
}

theory::NetworkTotals DepthJudge::totals(double weight_variance, int depth, theory::CountedFrom from) {
  return walk_({weight_variance, family_.bias_variance}, family_.predict.input_mean_square(), depth,
               log_factor, from);
}

Judgement DepthJudge::operator()(double weight_variance) {
  const theory::NetworkTotals through = totals(weight_variance, family_.depth);
  return {through, std::max(regime_of(through.forward), regime_of(through.backward))};
}

double DepthJudge::first_layer(double weight_variance) {
  return totals(weight_variance, 1).forward.mean;
}

std::optional<Judgement> DepthJudge::from_first_layer(double weight_variance) {
  if (!(std::abs(first_layer(weight_variance)) > log_factor)) return std::nullopt;
  const theory::NetworkTotals through =
      totals(weight_variance, family_.depth, theory::CountedFrom::first_layer);
  return Judgement{through, std::max(regime_of(through.forward), regime_of(through.backward))};
}

DepthVerdict judge_depth(const Family& family, double weight_variance) {
  return Search(family).nearest(weight_variance);
}

std::string factor_text(double logarithm) {
  if (std::isinf(logarithm)) return logarithm > 0 ? "beyond e^1e17" : "below e^-1e17";
  const double factor = std::exp(logarithm);
  const std::string power = fmt::format("e^{:.4g}", logarithm);
  return std::isnormal(factor) ? fmt::format("{} = {:.3g}", power, factor) : power;
}

std::string regime_clause(const Judgement& judged) {
  const auto& [forward, backward, of] = judged.totals;
  const double share = std::min(forward.share_in_range, backward.share_in_range);
  switch (judged.regime) {
    case analysis::Regime::stable:
      return "stable";
    case analysis::Regime::erratic:
      return fmt::format("erratic: stable in the mean, but {:.0f} networks in 100 stray further",
                         100 * (1 - share));
    case analysis::Regime::extinct:
      return fmt::format("extinct: in {:.0f} networks in 100 a layer dies",
                         100 * std::max(forward.extinct_share, backward.extinct_share));
    case analysis::Regime::undecided:
      return "undecided: the estimate is not sharp enough so near to F";
    case analysis::Regime::vanishing:
    case analysis::Regime::exploding:
      break;
  }
  return std::string(word_of(judged.regime));
}

}  // namespace varprop::driver
