#include "theory/root_scan.hpp"

#include <boost/math/tools/minima.hpp>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstdint>

namespace varprop {

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

}  // namespace varprop
