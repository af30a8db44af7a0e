#include "theory/infinite_width/fixed_points.hpp"

#include <algorithm>
#include <boost/math/tools/minima.hpp>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstdint>

#include "core/errors.hpp"

namespace varprop::theory {

namespace {

using Function = std::function<double(double)>;

double bracketed_root(const Function& f, double low, double high) {
  std::uintmax_t iterations = 100;
  const boost::math::tools::eps_tolerance<double> tolerance(52);
  const auto [a, b] = boost::math::tools::toms748_solve(f, low, high, tolerance, iterations);
  return 0.5 * (a + b);
}

std::vector<double> roots_near_extremum(const Function& f, double low, double high, double sign) {
  const auto distance = [&](double at) { return sign * f(at); };
  const auto [at, least] = boost::math::tools::brent_find_minima(distance, low, high, 26);
  if (least > rounding) return {};
  if (least > -rounding) return {at};
  return {bracketed_root(f, low, at), bracketed_root(f, at, high)};
}

/// Whether the parabola through three samples, the middle one nearest to zero, comes nearer to it by a tenth.
bool dips(const Sample& before, const Sample& here, const Sample& after, double sign) {
  const double fall = (here.value - before.value) / (here.at - before.at);
  const double rise = (after.value - here.value) / (after.at - here.at);
  const double bend = (rise - fall) / (after.at - before.at);
  const double slope = fall + bend * (here.at - before.at);
  return !(sign * (here.value - slope * slope / (4 * bend)) > 0.9 * sign * here.value);
}

std::vector<Sample> believed(const std::vector<Sample>& samples) {
  std::vector<Sample> kept;
  for (const Sample& sample : samples) {
    if (std::abs(sample.value) > rounding) kept.push_back(sample);
  }
  return kept;
}

}  // namespace

std::vector<double> roots_along(const std::vector<Sample>& samples, const Function& f) {
  const std::vector<Sample> s = believed(samples);
  std::vector<double> roots;
  for (std::size_t i = 1; i < s.size(); ++i) {
    const auto [before, here] = std::pair(s[i - 1], s[i]);
    const double sign = here.value > 0 ? 1.0 : -1.0;
    if (before.value * sign < 0) {
      roots.push_back(bracketed_root(f, before.at, here.at));
    } else if (i + 1 < s.size() && sign * here.value <= sign * before.value &&
               sign * here.value < sign * s[i + 1].value && dips(before, here, s[i + 1], sign)) {
      const auto near = roots_near_extremum(f, before.at, s[i + 1].at, sign);
      roots.insert(roots.end(), near.begin(), near.end());
    }
  }
  return roots;
}

namespace {

/// Fine where activations bend, ever coarser farther out where every V is close to a power law.
std::vector<double> table_log_q(double decades) {
  const double end = decades * std::log(10.0), bend = 4 * std::log(10.0), fine = std::log(2.0) / 16;
  std::vector<double> log_q;
  for (double t = 0; t < end; t += t < bend ? fine : t / 20) {
    log_q.push_back(t);
    if (t > 0) log_q.push_back(-t);
  }
  log_q.insert(log_q.end(), {-end, end});
  std::sort(log_q.begin(), log_q.end());
  return log_q;
}

/// ln(q'/q), from the ratio: a difference of two large logarithms would round more than 1e-13. Finite where V
/// is too small for doubles (φ is flat near 0), so that a root beside it has its bracket.
double log_ratio(Variances variances, double V, double q) {
  constexpr double least = -2000;
  const double ratio = (variances.weight * V + variances.bias) / q;
  return ratio > 0 ? std::log(ratio) : least;
}

}  // namespace

FixedPointFinder::FixedPointFinder(const Activation& activation) : mean_field_(activation) {
  if (mean_field_.facts().homogeneous()) return;  // its map is a straight line, find() is not for it
  const int power = mean_field_.facts().power;    // so far no power of q leaves the range of doubles
  for (const double log_q : table_log_q(power == 0 ? 304 : 304 / power)) {
    const double q = std::exp(log_q);
    table_.push_back({log_q, q, mean_field_.V(q).value, mean_field_.D(q).value});
  }
}

double FixedPointFinder::log_growth(Variances variances, double q) const {
  return log_ratio(variances, mean_field_.V(q).value, q);
}

std::vector<double> FixedPointFinder::find_positive(Variances variances) const {
  std::vector<Sample> growth;
  for (const Node& node : table_) growth.push_back({node.log_q, log_ratio(variances, node.V, node.q)});
  auto roots = roots_along(growth, [&](double log_q) { return log_growth(variances, std::exp(log_q)); });
  for (double& root : roots) root = std::exp(root);
  return roots;
}

std::vector<double> FixedPointFinder::find(Variances variances) const {
  VARPROP_EXPECT(!mean_field_.facts().homogeneous());
  VARPROP_EXPECT(variances.weight > 0 && variances.bias >= 0);
  std::vector<double> points = find_positive(variances);
  if (variances.bias == 0.0 && mean_field_.facts().value_at_zero == 0.0) points.insert(points.begin(), 0.0);
  VARPROP_ENSURE(std::is_sorted(points.begin(), points.end()));
  return points;
}

std::optional<double> reached_fixed_point(const FixedPointFinder& finder, Variances variances,
                                          const std::vector<double>& fixed_points, double first_q) {
  VARPROP_EXPECT(first_q > 0);
  const double growth = finder.log_growth(variances, first_q);
  const auto above = std::upper_bound(fixed_points.begin(), fixed_points.end(), first_q);
  if (std::abs(growth) <= rounding) return first_q;
  if (growth > 0) return above == fixed_points.end() ? std::nullopt : std::optional(*above);
  return above == fixed_points.begin() ? std::nullopt : std::optional(*(above - 1));
}

}  // namespace varprop::theory
