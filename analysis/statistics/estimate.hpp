// A number from data: its value, how sure it is, and how far it is from what theory says. The one place of
// Boost's distributions, which take seconds to compile.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace varprop::analysis {

/// An estimate with its standard error, which was itself estimated with some degrees of freedom (infinite:
/// known).
struct Estimate {
  double value;
  std::optional<double> error;    ///< standard error; none where nothing tells it
  double degrees_of_freedom = 0;  ///< of the error; from 2

  /// Whether the error is known well enough for an interval: of a mean, from 3 values on.
  bool has_spread() const { return error && degrees_of_freedom >= 2; }
};

/// The mean of the independent values that are not NaN; one less degrees of freedom than these. Nothing where
/// there are none. `rounding`: what rounding may have left in every value, all of them alike; the error is
/// never less, also where the values are all the same. One infinite value makes an infinite mean without an
/// error.
std::optional<Estimate> mean_of(std::span<const double> values, double rounding = 0);

/// What rounding may have left in ln X_l after so many layers, each of which rounds X, |ln X_l| at most
/// `largest`.
double log_rounding(double largest, double layers);

struct Interval {
  double low;
  double high;
};

/// Student t interval; none without an error or with fewer than 2 degrees of freedom (3 batches).
std::optional<Interval> confidence_interval(const Estimate& estimate, double level = 0.95);

/// The distance to `theory` as a normal deviate: t = (value − theory)/error, its p-value by Student's law,
/// and the normal quantile of that, with the sign of t. None without an error or degrees of freedom; ±37
/// where the p-value is below 1e-300; 0 for 0/0. `neglected`: how far theory itself may be off, a
/// bound as of 95 %: half of it, a standard error, is added in squares.
std::optional<double> z_score(const Estimate& estimate, double theory, double neglected = 0);

/// The normal deviate that is as rare as t is under Student's law, with the sign of t.
double normal_deviate(double t, double degrees_of_freedom);

/// P(F > x) of the F distribution with so many degrees of freedom above and below the line. `_by_double` is
/// computed in doubles, several times faster and exact enough where many are asked for.
double f_exceeds(double above, double below, double x);
double f_exceeds_by_double(double above, double below, double x);

}  // namespace varprop::analysis
