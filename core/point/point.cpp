#include "core/point/point.hpp"

#include "core/point/engines.hpp"

namespace varprop {

Magnitude entry_variance(const Point& point, VarianceScaling scaling) {
  const Magnitude sigma_w_squared = Magnitude::from(point.weight_variance.value());
  if (scaling == VarianceScaling::none) return sigma_w_squared;
  return sigma_w_squared / Magnitude::from(static_cast<double>(point.width.value()));
}

std::string canonical_text(const Point& point, const Ensemble& ensemble) {
  std::string text = "numerics_version=" + std::to_string(numerics_version);
  const auto add = [&text](std::string_view key, std::string_view value) {
    text.append(";").append(key).append("=").append(value);
  };
  add("activation", point.activation.text());
  add("weights", word_of(point.weights));
  add("weight_variance", shortest(point.weight_variance.value()));
  add("bias_variance", shortest(point.bias_variance.value()));
  add("width", std::to_string(point.width.value()));
  add("depth", std::to_string(point.depth.value()));
  add("variance_scaling", word_of(ensemble.variance_scaling));
  add("input", word_of(ensemble.input));
  add("engine", word_of(resolve_engine(point, ensemble)));
  add("inputs", ensemble.input_correlation ? "2" : "1");
  if (ensemble.input_correlation) add("input_correlation", shortest(*ensemble.input_correlation));
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
