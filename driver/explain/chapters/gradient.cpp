// Chapter 4: the gradient goes back through the same weights, with the same gain.
#include <fmt/format.h>

#include <cmath>

#include "driver/explain/draws.hpp"
#include "driver/explain/explanation.hpp"
#include "driver/explain/measurement.hpp"

namespace varprop::driver {

namespace {

/// What layers did to a signal and to a gradient, each summed in units of its exact mean: χ².
struct Gains {
  double forward = 0;
  double backward = 0;
  std::int64_t neurons = 0;
};

Gains draw_gains(const ExplainSetting& setting, double weight_variance) {
  DrawnLayer layer({.name = fmt::format("both ways {}", weight_variance), .weight_variance = weight_variance},
                   setting.drawn_width(), setting.seed);
  const std::int64_t layers = layer_count(layer.n(), 4e6);
  Gains gains{.neurons = layers * layer.n()};
  for (std::int64_t i = 0; i < layers; ++i) {
    layer.forward(i);
    layer.backward(i);
    gains.forward += squared_norm(layer.z()) / (layer.k() * squared_norm(layer.x()));
    gains.backward += squared_norm(layer.below()) / (layer.k() * squared_norm(layer.delta()));
  }
  return gains;
}

void tell_both_ways(Chapter& chapter, const ExplainSetting& setting) {
  chapter.begin_measured_table({"n·Var w", "of"}, "gain");
  for (const double weight_variance : {0.5, 1.0, 2.0}) {
    const Gains gains = draw_gains(setting, weight_variance);
    const auto row = [&](const std::string& label, const std::string& what, double sum) {
      chapter.add_measured_row(
          {label, what}, measured_rms(fmt::format("gain of {}, n Var w = {}", what, weight_variance), sum,
                                      gains.neurons, std::sqrt(weight_variance)));
    };
    row(number_text(weight_variance), "the signal", gains.forward);
    row("", "the gradient", gains.backward);
  }
}

/// Layers with δ of n standard normals and x on the sphere of rms `size`: Σ |Wᵀδ|²/|δ|²·n and Σ
/// |δ|²|x|²/|x|².
void tell_sizes(Chapter& chapter, const ExplainSetting& setting, double size) {
  DrawnLayer layer({.name = fmt::format("weight gradient {}", size), .input_size = size},
                   setting.drawn_width(), setting.seed);
  const std::int64_t layers = layer_count(layer.n(), 2e6), neurons = layers * layer.n();
  double below = 0, weight_gradient = 0;
  for (std::int64_t i = 0; i < layers; ++i) {
    layer.forward(i);
    layer.backward(i);
    below += squared_norm(layer.below()) / (layer.k() * squared_norm(layer.delta()));
    weight_gradient += squared_norm(layer.delta()) * squared_norm(layer.x()) /
                       (size * size * static_cast<double>(layer.n()));
  }
  chapter.add_measured_row(
      {number_text(size), "gradient passed on"},
      measured_rms(fmt::format("gradient passed on, x of size {}", size), below, neurons, 1));
  chapter.add_measured_row(
      {"", "gradient of a weight"},
      measured_rms(fmt::format("gradient of a weight, x of size {}", size), weight_gradient, neurons, size));
}

}  // namespace

Chapter tell_gradient(const ExplainSetting& setting) {
  Chapter chapter("The gradient goes back through the same weights");
  chapter.say(
      "Training sends a gradient δ from the output back to the input. On its way through a layer it meets "
      "the same weights, only transposed: neuron j receives δ₁w₁ⱼ + ... + δₙwₙⱼ, again a sum of n products. "
      "So it has the same gain √(n·Var w), and what is right for the signal is right for the gradient:");
  tell_both_ways(chapter, setting);
  chapter.say(
      "Where is x in this? Nowhere. The gradient passes by without meeting it. Only at the end, where the "
      "gradient of a weight is taken, does x enter, as one factor: the gradient of wᵢⱼ is δᵢxⱼ. With δ of "
      "size 1 and n·Var w = 1:");
  chapter.begin_measured_table({"rms of x", "of the"}, "rms");
  for (const double size : {1.0, 0.01}) tell_sizes(chapter, setting, size);
  return chapter;
}

}  // namespace varprop::driver
