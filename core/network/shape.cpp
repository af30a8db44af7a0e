#include "core/network/shape.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "core/text/words.hpp"

namespace varprop {

std::string shape_forms() {
  return "constant, or 1 to " + std::to_string(Shape::most_ratios) +
         " ratios above 0 of the width, such as 1:0.5:0.25";
}

Shape Shape::parse(std::string_view text) {
  Shape shape;
  if (text == "constant") return shape;
  const auto refuse = [&]() -> Shape {
    throw InputError("\"" + std::string(text) + "\" is no shape; allowed: " + shape_forms() + ".");
  };
  for (std::string_view rest = text;;) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    const auto ratio = parse_number(rest.substr(0, end));
    if (!ratio || !(*ratio > 0) || !std::isfinite(*ratio) || shape.count_ == most_ratios) return refuse();
    shape.ratios_[shape.count_++] = *ratio;
    if (end == rest.size()) return shape;
    rest.remove_prefix(end + 1);
  }
}

std::string Shape::text() const {
  if (constant()) return "constant";
  std::string text;
  for (std::size_t i = 0; i < count_; ++i) text.append(i > 0 ? ":" : "").append(shortest(ratios_[i]));
  return text;
}

double Shape::ratio(std::int32_t l, std::int32_t L) const {
  const std::int64_t places = std::int64_t{L} - 2, steps = static_cast<std::int64_t>(count_) - 1;
  if (places < 1 || steps == 0) return ratios_[0];
  const std::int64_t way = (std::int64_t{l} - 1) * steps;  // in units of 1/places
  const auto before = static_cast<std::size_t>(way / places);
  if (way % places == 0) return ratios_[before];
  const double share = static_cast<double>(way % places) / static_cast<double>(places);
  return std::fma(ratios_[before + 1] - ratios_[before], share, ratios_[before]);
}

std::int64_t Shape::hidden_width(std::int64_t n, std::int32_t l, std::int32_t L) const {
  VARPROP_EXPECT(1 <= l && l < L);
  if (constant()) return n;
  constexpr double most = 0x1p62;
  const double width = std::floor(static_cast<double>(n) * ratio(l, L) + 0.5);
  return static_cast<std::int64_t>(std::clamp(width, 1.0, most));
}

}  // namespace varprop
