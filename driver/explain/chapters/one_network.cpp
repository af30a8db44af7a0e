// Chapter 8: you train one network, not the mean of many.
#include <fmt/format.h>

#include <cmath>

#include "core/network/activations/activation.hpp"
#include "driver/explain/draws.hpp"
#include "driver/explain/explanation.hpp"
#include "driver/explain/measurement.hpp"
#include "theory/means/log_ratio.hpp"

namespace varprop::driver {

namespace {

constexpr std::int32_t he_layers = 50;
constexpr std::int64_t he_replicas = 1 << 13;

SimulatedNetworks he_networks(const ExplainSetting& setting, std::int64_t n) {
  return {bare_point("relu", 2, n, he_layers + 1), {}, he_replicas, setting.seed};
}

/// √⟨(ln g_1 − exact mean)²⟩ over the networks that live. Cumulants of ln g_1 are 50 times those of a layer,
/// so its square has the variance 2σ⁴ + κ₄.
Measurement spread(const SimulatedNetworks& nets, std::int64_t n) {
  const theory::LogRatioLaw ratio = *theory::exact_log_ratio(Activation::parse("relu").facts(), n);
  const double mean = he_layers * ratio.mean, variance = he_layers * ratio.variance;
  const double fourth_cumulant = he_layers * theory::one_sided_fourth_cumulant(n);
  double sum = 0;
  std::int64_t alive = 0;
  for (const double log_g : nets.backward_first()) {
    if (std::isnan(log_g)) continue;
    ++alive;
    sum += (log_g - mean) * (log_g - mean);
  }
  return measured_root(fmt::format("spread of ln of the gradient's factor, n = {}", n),
                       sum / static_cast<double>(alive), alive,
                       {variance, 2 * variance * variance + fourth_cumulant});
}

/// e^x, short: 0.0022, 0.63, 79, 180.
std::string factor_text(double x) {
  const double factor = std::exp(x);
  return factor >= 100 && factor < 1e5 ? fmt::format("{:.0f}", factor) : fmt::format("{:.2g}", factor);
}

/// Bins of ln g_1, half an exact deviation wide, labelled as factors.
Chapter::Histogram histogram(const SimulatedNetworks& nets, std::int64_t n) {
  const theory::LogRatioLaw ratio = *theory::exact_log_ratio(Activation::parse("relu").facts(), n);
  const double deviation = std::sqrt(he_layers * ratio.variance);
  constexpr int bins = 16;
  const double width = deviation / 2, first = he_layers * ratio.mean - bins / 2 * width;
  Chapter::Histogram result{
      fmt::format("Single networks of width {}: the factor of their squared gradient", n),
      first,
      width,
      std::vector<std::int64_t>(bins),
      {}};
  for (int i = 0; i < bins; ++i) {
    result.labels.push_back(factor_text(first + i * width) + " to " + factor_text(first + (i + 1) * width));
  }
  for (const double log_g : nets.backward_first()) {
    const double bin = std::floor((log_g - first) / width);
    if (bin >= 0 && bin < bins) ++result.counts[static_cast<std::size_t>(bin)];
  }
  return result;
}

}  // namespace

Chapter tell_one_network(const ExplainSetting& setting) {
  const std::int64_t n = setting.width;
  const double rule = std::sqrt(5.0 * he_layers / static_cast<double>(n));
  Chapter chapter("How far one network strays");
  chapter.say(fmt::format(
      "All gains above are right on average, over many networks. You train one. Its layers are "
      "{} wide, so each layer's gain has some luck in it, and luck multiplies through the depth. "
      "For ReLU with Var w = 2/n, the logarithm of the factor by which L layers change the "
      "squared gradient is spread by about √(5L/n): one network in three strays by more than a factor "
      "e^(±√(5L/n)). For L = {} and n = {} that is e^(±{:.2g}), a factor {} up or down.",
      n, he_layers, n, rule, factor_text(rule)));
  const SimulatedNetworks nets = he_networks(setting, n);
  chapter.draw(histogram(nets, n));
  chapter.say(
      "The rule is for wide networks; the exact spread is a sum over the number of neurons that are on. "
      "Width helps, as a square root:");
  chapter.begin_measured_table({"n", "√(5L/n)"}, "spread of ln");
  for (const std::int64_t width : {n, 4 * n, 16 * n}) {
    chapter.add_measured_row(
        {std::to_string(width), number_text(std::sqrt(5.0 * he_layers / static_cast<double>(width)))},
        spread(width == n ? nets : he_networks(setting, width), width));
  }
  chapter.say(
      "So depth over width, L/n, is what to keep small: it decides how far your own network is from what the "
      "variances promise.");
  return chapter;
}

}  // namespace varprop::driver
