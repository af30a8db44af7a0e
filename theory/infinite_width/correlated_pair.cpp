// Expectations over two Gaussian signals u₁, u₂ of variance q and correlation c = cos θ.
//
//     u₁ = s + d,  u₂ = s − d,  s ~ N(0, q cos²(θ/2)),  d ~ N(0, q sin²(θ/2)) independent
//
// In s and d nothing cancels where c is near ±1. Nested 21-point Gauss–Kronrod rules: an outer one over d > 0
// (what is averaged must not change when u₁ and u₂ do change places), an inner one over s. Panels of the
// inner rule end at the kinks of φ(u₁) and φ(u₂), s = k − d and s = k + d; those of the outer one where two
// such lines cross. Panels are at most 2 wide in units of the standard deviation, and no wider in s than 2 or
// their distance from u₁ = 0 and u₂ = 0 (the scale of φ). What is farther out than 8 standard deviations is
// left out: less than 1e-13.

#include "core/errors.hpp"
#include "theory/infinite_width/correlation.hpp"

#include <algorithm>
#include <array>
#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <vector>

#include "core/network/activations/activation.hpp"
#include "theory/means/mean_field.hpp"
#include "theory/means/quadrature.hpp"

namespace varprop::theory {

/// Two numbers that are averaged side by side, because both follow from the same values of φ.
using Two = std::array<double, 2>;

/// The nodes of a rule on [−1, 1], with the weights of two embedded rules.
struct NestedRule {
  static constexpr std::size_t size = 21;
  std::array<double, size> node;
  std::array<double, size> weight;         ///< 21-point Kronrod
  std::array<double, size> coarse_weight;  ///< 10-point Gauss; 0 where it has no node
};
const NestedRule& nested_rule();

/// Two averages, and the distances to those of the embedded rule.
struct TwoEstimates {
  Two value{}, error{};
};

/// How u₁ and u₂ vary together.
class PairSpread {
 public:
  /// q > 0, θ from 0 to π. Of an oscillating φ the phases of s and d matter alone (effective_variance).
  PairSpread(double q, double angle, const ActivationFacts& facts);

  double s_deviation() const { return s_deviation_; }
  double d_deviation() const { return d_deviation_; }

  /// d_deviation² over q sin²(θ/2): below 1 for oscillating φ only.
  double effective_share() const { return effective_share_; }

  /// The ends of the panels in d/d_deviation, from 0.
  std::vector<double> outer_ends() const;
  /// The ends of the panels in s/s_deviation for this d ≥ 0.
  std::vector<double> inner_ends(double d) const;

 private:
  double widest(double deviation) const;

  double s_deviation_, d_deviation_, effective_share_;
  double scale_;  ///< of φ
  bool oscillates_;
  std::vector<double> kinks_{0.0};  // φ'' may jump at 0 where φ' does not
};

/// ∫ f(z) exp(−z²/2)/√(2π) dz over panels; f returns TwoEstimates.
template <class F>
TwoEstimates nested_mean(const std::vector<double>& ends, const F& f) {
  constexpr double one_over_sqrt_2_pi = 0.39894228040143267794;
  const NestedRule& rule = nested_rule();
  TwoEstimates sum;
  for (std::size_t p = 0; p + 1 < ends.size(); ++p) {
    const double center = 0.5 * (ends[p] + ends[p + 1]), scale = 0.5 * (ends[p + 1] - ends[p]);
    Two difference{};
    for (std::size_t i = 0; i < NestedRule::size; ++i) {
      const double z = std::fma(scale, rule.node[i], center);
      const double density = scale * one_over_sqrt_2_pi * std::exp(-0.5 * z * z);
      const TwoEstimates at = f(z);
      for (std::size_t k = 0; k < 2; ++k) {
        sum.value[k] += density * rule.weight[i] * at.value[k];
        sum.error[k] += density * rule.weight[i] * at.error[k];
        difference[k] += density * (rule.weight[i] - rule.coarse_weight[i]) * at.value[k];
      }
    }
    for (std::size_t k = 0; k < 2; ++k) sum.error[k] += std::abs(difference[k]);
  }
  return sum;
}

/// E f(s, d, d/d_deviation) for f that returns Two; f must not change when u₁ and u₂ change places.
template <class F>
std::array<Integral, 2> pair_mean(const PairSpread& spread, const F& f) {
  const auto outer = nested_mean(spread.outer_ends(), [&](double z_d) {
    const double d = spread.d_deviation() * z_d;
    return nested_mean(spread.inner_ends(d), [&](double z_s) {
      const double s = spread.s_deviation() * z_s;
      return TwoEstimates{f(s, d, z_d), {}};
    });
  });
  return {Integral{2 * outer.value[0], 2 * outer.error[0]}, Integral{2 * outer.value[1], 2 * outer.error[1]}};
}

namespace {

constexpr double farthest_z = 8.0;
constexpr double widest_pair_panel = 2.0;

NestedRule make_nested_rule() {
  using Kronrod = boost::math::quadrature::gauss_kronrod<double, 21>;
  using Gauss = boost::math::quadrature::gauss<double, 10>;
  NestedRule rule{};
  const std::size_t middle = NestedRule::size / 2;
  for (std::size_t i = 0; i <= middle; ++i) {
    for (const std::size_t at : {middle - i, middle + i}) {
      rule.node[at] = (at < middle ? -1 : 1) * Kronrod::abscissa()[i];
      rule.weight[at] = Kronrod::weights()[i];
      rule.coarse_weight[at] = i % 2 == 1 ? Gauss::weights()[i / 2] : 0.0;
    }
  }
  return rule;
}

/// A place near which what is integrated varies on this scale, and slower farther out; in z.
struct Center {
  double at, scale;
};

/// Panels within [0, farthest_z].
class Panels {
 public:
  explicit Panels(double widest) : widest_(widest) {}

