// Chapter 9: which variance for which activation.
#include <fmt/format.h>

#include "core/activations/activation.hpp"
#include "driver/explain/chapters/chapters.hpp"
#include "driver/explain/number_text.hpp"
#include "theory/critical_variance.hpp"

namespace varprop {

namespace {

constexpr double some_bias_variance = 0.05;

/// The critical weight variances of one activation, without and with biases.
struct Advice {
  std::string activation;
  Reasoned<double> bare;
  Reasoned<double> biased;
};

std::vector<Advice> all_advice() {
  std::vector<Advice> all;
  for (const std::string& name : activation_names()) {
    const Activation activation = Activation::parse(name);
    const InfiniteWidthPredictor predict(activation);
    all.push_back({activation.text(), critical_weight_variance(predict, 0),
                   critical_weight_variance(predict, some_bias_variance)});
  }
  return all;
}

std::string cell(const Reasoned<double>& value) {
  return value ? number_text(*value) : "none";
}

/// "gelu: ..." for every activation that has no critical variance without biases.
std::string reasons(const std::vector<Advice>& all) {
  std::string text;
  for (const Advice& advice : all) {
    if (!advice.bare) text += fmt::format(" {}: {}.", advice.activation, advice.bare.reason());
  }
  return text;
}

}  // namespace

Chapter tell_what_to_do(const ExplainSetting& setting) {
  const std::vector<Advice> all = all_advice();
  Chapter chapter("What to do");
  chapter.say(
      fmt::format("Draw the weights with mean 0 and Var w = C/n, n the number of inputs of the layer, and "
                  "let C be such that the "
                  "gradient neither grows nor shrinks from layer to layer. The activation decides C: 1 "
                  "without one, 2 for ReLU. In "
                  "other cases C depends on the variance of the biases too. At your width, {}, divide by {}:",
                  setting.width, setting.width));
  chapter.begin_table({"activation", "C without biases", fmt::format("C, Var b = {}", some_bias_variance)});
  for (const Advice& advice : all) {
    chapter.add_row({advice.activation, cell(advice.bare), cell(advice.biased)});
  }
  if (const std::string why = reasons(all); !why.empty()) {
    chapter.say("Where there is none, a deep network of that kind needs biases or another remedy." + why);
  }
  chapter.say(
      "The values are those of wide networks, computed just now. \"varprop theory --activation A --curve\" "
      "prints them for other biases and, with --width, what your width changes. \"varprop sweep\" tries "
      "them.");
  return chapter;
}

}  // namespace varprop
