#include "theory/pair_quadrature.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>

#include "core/contracts.hpp"
#include "theory/mean_field.hpp"

namespace varprop {

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

constexpr double scale_of_phi = 2.0;

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

PairSpread::PairSpread(double q, double angle, const ActivationFacts& facts) : oscillates_(facts.oscillates) {
  VARPROP_EXPECT(q > 0 && std::isfinite(q) && angle >= 0 && angle < 3.1416);
  const double s_variance = q * std::pow(std::cos(0.5 * angle), 2);
  const double d_variance = q * std::pow(std::sin(0.5 * angle), 2);
  s_deviation_ = std::sqrt(felt_variance(facts, s_variance));
  d_deviation_ = std::sqrt(felt_variance(facts, d_variance));
  felt_share_ = d_variance > 0 ? felt_variance(facts, d_variance) / d_variance : 1.0;
  for (std::size_t i = 0; i < facts.kinks.count; ++i) kinks_.push_back(facts.kinks.at[i]);
}

double PairSpread::widest(double deviation) const {
  return oscillates_ ? std::min(widest_pair_panel, 6 / deviation) : widest_pair_panel;
}

std::vector<double> PairSpread::outer_ends() const {
  Panels panels(widest(d_deviation_));
  if (d_deviation_ == 0) return panels.ends();
  panels.refine_around(0, scale_of_phi / d_deviation_);
  for (const double k : kinks_) {
    panels.break_at(std::abs(k) / d_deviation_);
    panels.refine_around(std::abs(k) / d_deviation_, s_deviation_ / d_deviation_);
    for (const double other : kinks_) panels.break_at(0.5 * std::abs(k - other) / d_deviation_);
  }
  return panels.ends();
}

std::vector<double> PairSpread::inner_ends(double d) const {
  Panels panels(widest(s_deviation_));
  panels.refine_around(d / s_deviation_, scale_of_phi / s_deviation_);
  for (const double k : kinks_) {
    panels.break_at(std::abs(k - d) / s_deviation_);
    panels.break_at(std::abs(k + d) / s_deviation_);
  }
  return mirrored(panels.ends());
}

}  // namespace varprop