  void refine_around(double z, double scale) { centers_.push_back({z, scale}); }

  void break_at(double z) {
    if (z > 0 && z < farthest_z) breaks_.push_back(z);
  }

  std::vector<double> ends() {
    std::sort(breaks_.begin(), breaks_.end());
    for (std::size_t i = 0; i + 1 < breaks_.size(); ++i) split(breaks_[i], breaks_[i + 1]);
    ends_.push_back(farthest_z);
    return ends_;
  }

 private:
  static double distance_of(const Center& center, double a, double b) {
    return std::max({0.0, a - center.at, center.at - b});
  }

  static bool suits(const Center& center, double a, double b) {
    const double distance = distance_of(center, a, b);
    return b - a <= std::max(center.scale, distance < 40 * center.scale ? distance : 5 * distance);
  }

  /// In the middle, or in the geometric middle of the distances from a center that is outside.
  static double middle_of(const Center& center, double a, double b) {
    const double left = std::max(a - center.at, center.scale), right = std::max(center.at - b, center.scale);
    if (a >= center.at && b - center.at > 4 * left) return center.at + std::sqrt(left * (b - center.at));
    if (b <= center.at && center.at - a > 4 * right) return center.at - std::sqrt(right * (center.at - a));
    return 0.5 * (a + b);
  }

  void split(double a, double b) {
    const auto strict = std::find_if(centers_.begin(), centers_.end(),
                                     [&](const Center& center) { return !suits(center, a, b); });
    const bool unsuited = strict != centers_.end();
    const double middle = unsuited ? middle_of(*strict, a, b) : 0.5 * (a + b);
    if ((!unsuited && b - a <= widest_) || middle <= a || middle >= b) {
      ends_.push_back(a);
    } else {
      split(a, middle);
      split(middle, b);
    }
  }

