// Chapter 7: ReLU halves the variance, hence Var w = 2/n.
#include <fmt/format.h>

#include <cmath>

#include "core/network/activations/activation.hpp"
#include "driver/explain/draws.hpp"
#include "driver/explain/explanation.hpp"
#include "driver/explain/measurement.hpp"
#include "theory/means/log_ratio.hpp"

namespace varprop::driver {

namespace {

constexpr std::int32_t relu_layers = 50;
constexpr std::int64_t relu_networks = 1 << 13;

/// z of many neurons, standard normals, through a ReLU.
void tell_halving(Chapter& chapter, const ExplainSetting& setting) {
  constexpr std::int64_t neurons = 1 << 20;
  RandomRow draw(experiment_key(setting.seed, "relu"), Purpose::preactivation, neurons);
  std::int64_t on = 0;
  double squares = 0;
  for (const double z : draw(0).first(neurons)) {
    if (z <= 0) continue;
    ++on;
    squares += z * z;
  }
  chapter.begin_measured_table({"of a Gaussian z with variance 1"});
  chapter.add_measured_row({"share of neurons that are on"}, measured_share("neurons on", on, neurons, 0.5));
  chapter.add_measured_row({"mean square after ReLU"},  // E φ⁴ = 3/2
                           measured_mean("mean square after ReLU", squares / static_cast<double>(neurons),
                                         neurons, {0.5, 1.5 - 0.25}));
}

/// Fifty ReLUs: q_51 over σ_w² going up (the first layer, which no ReLU precedes, adds its own luck), g_1
/// going down.
void tell_factors(Chapter& chapter, const ExplainSetting& setting, double weight_variance) {
  const std::int64_t n = setting.width;
  const SimulatedNetworks nets(bare_point("relu", weight_variance, n, relu_layers + 1), {}, relu_networks,
                               setting.seed);
  const theory::LogRatioLaw ratio = *theory::exact_log_ratio(Activation::parse("relu").facts(), n),
                            first = theory::linear_log_ratio(n);
  const double mean = relu_layers * (std::log(weight_variance / 2) + ratio.mean),
               variance = relu_layers * ratio.variance;
  const auto name = [&](const char* what) {
    return fmt::format("typical factor of the {}, ReLU, n Var w = {}", what, weight_variance);
  };
  chapter.add_measured_row(
      {number_text(weight_variance), "signal"},
      measured_typical(
          name("signal"), nets.log_mean(Quantity::forward, relu_layers + 1) - std::log(weight_variance),
          nets.alive(Quantity::forward, relu_layers + 1), {mean + first.mean, variance + first.variance}));
  chapter.add_measured_row({"", "gradient"},
                           measured_typical(name("gradient"), nets.log_mean(Quantity::backward, 1),
                                            nets.alive(Quantity::backward, 1), {mean, variance}));
}

/// All n ReLUs of some layer off: 1 − (1 − 2⁻ⁿ)^50.
void tell_extinction(Chapter& chapter, const ExplainSetting& setting) {
  const double dead = -std::expm1(relu_layers * std::log1p(-std::exp2(-static_cast<double>(setting.width))));
  if (dead < 1e-4) return;
  const SimulatedNetworks nets(bare_point("relu", 2, setting.width, relu_layers + 1), {}, relu_networks,
                               setting.seed);
  chapter.say(
      "A network as narrow as this one can die altogether: in some layer all neurons happen to be off, and "
      "nothing passes. (The table above is of those that live.)");
  chapter.begin_measured_table({"share of networks that are dead"});
  chapter.add_measured_row(
      {fmt::format("{} layers of {}", relu_layers, setting.width)},
      measured_share("networks that are dead", relu_networks - nets.alive(Quantity::backward, 1),
                     relu_networks, dead));
}

}  // namespace

Chapter tell_relu(const ExplainSetting& setting) {
  Chapter chapter("What changes for ReLU");
  chapter.say(
      "A ReLU sets every negative z to 0. Half of the neurons are off, so half of the mean square is gone, "
      "going up; and half of the gradient is stopped, going down:");
  tell_halving(chapter, setting);
  chapter.say(
      fmt::format("With n·Var w = 1 that is a factor ½ a layer, and {} ReLUs leave 2⁻⁵⁰ = {:.2g} of the "
                  "variance. Twice the variance of the weights, Var w = 2/n (He initialization), makes up "
                  "for it. The typical factor over {} ReLUs:",
                  relu_layers, std::exp2(-relu_layers), relu_layers));
  chapter.begin_measured_table({"n·Var w", "of the"}, "typical factor");
  for (const double weight_variance : {1.0, 2.0}) tell_factors(chapter, setting, weight_variance);
  chapter.say(
      fmt::format("At n·Var w = 2 the mean over networks is 1; the typical network of width {} lies below, "
                  "by e to the power of about -2.5·50/n. The next chapter says why.",
                  setting.width));
  tell_extinction(chapter, setting);
  return chapter;
}

}  // namespace varprop::driver
