#include "analysis/report/rounded.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace varprop {

double rounded(double x) {
  if (!std::isfinite(x)) return x;
  fmt::memory_buffer text;
  fmt::format_to(std::back_inserter(text), "{:.6g}", x);
  double y = x;
  std::from_chars(text.data(), text.data() + text.size(), y);
  return y == 0 ? 0 : y;  // no negative zero
}

Json rounded_json(double x) {
  return std::isfinite(x) ? Json(rounded(x)) : Json(nullptr);
}

Json rounded_json(const std::optional<double>& x) {
  return x ? rounded_json(*x) : Json(nullptr);
}

Json low_of(const std::optional<Interval>& interval) {
  return interval ? rounded_json(interval->low) : Json(nullptr);
}

Json high_of(const std::optional<Interval>& interval) {
  return interval ? rounded_json(interval->high) : Json(nullptr);
}

}  // namespace varprop
