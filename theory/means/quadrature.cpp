#include "theory/means/quadrature.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>

#include "core/errors.hpp"

namespace varprop::theory {

namespace {

constexpr double largest_z = 10.0;
constexpr double widest_panel = 1.25;
constexpr double vanishing_z = 38.0;  // exp(−z²/2) is 0 beyond

/// The end of the panel that begins at z ≥ 0. Far out, where φ is flat or straight, panels grow faster in x.
double next_end(double z, double sqrt_q, double scale) {
  const double x = sqrt_q * z;
  const double widest_in_x = x < 64.0 * scale ? std::max(scale, x) : 3.0 * x;
  return std::min({largest_z, z + widest_panel, z + widest_in_x / sqrt_q});
}

/// One panel: the rule on f(√q z, z) exp(−z²/2)/√(2π) for z in [a, b].
Integral integrate_panel(const std::function<double(double, double)>& f, double sqrt_q, double a, double b) {
  constexpr double one_over_sqrt_2_pi = 0.39894228040143267794;
  const double center = 0.5 * (a + b), scale = 0.5 * (b - a);
  const auto integrand = [&](double t) {
    const double z = std::fma(scale, t, center);
    return scale * one_over_sqrt_2_pi * std::exp(-0.5 * z * z) * f(sqrt_q * z, z);
  };
  Integral panel{};
  panel.value = boost::math::quadrature::gauss_kronrod<double, 31>::integrate(integrand, -1.0, 1.0, 0, 0.0,
                                                                              &panel.error);
  return panel;
}

/// A φ that is 0 as far as a kink far out is seen beyond that kink alone: panels there, on its side.
void push_ends_beyond(double kink, std::vector<double>& ends) {
  if (std::abs(kink) > vanishing_z) return;
  for (const int panels : {1, 2, 3}) {
    const double z = std::abs(kink) + panels * widest_panel;
    if (z > largest_z) ends.push_back(std::copysign(z, kink));
  }
}

}  // namespace

std::vector<double> panel_ends(const Kinks& kinks, double q) {
  VARPROP_EXPECT(q >= 0.0 && std::isfinite(q));
  const double sqrt_q = std::sqrt(q);
  std::vector<double> ends{0.0};
  for (double z = 0.0; z < largest_z;) {
    z = next_end(z, sqrt_q, kinks.scale);
    ends.push_back(z);
    ends.push_back(-z);
  }
  for (std::size_t k = 0; k < kinks.count; ++k) {
    const double z = kinks.at[k] / sqrt_q;
    if (std::abs(z) < vanishing_z) ends.push_back(z);
    push_ends_beyond(z, ends);
  }
  std::sort(ends.begin(), ends.end());
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
  return ends;
}

Integral gaussian_mean(const Kinks& kinks, double q, const std::function<double(double, double)>& f) {
  const std::vector<double> ends = panel_ends(kinks, q);
  const double sqrt_q = std::sqrt(q);
  Integral sum{0, 0};
  for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
    const Integral panel = integrate_panel(f, sqrt_q, ends[i], ends[i + 1]);
    sum.value += panel.value;
    sum.error += panel.error;
  }
  return sum;
}

}  // namespace varprop::theory
