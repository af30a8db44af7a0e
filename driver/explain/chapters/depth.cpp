// Chapter 6: what fifty layers make of a gain that is not quite 1.
#include <fmt/format.h>

#include <cmath>
#include <vector>

#include "driver/explain/draws.hpp"
#include "driver/explain/explanation.hpp"
#include "driver/explain/measurement.hpp"
#include "theory/means/log_ratio.hpp"

namespace varprop::driver {

namespace {

constexpr std::int32_t layers = 50;
constexpr std::int64_t deep_networks = 1 << 14;
/// From this width on a mean over the networks tells something; below, a few giants rule it.
constexpr std::int64_t narrowest_mean = 100;

/// One direction through 50 weight matrices: x to z^50, or δ^51 to δ^1.
struct Direction {
  const char* words;
  Quantity quantity;
  std::int32_t layer;
};

constexpr Direction directions[]{{"signal", Quantity::forward, layers}, {"gradient", Quantity::backward, 1}};

/// A factor is Π σ_w² χ²_n/n over the layers: ⟨factor⟩ = σ_w^100, ⟨factor²⟩/⟨factor⟩² = (1 + 2/n)^50.
SampleLaw mean_law(double weight_variance, std::int64_t n) {
  const double mean = std::pow(weight_variance, layers);
  return {mean, mean * mean * std::expm1(layers * std::log1p(2 / static_cast<double>(n)))};
}

SampleLaw log_law(double weight_variance, std::int64_t n) {
  const theory::LogRatioLaw ratio = theory::linear_log_ratio(n);
  return {layers * (std::log(weight_variance) + ratio.mean), layers * ratio.variance};
}

/// Networks of one weight variance.
struct Case {
  double weight_variance;
  SimulatedNetworks networks;
};

Measurement mean_factor(const Case& nets, const Direction& way, std::int64_t n) {
  return measured_mean(fmt::format("mean factor of the {}, n Var w = {}", way.words, nets.weight_variance),
                       std::exp(nets.networks.log_of_mean(way.quantity, way.layer)), deep_networks,
                       mean_law(nets.weight_variance, n));
}

Measurement typical_factor(const Case& nets, const Direction& way, std::int64_t n) {
  return measured_typical(
      fmt::format("typical factor of the {}, n Var w = {}", way.words, nets.weight_variance),
      nets.networks.log_mean(way.quantity, way.layer), deep_networks, log_law(nets.weight_variance, n));
}

void add_rows(Chapter& chapter, const ExplainSetting& setting, const std::vector<Case>& cases,
              Measurement (*measure)(const Case&, const Direction&, std::int64_t)) {
  for (const Case& nets : cases) {
    for (const Direction& way : directions) {
      const std::string label = way.quantity == Quantity::forward ? number_text(nets.weight_variance) : "";
      chapter.add_measured_row({label, way.words}, measure(nets, way, setting.width));
    }
  }
}

void tell_mean(Chapter& chapter, const ExplainSetting& setting, const std::vector<Case>& cases) {
  if (setting.width < narrowest_mean) return;
  chapter.say(fmt::format(
      "The variance after {} layers over the variance before, as a mean over {} random networks of width {}:",
      layers, deep_networks, setting.width));
  chapter.begin_measured_table({"n·Var w", "of the"}, "mean factor");
  add_rows(chapter, setting, cases, mean_factor);
}

}  // namespace

Chapter tell_depth(const ExplainSetting& setting) {
  std::vector<Case> cases;
  for (const double weight_variance : {0.9, 1.0, 1.1}) {
    cases.push_back({weight_variance,
                     {bare_point("linear", weight_variance, setting.width, layers + 1),
                      {},
                      deep_networks,
                      setting.seed}});
  }
  Chapter chapter("Depth: a gain of almost 1 is not 1");
  chapter.say(fmt::format(
      "Each layer multiplies the variance by n·Var w, the square of its gain. Fifty layers multiply it fifty "
      "times: 0.9⁵⁰ = {:.4f}, 1⁵⁰ = 1, 1.1⁵⁰ = {:.0f}. Ten percent too little and signal and gradient "
      "vanish, ten percent too much and they explode. The layers here have no activation.",
      std::pow(0.9, layers), std::pow(1.1, layers)));
  tell_mean(chapter, setting, cases);
  chapter.say(
      fmt::format("The typical network (the geometric mean) lies a little lower, by e to the power of about "
                  "-50/n: its layers are only {} wide, so each gain has some luck in it, and an unlucky "
                  "factor ½ costs more than a lucky factor 1½ brings. In wide networks this fades.",
                  setting.width));
  chapter.begin_measured_table({"n·Var w", "of the"}, "typical factor");
  add_rows(chapter, setting, cases, typical_factor);
  return chapter;
}

}  // namespace varprop::driver
