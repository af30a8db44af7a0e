#include "driver/run/sample_size.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/contracts.hpp"
#include "core/text.hpp"

namespace varprop {

std::int64_t SampleSize::of(std::int64_t total) const {
  const double wanted = units > 0 ? static_cast<double>(units) : share * static_cast<double>(total);
  if (wanted >= static_cast<double>(total)) return total;
  return std::max<std::int64_t>(std::min<std::int64_t>(1, total),
                                static_cast<std::int64_t>(std::ceil(wanted)));
}

SampleSize parse_sample_size(const std::string& text) {
  constexpr double largest_count = 1e15;
  const bool percent = text.ends_with('%');
  const double number = parse_number(text.substr(0, text.size() - (percent ? 1 : 0))).value_or(0.0);
  const bool count = number >= 1 && number <= largest_count && number == std::floor(number);
  validate(
      percent ? number > 0 && number <= 100 : count,
      fmt::format("\"{}\" is no sample; allowed are a share above 0 % to 100 %, such as 1%, and a number of "
                  "units from 1, such as 200.",
                  text));
  return percent ? SampleSize{number / 100, 0} : SampleSize{0, static_cast<std::int64_t>(number)};
}

}  // namespace varprop
