// A number that a law has from data: its value, how sure it is, and how far it is from what theory says.
#pragma once

#include <optional>

#include "analysis/sample.hpp"

namespace varprop {

struct Interval {
  double low;
  double high;
};

/// An estimate with its standard error, which was itself estimated with some degrees of freedom (infinite:
/// known).
struct Parameter {
  double value;
  std::optional<double> error;    ///< standard error; none where nothing tells it
  double degrees_of_freedom = 0;  ///< of the error; from 2
};

/// A mean over batches as a parameter: count − 1 degrees of freedom.
Parameter parameter_of(const MeanEstimate& estimate);

/// Student t interval; none without an error or with fewer than 2 degrees of freedom (3 batches).
std::optional<Interval> confidence_interval(const Parameter& parameter, double level = 0.95);

/// The distance to `theory` as a normal deviate: t = (value − theory)/error, its p-value by Student's law,
/// and the normal quantile of that, with the sign of t. None without an error or degrees of freedom; ±37
/// where the p-value is below 1e-300; 0 for 0/0.
std::optional<double> z_score(const Parameter& parameter, double theory);

/// The normal deviate that is as rare as t is under Student's law, with the sign of t.
double normal_deviate(double t, double degrees_of_freedom);

}  // namespace varprop