  std::vector<Center> centers_;
  double widest_;
  std::vector<double> breaks_{0.0, farthest_z}, ends_;
};

constexpr double scale_of_phi = 2.0;  ///< in units of its own

/// From −farthest_z to farthest_z, given the positive half.
std::vector<double> mirrored(const std::vector<double>& half) {
  std::vector<double> ends;
  for (auto z = half.rbegin(); z != half.rend(); ++z) ends.push_back(-*z);
  ends.insert(ends.end(), half.begin() + 1, half.end());
  return ends;
}

}  // namespace

const NestedRule& nested_rule() {
  static const NestedRule rule = make_nested_rule();
  return rule;
}

PairSpread::PairSpread(double q, double angle, const ActivationFacts& facts)
    : scale_(facts.kinks.scale), oscillates_(facts.oscillates()) {
  VARPROP_EXPECT(q > 0 && std::isfinite(q) && angle >= 0 && angle < 3.1416);
  const double s_variance = q * std::pow(std::cos(0.5 * angle), 2);
  const double d_variance = q * std::pow(std::sin(0.5 * angle), 2);
  s_deviation_ = std::sqrt(effective_variance(facts, s_variance));
  d_deviation_ = std::sqrt(effective_variance(facts, d_variance));
  effective_share_ = d_variance > 0 ? effective_variance(facts, d_variance) / d_variance : 1.0;
  for (std::size_t i = 0; i < facts.kinks.count; ++i) kinks_.push_back(facts.kinks.at[i]);
}

double PairSpread::widest(double deviation) const {
  return oscillates_ ? std::min(widest_pair_panel, 6 * scale_ / deviation) : widest_pair_panel;
}

std::vector<double> PairSpread::outer_ends() const {
  Panels panels(widest(d_deviation_));
  if (d_deviation_ == 0) return panels.ends();
  panels.refine_around(0, scale_of_phi * scale_ / d_deviation_);
  for (const double k : kinks_) {
    panels.break_at(std::abs(k) / d_deviation_);
    panels.refine_around(std::abs(k) / d_deviation_, s_deviation_ / d_deviation_);
    for (const double other : kinks_) panels.break_at(0.5 * std::abs(k - other) / d_deviation_);
  }
  return panels.ends();
}

std::vector<double> PairSpread::inner_ends(double d) const {
  Panels panels(widest(s_deviation_));
  panels.refine_around(d / s_deviation_, scale_of_phi * scale_ / s_deviation_);
  for (const double k : kinks_) {
    panels.break_at(std::abs(k - d) / s_deviation_);
    panels.break_at(std::abs(k + d) / s_deviation_);
  }
  return mirrored(panels.ends());
}

namespace {

/// Seen from here every bounded φ is a step, every other two straight lines, to 1e-10.
constexpr double largest_q = 1e20;

Integral scaled(const Integral& estimate, double factor) {
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
  if (d > near * kinks.scale || (d > 0 && divides(kinks, s - d, s + d))) return (phi_1 - phi_2) / (2 * d);
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
  return {means[0], scaled(means[1], spread.effective_share())};
}

/// Two straight lines, φ = a u + b|u| (Cho and Saul 2009, arc-cosine kernel of order 1).
PairMeans straight_means(const Slopes& slopes, double angle) {
  const double a = 0.5 * (slopes.positive + slopes.negative), b = 0.5 * (slopes.positive - slopes.negative);
  constexpr double two_over_pi = 0.63661977236758134308;
  const double distance = distance_of_angle(angle);
  const double bend = distance > 0 ? (std::sin(angle) - angle * std::cos(angle)) / distance : 0.0;
  return {Integral{a * a + b * b * (1 - two_over_pi * angle), 0.0},
          Integral{a * a + b * b * (1 - two_over_pi * bend), 0.0}};
}

}  // namespace

PairMeans pair_means(const MeanField& mean_field, double q, double angle) {
  VARPROP_EXPECT(q > 0);
  const ActivationFacts& facts = mean_field.facts();
  if (facts.power != 0) {
    const PairMeans at_1 = means_within_range(mean_field, 1, angle);
    const double growth = std::pow(q, facts.power - 1);
    return {scaled(at_1.K, growth), scaled(at_1.K_bar, growth)};
  }
  const bool straight_far_out = mean_square(facts.at_infinity) > 0;
  if (facts.homogeneous() || (q > largest_q && straight_far_out))
    return straight_means(facts.at_infinity, angle);
  if (q <= largest_q) return means_within_range(mean_field, q, angle);
  const PairMeans at_end = means_within_range(mean_field, largest_q, angle);
  const double fall = facts.oscillates() ? 1.0 : largest_q / q;
  return {scaled(at_end.K, fall), scaled(at_end.K_bar, fall)};
}

double distance_of_angle(double angle) {
  const double half_sine = std::sin(0.5 * angle);
  return 2 * half_sine * half_sine;
}

double angle_of_distance(double distance) {
  return 2 * std::asin(std::min(1.0, std::sqrt(0.5 * distance)));
}

}  // namespace varprop::theory
