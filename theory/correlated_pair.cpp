#include "theory/correlated_pair.hpp"

#include <cmath>

#include "core/activations/phi.hpp"
#include "core/contracts.hpp"
#include "theory/pair_quadrature.hpp"

namespace varprop {

namespace {

/// Seen from here every bounded φ is a step, every other two straight lines, to 1e-10.
constexpr double largest_q = 1e20;

Estimate scaled(const Estimate& estimate, double factor) {
  return {factor * estimate.value, factor * estimate.error};
}

bool divides(const Kinks& kinks, double low, double high) {
  for (std::size_t i = 0; i < kinks.count; ++i) {
    if (low < kinks.at[i] && kinks.at[i] < high) return true;
  }
  return low < 0 && 0 < high;  // where φ'' may jump
}

/// (φ(s + d) − φ(s − d))/(2d), given φ at s + d and s − d. Near together the mean of φ' between the two, by
/// three Gauss points.
double mean_slope(const Phi& phi, const Kinks& kinks, double s, double d, double phi_1, double phi_2) {
  constexpr double near = 5e-3, node = 0.77459666924148337704;
  if (d > near || (d > 0 && divides(kinks, s - d, s + d))) return (phi_1 - phi_2) / (2 * d);
  return (5 * phi.slope(s + node * d) + 8 * phi.slope(s) + 5 * phi.slope(s - node * d)) / 18;
}

PairMeans means_within_range(const MeanField& mean_field, double q, double angle) {
  const ActivationFacts& facts = mean_field.facts();
  const PairSpread spread(q, angle, facts);
  const Phi phi(mean_field.activation());
  const auto means = pair_mean(spread, [&](double s, double d, double z_d) {
    const auto at_1 = phi(s + d), at_2 = phi(s - d);
    const double slope = mean_slope(phi, facts.kinks, s, d, at_1.value, at_2.value);
    return Two{at_1.slope * at_2.slope, z_d * z_d * slope * slope};
  });
  return {means[0], scaled(means[1], spread.felt_share())};
}

/// Two straight lines, φ = a u + b|u| (Cho and Saul 2009, arc-cosine kernel of order 1).
PairMeans straight_means(const Slopes& slopes, double angle) {
  const double a = 0.5 * (slopes.positive + slopes.negative), b = 0.5 * (slopes.positive - slopes.negative);
  constexpr double two_over_pi = 0.63661977236758134308;
  const double distance = distance_of_angle(angle);
  const double bend = distance > 0 ? (std::sin(angle) - angle * std::cos(angle)) / distance : 0.0;
  return {Estimate{a * a + b * b * (1 - two_over_pi * angle), 0.0},
          Estimate{a * a + b * b * (1 - two_over_pi * bend), 0.0}};
}

}  // namespace

PairMeans pair_means(const MeanField& mean_field, double q, double angle) {
  VARPROP_EXPECT(q > 0);
  const ActivationFacts& facts = mean_field.facts();
  const bool straight_far_out = mean_square(facts.at_infinity) > 0;
  if (facts.homogeneous() || (q > largest_q && straight_far_out))
    return straight_means(facts.at_infinity, angle);
  if (q <= largest_q) return means_within_range(mean_field, q, angle);
  const PairMeans at_end = means_within_range(mean_field, largest_q, angle);
  const double fall = facts.oscillates ? 1.0 : largest_q / q;
  return {scaled(at_end.K, fall), scaled(at_end.K_bar, fall)};
}

double distance_of_angle(double angle) {
  const double half_sine = std::sin(0.5 * angle);
  return 2 * half_sine * half_sine;
}

double angle_of_distance(double distance) {
  return 2 * std::asin(std::min(1.0, std::sqrt(0.5 * distance)));
}

}  // namespace varprop
