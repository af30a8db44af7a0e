// How the widths of hidden layers run from the input to the output.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace varprop {

/// Ratios of hidden widths to the width n, at places that divide the hidden layers evenly and straight lines
/// between them: with r running through the ratios from r(0) to r(1),
///     n_l = max(1, ⌊n r((l−1)/(L−2)) + ½⌋),   l = 1..L−1   (L = 2: r(0)).
/// A value type; constant where it has no ratios: n_l = n.
class Shape {
 public:
  static constexpr std::size_t most_ratios = 16;

  /// The constant one.
  constexpr Shape() = default;
  /// From its text, "constant" or ratios as in "1:0.5:0.25". Throws InputError.
  static Shape parse(std::string_view text);

  constexpr bool constant() const { return count_ == 0; }
  /// The shortest text that parses back to this shape.
  std::string text() const;
  /// n_l of a network of L layers, l = 1..L−1; never beyond 2⁶².
  std::int64_t hidden_width(std::int64_t n, std::int32_t l, std::int32_t L) const;

  friend auto operator<=>(const Shape&, const Shape&) = default;

 private:
  double ratio(std::int32_t l, std::int32_t L) const;

  std::size_t count_ = 0;
  std::array<double, most_ratios> ratios_{};
};

/// What a shape may be.
std::string shape_forms();

}  // namespace varprop
