#include "analysis/regimes.hpp"

#include <algorithm>
#include <cmath>

#include "core/contracts.hpp"

namespace varprop {

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

}  // namespace varprop
