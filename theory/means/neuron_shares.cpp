#include "theory/means/neuron_shares.hpp"

#include <algorithm>
#include <array>
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

/// 0, the kinks on this side and infinity, in |z|: between them φ is smooth.
std::vector<double> borders_of_pieces(double side, const ActivationFacts& facts) {
  std::vector<double> borders{0, infinitely_far};
  for (std::size_t i = 0; i < facts.kinks.count; ++i) {
    if (const double kink = side * facts.kinks.at[i]; kink > 0) borders.push_back(kink);
  }
  std::ranges::sort(borders);
  return borders;
}

/// Whether φ' is 0 on a whole piece. In a tail that decays it is so small that doubles round it to 0.
bool dead_between(double low, double high, double side, const Phi& phi, const ActivationFacts& facts) {
  if (high == infinitely_far) {
    const bool decays = side < 0 ? facts.decays.negative : facts.decays.positive;
    return !decays && phi.slope(side * furthest) == 0;
  }
  return std::ranges::all_of(std::array{0.25, 0.5, 0.75}, [&](double share) {
    return phi.slope(side * (low + share * (high - low))) == 0;
  });
}

}  // namespace

NeuronShares::NeuronShares(const Activation& activation) {
  const Phi phi(activation);
  const ActivationFacts facts = activation.facts();
  if (facts.oscillates()) return;
  for (const double side : {-1.0, 1.0}) {
    const std::vector<Range> dead = dead_pieces(side, phi, facts);
    dead_.insert(dead_.end(), dead.begin(), dead.end());
    const bool bounded = (side < 0 ? facts.at_infinity.negative : facts.at_infinity.positive) == 0;
    const std::vector<Range> flat = bounded ? flat_ranges(side, phi) : std::vector<Range>();
    const std::vector<Range>& saturated = bounded ? flat : dead;
    saturated_.insert(saturated_.end(), saturated.begin(), saturated.end());
  }
}

std::vector<NeuronShares::Range> NeuronShares::dead_pieces(double side, const Phi& phi,
                                                           const ActivationFacts& facts) {
  const std::vector<double> borders = borders_of_pieces(side, facts);
  std::vector<Range> dead;
  for (std::size_t i = 0; i + 1 < borders.size(); ++i) {
    if (dead_between(borders[i], borders[i + 1], side, phi, facts))
      dead.push_back({borders[i], borders[i + 1]});
  }
  return dead;
}

std::vector<NeuronShares::Range> NeuronShares::flat_ranges(double side, const Phi& phi) {
  std::vector<Range> ranges;
  const auto flat = [&](double z) { return std::abs(phi.slope(side * z)) < hardly_a_slope; };
  double low = flat(nearest) ? 0 : infinitely_far;  // of the range at hand, infinite where there is none
  for (double z = nearest; z < furthest; z = next_place(z)) {
    const double next = next_place(z);
    if (flat(next) == (low < infinitely_far)) continue;
    const double end = border(flat, z, next);
    if (low < infinitely_far) ranges.push_back({low, end});
    low = low < infinitely_far ? infinitely_far : end;
  }
  if (low < infinitely_far) ranges.push_back({low, infinitely_far});
  return ranges;
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
