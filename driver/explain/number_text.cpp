#include "driver/explain/number_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace varprop {

namespace {

int decade(double x) {
  return static_cast<int>(std::floor(std::log10(x)));
}

/// d.ddde-dd to the decimal 10^last.
std::string scientific(double x, int last) {
  return fmt::format("{:.{}e}", x, std::clamp(x > 0 ? decade(x) - last : 0, 0, 6));
}

}  // namespace

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

}  // namespace varprop
