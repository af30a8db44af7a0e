// Numbers as a report holds them.
#pragma once

#include <optional>

#include "analysis/parameter.hpp"
#include "core/json.hpp"

namespace varprop {

/// `x` to 6 significant digits: what an eye can use of it. NaN and infinities stay.
double rounded(double x);

/// The rounded number; null where it is none, or not finite.
Json rounded_json(double x);
Json rounded_json(const std::optional<double>& x);

/// The ends of an interval; null without one.
Json low_of(const std::optional<Interval>& interval);
Json high_of(const std::optional<Interval>& interval);

}  // namespace varprop
