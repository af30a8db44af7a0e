// A number that was simulated, beside what it should have been, how surprising their distance is, and all
// three as text.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "core/text/words.hpp"

namespace varprop::driver {

/// How the distance between the measured and the exact number is judged.
enum class ExactTest { binomial, chi_squared, gaussian };

}  // namespace varprop::driver

namespace varprop {

template <>
struct EnumWords<driver::ExactTest> {
  static constexpr std::string_view noun = "test";
  static constexpr std::array words{
      std::pair{driver::ExactTest::binomial, std::string_view("binomial")},
      std::pair{driver::ExactTest::chi_squared, std::string_view("chi-squared")},
      std::pair{driver::ExactTest::gaussian, std::string_view("gaussian")}};
};

}  // namespace varprop

namespace varprop::driver {

/// One measured number.
struct Measurement {
  std::string name;  ///< unique in its chapter
  double measured;
  double standard_error;  ///< of `measured`, from the exact law and not from the sample
  double exact;
  std::int64_t samples;  ///< independent draws: trials, degrees of freedom, or terms of a mean
  ExactTest test;
  double p_value;  ///< two-sided: how often chance alone is at least this far off
};

/// What a mean over independent samples is made of: the law of one sample.
struct SampleLaw {
  double mean;
  double variance;
};

/// `hits` of `trials`, each with probability p in (0, 1): binomial.
Measurement measured_share(std::string name, std::int64_t hits, std::int64_t trials, double p);

/// The root of a mean square whose squares, each divided by its exact mean, sum to `sum` ~ χ²_k; `exact` is
/// the exact root mean square.
Measurement measured_rms(std::string name, double sum, std::int64_t k, double exact);

/// The mean of `samples` independent numbers of a known law: Gaussian by the central limit theorem, so there
/// must be enough of them.
Measurement measured_mean(std::string name, double mean, std::int64_t samples, SampleLaw law);

/// The square root of such a mean, of numbers ≥ 0.
Measurement measured_root(std::string name, double mean, std::int64_t samples, SampleLaw law);

/// e to the power of such a mean, of logarithms: the typical (geometric mean) factor.
Measurement measured_typical(std::string name, double log_mean, std::int64_t samples, SampleLaw law);

/// Four significant digits.
std::string number_text(double x);

/// Measured, its standard error (two digits), and exact, all to the same decimal.
std::array<std::string, 3> measured_texts(const Measurement& measurement);

/// z = Σ w_j x_j with w_j, x_j ~ N(0, 1) is N(0, |x|²) for a given x, so P(|z| < ε | x) = erf(ε/(|x|√2)). The
/// mean of that over x, |x| ~ χ_n, which is P(|z| < ε), and its variance. By Gauss–Kronrod over |x| within
/// nine of √n (the deviation of |x| is at most 0.71); relative accuracy 1e-9.
SampleLaw product_landing(std::int64_t n, double epsilon);

}  // namespace varprop::driver
