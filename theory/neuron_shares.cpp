#include "theory/neuron_shares.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>

namespace varprop::theory {

namespace {

constexpr double hardly_a_slope = 0.01;
constexpr double infinitely_far = std::numeric_limits<double>::infinity();
constexpr double nearest = 1e-9, furthest = 1e8;  // where φ' is looked at, in |z|
constexpr double fine_step = 1.0 / 64, fine_end = 16, coarse_ratio = 1.02;

double next_place(double z) {
  return z < fine_end ? z + fine_step : z * coarse_ratio;
}

/// Between two places of which one holds and the other does not.
double border(const std::function<bool(double)>& holds, double low, double high) {
  const bool at_low = holds(low);
  for (int i = 0; i < 50; ++i) {
    const double middle = 0.5 * (low + high);
    (holds(middle) == at_low ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

/// P(|Z| > x)/2.
double beyond(double x) {
  return 0.5 * std::erfc(x / std::numbers::sqrt2);
}

/// From which |z| on φ' is 0 for ever on this side; infinite where nowhere.
double dies_at(double side, const Phi& phi, const ActivationFacts& facts) {
  const bool decays = side < 0 ? facts.decays.negative : facts.decays.positive;
  if (decays || phi.slope(side * furthest) != 0) return infinitely_far;
  double last = 0;
  for (std::size_t i = 0; i < facts.kinks.count; ++i) last = std::max(last, side * facts.kinks.at[i]);
  return last;
}

}  // namespace

NeuronShares::NeuronShares(const Activation& activation) {
  const Phi phi(activation);
  const ActivationFacts facts = activation.facts();
  if (facts.at_infinity.negative == 0) look_at(-1, phi, facts);
  if (facts.at_infinity.positive == 0) look_at(1, phi, facts);
}

void NeuronShares::look_at(double side, const Phi& phi, const ActivationFacts& facts) {
  if (facts.oscillates()) return;
  if (const double from = dies_at(side, phi, facts); from < infinitely_far)
    dead_.push_back({from, infinitely_far});
  const auto flat = [&](double z) { return std::abs(phi.slope(side * z)) < hardly_a_slope; };
  double low = flat(nearest) ? 0 : infinitely_far;  // of the range at hand, infinite where there is none
  for (double z = nearest; z < furthest; z = next_place(z)) {
    const double next = next_place(z);
    if (flat(next) == (low < infinitely_far)) continue;
    const double end = border(flat, z, next);
    if (low < infinitely_far) saturated_.push_back({low, end});
    low = low < infinitely_far ? infinitely_far : end;
  }
  if (low < infinitely_far) saturated_.push_back({low, infinitely_far});
}

double NeuronShares::share(const std::vector<Range>& ranges, double log_q) {
  const double root = std::exp(0.5 * log_q);
  const auto from = [root](double z) { return z == 0 ? 0.5 : beyond(z / root); };
  double sum = 0;
  for (const Range& range : ranges)
    sum += from(range.low) - (range.high < infinitely_far ? from(range.high) : 0);
  return sum;
}

}  // namespace varprop::theory
