#include "core/network/point.hpp"

#include <vector>

#include "core/network/engine_choice.hpp"

namespace varprop {

std::string coordinates_text(const Point& point, const AxisSet& along) {
  std::string text;
  std::size_t i = 0;
  for_each_axis([&](const auto& axis) {
    if (along[i++]) append_coordinate(axis, point.*axis.value, text);
  });
  return text;
}

std::string point_in_words(const Point& point) {
  std::vector<std::string> words;
  for_each_axis([&](const auto& axis) {
    const auto& value = point.*axis.value;
    if (goes_without_saying(axis, value)) return;
    const bool is_number = NumericCoordinate<std::remove_cvref_t<decltype(value)>>;
    words.push_back((is_number ? std::string(axis.name) + " " : "") + coordinate_text(value));
  });
  return join(words);
}

Magnitude entry_variance(const Point& point, VarianceScaling scaling) {
  const Magnitude sigma_w_squared = Magnitude::from(point.weight_variance.value());
  if (scaling == VarianceScaling::none) return sigma_w_squared;
  return sigma_w_squared / Magnitude::from(static_cast<double>(point.width.value()));
}

std::string canonical_text(const Point& point, const NetworkSettings& settings) {
  std::string text = "numerics_version=" + std::to_string(numerics_version);
  const auto add = [&text](std::string_view key, std::string_view value) {
    text.append(";").append(key).append("=").append(value);
  };
  const auto add_axes = [&](bool first) {
    for_each_axis([&](const auto& axis) {
      if (is_first(axis) == first) append_coordinate(axis, point.*axis.value, text);
    });
  };
  add_axes(true);
  add("variance_scaling", word_of(settings.variance_scaling));
  add("input", word_of(settings.input));
  add("engine", word_of(resolve_engine(point, settings)));
  add("inputs", settings.input_correlation ? "2" : "1");
  if (settings.input_correlation) add("input_correlation", shortest(*settings.input_correlation));
  if (settings.input_mean_square != 1) add("input_mean_square", shortest(settings.input_mean_square));
  add_axes(false);
  return text;
}

std::uint64_t hash_text(std::string_view text) {
  std::uint64_t h = 0xcbf29ce484222325u;
  for (const char c : text) {
    h ^= static_cast<unsigned char>(c);
    h *= 0x100000001b3u;
  }
  return h;
}

}  // namespace varprop
