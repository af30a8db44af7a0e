#include "analysis/distributions.hpp"

#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

namespace varprop {

namespace {

/// Doubles are exact enough, and several times faster than Boost's habit of long doubles.
using Doubles = boost::math::policies::policy<boost::math::policies::promote_double<false>>;
using StudentT = boost::math::students_t_distribution<double, Doubles>;

template <class Law>
double exceeds(const Law& law, double x) {
  return boost::math::cdf(boost::math::complement(law, x));
}

}  // namespace

double f_exceeds(double above, double below, double x) {
  return exceeds(boost::math::fisher_f(above, below), x);
}

double f_exceeds_by_double(double above, double below, double x) {
  return exceeds(boost::math::fisher_f_distribution<double, Doubles>(above, below), x);
}

double student_t_quantile(double degrees_of_freedom, double p) {
  return boost::math::quantile(StudentT(degrees_of_freedom), p);
}

double student_t_exceeds(double degrees_of_freedom, double x) {
  return exceeds(StudentT(degrees_of_freedom), x);
}

double normal_exceeded_with(double p) {
  return boost::math::quantile(boost::math::complement(boost::math::normal(), p));
}

}  // namespace varprop
