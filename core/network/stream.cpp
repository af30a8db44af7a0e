#include "core/network/stream.hpp"

#include <algorithm>
#include <cmath>

#include "core/network/engine_choice.hpp"

namespace varprop {

namespace {

/// Rows and columns of a matrix.
struct Fans {
  std::int64_t out, in;
};

Fans fans_of(const Point& point, MatrixRole role) {
  const std::int64_t n = point.width.value(), m = hidden_width(point);
  const bool widens = role == MatrixRole::gate || role == MatrixRole::in;
  const bool narrows = role == MatrixRole::out && (has_mlp(point.block) || has_glu(point.block));
  return {widens ? m : n, narrows ? m : n};
}

/// σ² of a matrix over σ_w².
double ratio_of(const Point& point, MatrixRole role) {
  switch (role) {
    case MatrixRole::out:
      return point.output_ratio.value();
    case MatrixRole::query:
    case MatrixRole::key:
      return point.query_ratio.value();
    case MatrixRole::value:
      return point.value_ratio.value();
    case MatrixRole::attention_out:
      return point.attention_output_ratio.value();
    case MatrixRole::in:
    case MatrixRole::gate:
      break;
  }
  return 1;
}

Magnitude variance_of(const Point& point, VarianceScaling scaling, MatrixRole role) {
  const Magnitude sigma2 =
      Magnitude::from(point.weight_variance.value()) * Magnitude::from(ratio_of(point, role));
  if (scaling == VarianceScaling::none) return sigma2;
  const auto [out, in] = fans_of(point, role);
  const auto fan_in = static_cast<double>(in), fan_out = static_cast<double>(out);
  const double fan = scaling == VarianceScaling::fan_in    ? fan_in
                     : scaling == VarianceScaling::fan_out ? fan_out
                                                           : 0.5 * (fan_in + fan_out);
  return sigma2 / Magnitude::from(fan);
}

}  // namespace

double weights_of(const Point& point, MatrixRole role) {
  if (!has_matrix(point.block, role)) return 0;
  const auto [out, in] = fans_of(point, role);
  return static_cast<double>(out) * static_cast<double>(in);
}

double weights_of_layer(const Point& point) {
  double weights = 0;
  for (std::size_t i = 0; i < matrix_roles; ++i) weights += weights_of(point, static_cast<MatrixRole>(i));
  return weights;
}

std::int64_t hidden_width(const Point& point) {
  const double m = std::floor(point.hidden_ratio.value() * static_cast<double>(point.width.value()) + 0.5);
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(std::min(m, 0x1p62)));
}

double branch_scale(const Point& point) {
  const double power = point.branch_power.value(), L = point.depth.value();
  if (power == 0) return point.branch_scale.value();
  if (power == 0.5) return point.branch_scale.value() / std::sqrt(L);
  if (power == 1) return point.branch_scale.value() / L;
  return point.branch_scale.value() * Magnitude::exp(-power * Magnitude::from(L).ln()).to_double();
}

StreamNetwork stream_network(const Point& point, const NetworkSettings& settings) {
  StreamNetwork network;
  network.block = point.block;
  network.activation = point.activation;
  network.norm = point.norm;
  network.weights = point.weights;
  network.n = point.width.value();
  network.L = point.depth.value();
  network.skip = point.skip.value();
  network.branch_scale = branch_scale(point);
  network.m = has_mlp(point.block) || has_glu(point.block) ? hidden_width(point) : point.width.value();
  for (std::size_t role = 0; role < matrix_roles; ++role)
    network.variance.values[role] =
        variance_of(point, settings.variance_scaling, static_cast<MatrixRole>(role));
  network.bias_variance = bias_variance(point, settings.bias_scaling, 1);
  network.heads = point.heads.value();
  network.tokens = point.tokens.value();
  network.keep = point.keep.value();
  network.mask = settings.attention_mask;
  network.scale = settings.attention_scale;
  network.input = settings.input;
  network.input_mean_square = settings.input_mean_square;
  network.input_correlation = settings.token_correlation;
  return network;
}

}  // namespace varprop
