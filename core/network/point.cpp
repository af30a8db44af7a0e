#include "core/network/point.hpp"

#include <vector>

#include "core/errors.hpp"
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

std::int64_t layer_width(const Point& point, std::int32_t l) {
  const std::int64_t n = point.width.value();
  const std::int32_t L = point.depth.value();
  VARPROP_EXPECT(0 <= l && l <= L);
  const auto or_width = [n](std::int64_t given) { return given == 0 ? n : given; };
  if (l == 0) return or_width(point.input_width.value());
  return l == L ? or_width(point.output_width.value()) : point.shape.hidden_width(n, l, L);
}

namespace {

/// n_in, n_out or their mean, of W^l.
double fan(const Point& point, VarianceScaling scaling, std::int32_t l) {
  const auto in = static_cast<double>(layer_width(point, l - 1));
  const auto out = static_cast<double>(layer_width(point, l));
  if (scaling == VarianceScaling::fan_in) return in;
  return scaling == VarianceScaling::fan_out ? out : 0.5 * (in + out);
}

}  // namespace

bool equal_widths(const Point& point) {
  const std::int64_t n = point.width.value();
  const std::int32_t L = point.depth.value();
  if (layer_width(point, 0) != n || layer_width(point, L) != n) return false;
  for (std::int32_t l = 1; l < L && !point.shape.constant(); ++l) {
    if (layer_width(point, l) != n) return false;
  }
  return true;
}

std::optional<double> correlation_of_inputs(const Point& point, const NetworkSettings& settings) {
  return point.tokens == Tokens(1) ? settings.input_correlation : std::nullopt;
}

bool is_plain(const Point& point, const NetworkSettings& settings) {
  return point.block == Block::plain && point.norm == Norm::none && point.keep == Keep(1) &&
         equal_widths(point) &&
         (settings.bias_scaling == BiasScaling::none || point.bias_variance.value() == 0);
}

Magnitude entry_variance(const Point& point, VarianceScaling scaling, std::int32_t l) {
  const Magnitude sigma_w_squared = Magnitude::from(point.weight_variance.value());
  if (scaling == VarianceScaling::none) return sigma_w_squared;
  return sigma_w_squared / Magnitude::from(fan(point, scaling, l));
}

Magnitude bias_variance(const Point& point, BiasScaling scaling, std::int32_t l) {
  const Magnitude sigma_b_squared = Magnitude::from(point.bias_variance.value());
  if (scaling == BiasScaling::none) return sigma_b_squared;
  return sigma_b_squared / Magnitude::from(static_cast<double>(layer_width(point, l - 1)));
}

namespace {

/// Whether a newer axis is off its default.
bool has_newer_coordinates(const Point& point) {
  bool has = false;
  for_each_axis([&](const auto& axis) {
    has = has || !(is_first(axis) || goes_without_saying(axis, point.*axis.value));
  });
  return has;
}

}  // namespace

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
  const auto c_0 = correlation_of_inputs(point, settings);
  add("inputs", c_0 ? "2" : "1");
  if (c_0) add("input_correlation", shortest(*c_0));
  if (settings.input_mean_square != 1) add("input_mean_square", shortest(settings.input_mean_square));
  if (settings.bias_scaling != BiasScaling::none) add("bias_scaling", word_of(settings.bias_scaling));
  if (has_newer_coordinates(point))
    add("networks", std::to_string(networks_version(point.block, c_0.has_value())));
  add_axes(false);
  if (point.tokens != Tokens(1)) add("input_correlation", shortest(settings.token_correlation));
  const bool masked = has_attention(point.block) && settings.attention_mask != AttentionMask::none;
  if (masked) add("attention_mask", word_of(settings.attention_mask));
  const bool scaled = has_attention(point.block) && settings.attention_scale != AttentionScale::sqrt;
  if (scaled) add("attention_scale", word_of(settings.attention_scale));
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
