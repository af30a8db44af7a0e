#include "driver/explain/measurement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>

#include "core/errors.hpp"

namespace varprop::driver {

namespace {

/// Twice the smaller tail, the observed value counted to both.
double two_sided(double lower, double upper) {
  return std::min(1.0, 2 * std::min(lower, upper));
}

double gaussian_p(double deviation) {
  const boost::math::normal law;
  return 2 * boost::math::cdf(law, -std::fabs(deviation));
}

double error_of_mean(std::int64_t samples, SampleLaw law) {
  VARPROP_EXPECT(samples > 0 && law.variance > 0);
  return std::sqrt(law.variance / static_cast<double>(samples));
}

int decade(double x) {
  return static_cast<int>(std::floor(std::log10(x)));
}

/// d.ddde-dd to the decimal 10^last.
std::string scientific(double x, int last) {
  return fmt::format("{:.{}e}", x, std::clamp(x > 0 ? decade(x) - last : 0, 0, 6));
}

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

Measurement measured_share(std::string name, std::int64_t hits, std::int64_t trials, double p) {
  const auto N = static_cast<double>(trials), k = static_cast<double>(hits);
  const boost::math::binomial law(N, p);
  const double lower = boost::math::cdf(law, k);
  const double upper = hits == 0 ? 1 : boost::math::cdf(boost::math::complement(law, k - 1));
  return {std::move(name),        k / N, std::sqrt(p * (1 - p) / N), p, trials, ExactTest::binomial,
          two_sided(lower, upper)};
}

Measurement measured_rms(std::string name, double sum, std::int64_t k, double exact) {
  const auto degrees = static_cast<double>(k);
  const boost::math::chi_squared law(degrees);
  const double lower = boost::math::cdf(law, sum);
  const double upper = boost::math::cdf(boost::math::complement(law, sum));
  return {std::move(name),        exact * std::sqrt(sum / degrees), exact / std::sqrt(2 * degrees), exact, k,
          ExactTest::chi_squared, two_sided(lower, upper)};
}

Measurement measured_mean(std::string name, double mean, std::int64_t samples, SampleLaw law) {
  const double error = error_of_mean(samples, law);
  return {std::move(name),
          mean,
          error,
          law.mean,
          samples,
          ExactTest::gaussian,
          gaussian_p((mean - law.mean) / error)};
}

Measurement measured_root(std::string name, double mean, std::int64_t samples, SampleLaw law) {
  Measurement result = measured_mean(std::move(name), mean, samples, law);
  result.measured = std::sqrt(result.measured);
  result.exact = std::sqrt(result.exact);
  result.standard_error /= 2 * result.exact;
  return result;
}

Measurement measured_typical(std::string name, double log_mean, std::int64_t samples, SampleLaw law) {
  Measurement result = measured_mean(std::move(name), log_mean, samples, law);
  result.measured = std::exp(result.measured);
  result.exact = std::exp(result.exact);
  result.standard_error *= result.exact;
  return result;
}

std::string number_text(double x) {
  return fmt::format("{:.4g}", x);
}

std::array<std::string, 3> measured_texts(const Measurement& measurement) {
  const double error = measurement.standard_error, exact = measurement.exact;
  const int last = decade(error) - 1;
  const bool plain = exact == 0 || (std::fabs(exact) >= 1e-4 && std::fabs(exact) < 1e6);
  if (!plain)
    return {scientific(measurement.measured, last), fmt::format("{:.1e}", error), scientific(exact, last)};
  const int decimals = std::max(0, -last);
  return {fmt::format("{:.{}f}", measurement.measured, decimals), fmt::format("{:.{}f}", error, decimals),
          fmt::format("{:.{}f}", exact, decimals)};
}

SampleLaw product_landing(std::int64_t n, double epsilon) {
  const auto landing = [epsilon](double r) { return std::erf(epsilon / (r * std::sqrt(2.0))); };
  const double mean = mean_over_norm(n, landing);
  const double square = mean_over_norm(n, [&](double r) { return landing(r) * landing(r); });
  return {mean, square - mean * mean};
}

}  // namespace varprop::driver
