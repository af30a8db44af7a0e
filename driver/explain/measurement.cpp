#include "driver/explain/measurement.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include "core/contracts.hpp"

namespace varprop {

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

}  // namespace varprop
