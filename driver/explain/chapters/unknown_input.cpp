// Chapter 5: what of x matters when its distribution is unknown.
#include <fmt/format.h>

#include <array>
#include <cmath>

#include "driver/explain/draws.hpp"
#include "driver/explain/explanation.hpp"
#include "driver/explain/measurement.hpp"

namespace varprop::driver {

namespace {

constexpr double pi = 3.14159265358979323846;

/// A distribution of x_j with mean square 1.
struct InputKind {
  InputDistribution distribution;
  const char* words;
  double mean;  ///< E x_j
};

const std::array input_kinds{
    InputKind{InputDistribution::gaussian, "gaussian", 0},
    InputKind{InputDistribution::uniform, "uniform", 0},
    InputKind{InputDistribution::rademacher, "+1 or -1", 0},
    InputKind{InputDistribution::positive, "positive: |gaussian|", std::sqrt(2 / pi)}};

Measurement spread(const ExplainSetting& setting, const InputKind& kind) {
  DrawnLayer layer({.name = fmt::format("spread {}", word_of(kind.distribution)), .input = kind.distribution},
                   setting.drawn_width(), setting.seed);
  const std::int64_t layers = layer_count(layer.n(), 4e6);
  const double sum = sum_of_relative_squares(layer, layers);
  return measured_rms(fmt::format("rms of z over rms of x, {}", word_of(kind.distribution)), sum,
                      layers * layer.n(), 1);
}

void tell_spreads(Chapter& chapter, const ExplainSetting& setting) {
  chapter.begin_measured_table({"x", "mean of x"}, "rms z / rms x");
  for (const InputKind& kind : input_kinds) {
    chapter.add_measured_row({kind.words, number_text(kind.mean)}, spread(setting, kind));
  }
}

/// z⁴ of one neuron of variance 1: z = Σ w_j x_j/√n with x_j = ±1 has the cumulants κ_m(w) n^{1−m/2}. Uniform
/// w of variance 1: κ₄ = −6/5, κ₆ = 48/7, κ₈ = −432/5; Gaussian w: 0.
///     E z⁴ = 3 + κ₄,   E z⁸ = κ₈ + 28κ₆ + 35κ₄² + 210κ₄ + 105
SampleLaw fourth_power_law(WeightDistribution weights, std::int64_t n) {
  if (weights == WeightDistribution::gaussian) return {3, 105 - 9};
  const auto N = static_cast<double>(n);
  const double k4 = -1.2 / N, k6 = 48 / 7.0 / (N * N), k8 = -86.4 / (N * N * N);
  const double mean = 3 + k4;
  return {mean, k8 + 28 * k6 + 35 * k4 * k4 + 210 * k4 + 105 - mean * mean};
}

Measurement fourth_moment(const ExplainSetting& setting, WeightDistribution weights, std::int64_t n) {
  DrawnLayer layer({.name = fmt::format("fourth moment {} {}", word_of(weights), n),
                    .weights = weights,
                    .input = InputDistribution::rademacher},
                   n, setting.seed);
  constexpr std::int64_t neurons = 1 << 19;
  double sum = 0;
  for (std::int64_t i = 0; i < neurons / n; ++i) {
    layer.forward(i);
    for (const double z : layer.z()) sum += (z * z) * (z * z);
  }
  return measured_mean(fmt::format("mean of z^4, {} weights, n = {}", word_of(weights), n),
                       sum / static_cast<double>(neurons), neurons, fourth_power_law(weights, n));
}

void tell_fourth_moments(Chapter& chapter, const ExplainSetting& setting) {
  chapter.begin_measured_table({"weights", "n"}, "mean of z⁴");
  chapter.add_measured_row({"gaussian", "4"}, fourth_moment(setting, WeightDistribution::gaussian, 4));
  for (const std::int64_t n : {1, 4, 16, 64}) {
    chapter.add_measured_row({"uniform", std::to_string(n)},
                             fourth_moment(setting, WeightDistribution::uniform, n));
  }
}

/// z₁·z₂/n of one layer and two independent inputs, n Var w = 1. Given both, its mean is x₁·x₂/n and its
/// variance
/// (|x₁|²|x₂|² + (x₁·x₂)²)/n³. With c = (E x_j)² and E x_j² = 1, x₁·x₂/n has the mean c and the variance
/// (1 − c²)/n.
SampleLaw product_law(double c, std::int64_t n) {
  const auto N = static_cast<double>(n);
  const double between = (1 - c * c) / N;
  return {c, (1 + c * c + between) / N + between};
}

Measurement likeness(const ExplainSetting& setting, const InputKind& kind) {
  DrawnLayer layer(
      {.name = fmt::format("likeness {}", word_of(kind.distribution)), .input = kind.distribution},
      setting.drawn_width(), setting.seed);
  const std::int64_t layers = std::min<std::int64_t>(20000, 4 * layer_count(layer.n(), 1e6));
  double sum = 0;
  std::vector<double> first;
  for (std::int64_t i = 0; i < layers; ++i) {
    layer.forward(i, 2 * i);
    first.assign(layer.z().begin(), layer.z().end());
    layer.forward(i, 2 * i + 1);
    sum += workers::inner_product(first, layer.z()) / static_cast<double>(layer.n());
  }
  return measured_mean(fmt::format("mean of z z' of two inputs, {}", word_of(kind.distribution)),
                       sum / static_cast<double>(layers), layers,
                       product_law(kind.mean * kind.mean, layer.n()));
}

void tell_likeness(Chapter& chapter, const ExplainSetting& setting) {
  chapter.begin_measured_table({"x"}, "correlation");
  for (const InputKind& kind : {input_kinds.front(), input_kinds.back()}) {
    chapter.add_measured_row({kind.words}, likeness(setting, kind));
  }
}

constexpr double weight_mean = 0.1;

/// Mean of z = Σ (μ + g_j/√n) x_j with x_j = |gaussian|: μ n √(2/π); the variance is 1 + μ² n (1 − 2/π).
Measurement drift(const ExplainSetting& setting, std::int64_t n, std::int64_t neurons) {
  const PointKey key = experiment_key(setting.seed, fmt::format("weights with a mean {}", n));
  RandomRow weights(key, Purpose::weight, n), input(key, Purpose::input, n);
  const auto N = static_cast<double>(n);
  double sum = 0;
  for (std::int64_t i = 0; i < neurons; ++i) {
    const auto g = weights(i), x = input(i);
    for (std::size_t j = 0; j < static_cast<std::size_t>(n); ++j) {
      sum += (weight_mean + g[j] / std::sqrt(N)) * std::fabs(x[j]);
    }
  }
  return measured_mean(
      fmt::format("mean of z, weights of mean {}, n = {}", weight_mean, n),
      sum / static_cast<double>(neurons), neurons,
      {weight_mean * N * std::sqrt(2 / pi), 1 + weight_mean * weight_mean * N * (1 - 2 / pi)});
}

void tell_drift(Chapter& chapter, const ExplainSetting& setting) {
  chapter.begin_measured_table({"n"}, "mean of z");
  for (const auto& [n, neurons] :
       {std::pair<std::int64_t, std::int64_t>{10, 50000}, {100, 10000}, {1000, 2000}}) {
    chapter.add_measured_row({std::to_string(n)}, drift(setting, n, neurons));
  }
}

}  // namespace

Chapter tell_unknown_input(const ExplainSetting& setting) {
  Chapter chapter("Nothing is known of x. Does it matter?");
  chapter.say(
      "Hardly. For Gaussian weights only the length of x counts: given x, z is Gaussian with the variance "
      "Var w·|x|², exactly, whatever x is made of. Note that it is the mean square of x that counts, not its "
      "variance: a mean of x that is not 0 adds to it. With n·Var w = 1:");
  tell_spreads(chapter, setting);
  chapter.say(
      "For other weights the variance of z is the same, but its shape is Gaussian only by the central limit "
      "theorem, when many terms add. The difference can be seen in the mean of z⁴: 3 for a Gaussian of "
      "variance 1, and 3 - 1.2/n for uniform weights with inputs of +1 or -1. It fades as 1/n:");
  tell_fourth_moments(chapter, setting);
  chapter.say(
      "Two warnings. First: if all of x is positive (pixels, or what a ReLU lets through), z is spread as "
      "before, but different inputs begin to look alike. The correlation of z for two unrelated inputs is c₀ "
      "= (mean of x)²/(mean of x²), here 2/π, where inputs of both signs give 0:");
  tell_likeness(chapter, setting);
  chapter.say(
      fmt::format("Second: everything here needs weights of mean 0. Give each weight a mean of {} and let x "
                  "be positive, and the terms no longer cancel: z grows like n and not like √n.",
                  weight_mean));
  tell_drift(chapter, setting);
  return chapter;
}

}  // namespace varprop::driver
