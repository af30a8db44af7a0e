// Chapter 2: small sums by luck, for one neuron and for a layer; and the rule that needs no luck.
#include <fmt/format.h>

#include <cmath>
#include <vector>

#include "driver/explain/draws.hpp"
#include "driver/explain/explanation.hpp"
#include "driver/explain/measurement.hpp"
#include "workers/kernels/activate.hpp"

namespace varprop::driver {

namespace {

constexpr double near = 0.02;

/// P(|z| < near) by counting z = Σ w_j x_j, and by the mean of erf(near/(|x|√2)).
struct Landing {
  Measurement counted;
  Measurement averaged;
};

/// Σ erf(u_i), by the engines' own erf: the same bits on every machine.
double sum_of_erf(std::vector<double> u) {
  const auto count = static_cast<std::int64_t>(u.size());
  u.resize(workers::padded(count));
  std::vector<double> values(u.size()), slopes(u.size());
  workers::activate({Activation::parse("erf"), std::nullopt, 1.0}, count, u, values, slopes);
  double sum = 0;
  for (const double value : values) sum += value;
  return sum;
}

Landing land(const ExplainSetting& setting, std::int64_t n, std::int64_t neurons) {
  const PointKey key = experiment_key(setting.seed, fmt::format("{} products", n));
  RandomRow weights(key, Purpose::weight, n), input(key, Purpose::input, n);
  std::int64_t hits = 0;
  std::vector<double> u;
  for (std::int64_t i = 0; i < neurons; ++i) {
    const auto w = weights(i), x = input(i);
    if (std::fabs(workers::inner_product(w, x)) < near) ++hits;
    u.push_back(near / std::sqrt(2 * workers::inner_product(x, x)));
  }
  const SampleLaw law = product_landing(n, near);
  return {measured_share(fmt::format("landing counted, n = {}", n), hits, neurons, law.mean),
          measured_mean(fmt::format("landing averaged, n = {}", n),
                        sum_of_erf(std::move(u)) / static_cast<double>(neurons), neurons, law)};
}

void tell_landings(Chapter& chapter, const ExplainSetting& setting) {
  chapter.begin_measured_table({"n", "how"}, "P(|z| < 0.02)");
  const auto rows = [&](std::int64_t n, std::int64_t neurons) {
    Landing landing = land(setting, n, neurons);
    chapter.add_measured_row({std::to_string(n), "counted"}, std::move(landing.counted));
    chapter.add_measured_row({"", "without luck"}, std::move(landing.averaged));
  };
  rows(1, 400000);
  rows(10, 300000);
  rows(100, 150000);
  rows(1000, 50000);
}

/// rms of z over all neurons of one-layer networks.
Measurement layer_rms(const ExplainSetting& setting, VarianceScaling scaling, std::int64_t n) {
  constexpr std::int64_t networks = 2000;
  const bool none = scaling == VarianceScaling::none;
  const SimulatedNetworks layers(bare_point("linear", 1, n, 1), NetworkSettings{.variance_scaling = scaling},
                                 networks, setting.seed);
  const double q = none ? static_cast<double>(n) : 1;
  const double mean_square = std::exp(layers.log_of_mean(Quantity::forward, 1));
  const std::int64_t neurons = n * networks;
  return measured_rms(fmt::format("rms of z, Var w = {}, n = {}", none ? "1" : "1/n", n),
                      mean_square / q * static_cast<double>(neurons), neurons, std::sqrt(q));
}

void tell_rule(Chapter& chapter, const ExplainSetting& setting) {
  chapter.begin_measured_table({"Var w", "n"}, "rms of z");
  for (const auto scaling : {VarianceScaling::none, VarianceScaling::fan_in}) {
    for (const std::int64_t n : {10, 100, 1000}) {
      chapter.add_measured_row({scaling == VarianceScaling::none ? "1" : "1/n", std::to_string(n)},
                               layer_rms(setting, scaling, n));
    }
  }
}

}  // namespace

Chapter tell_luck_everywhere(const ExplainSetting& setting) {
  Chapter chapter("The luck must hold for every neuron");
  chapter.say(
      "A neuron computes z = w₁x₁ + ... + wₙxₙ. Let weights and inputs be Gaussian with variance 1. How "
      "often is |z| below 0.02? We count. Rare events need many tries, so we also ask in a way that needs no "
      "luck: for a given x, z is Gaussian with the spread |x|, so its chance is erf(0.02/(|x|√2)); we take "
      "the mean of that over many x.");
  tell_landings(chapter, setting);
  const double one = product_landing(100, near).mean;
  chapter.say(
      fmt::format("The wider the neuron, the rarer the luck. And a layer needs it everywhere at once: for "
                  "100 neurons with 100 inputs each the chance is about {:.2g} to the power of 100, which is "
                  "10 to the power of {:.0f}. Waiting for cancellation is no plan.",
                  one, 100 * std::log10(one)));
  chapter.say(
      "Smaller weights make it a rule instead. With Var w = 1 the typical z is √n. With Var w = 1/n it is 1 "
      "for every n, every neuron and every network:");
  tell_rule(chapter, setting);
  return chapter;
}

}  // namespace varprop::driver
