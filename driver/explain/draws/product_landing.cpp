#include "driver/explain/draws/product_landing.hpp"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>

namespace varprop {

namespace {

/// E f(|x|), |x| ~ χ_n.
template <class F>
double mean_over_norm(std::int64_t n, const F& f) {
  const auto degrees = static_cast<double>(n);
  const boost::math::chi_squared law(degrees);
  const auto integrand = [&](double r) { return f(r) * boost::math::pdf(law, r * r) * 2 * r; };
  const double first = std::max(0.0, std::sqrt(degrees) - 9), last = std::sqrt(degrees) + 9;
  return boost::math::quadrature::gauss_kronrod<double, 31>::integrate(integrand, first, last, 15, 1e-10);
}

}  // namespace

SampleLaw product_landing(std::int64_t n, double epsilon) {
  const auto landing = [epsilon](double r) { return std::erf(epsilon / (r * std::sqrt(2.0))); };
  const double mean = mean_over_norm(n, landing);
  const double square = mean_over_norm(n, [&](double r) { return landing(r) * landing(r); });
  return {mean, square - mean * mean};
}

}  // namespace varprop
