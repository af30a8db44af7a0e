// Chapter 9: which variance for which activation.
#include <fmt/format.h>

#include <array>
#include <map>
#include <vector>

#include "core/network/activations/activation.hpp"
#include "driver/explain/explanation.hpp"
#include "driver/explain/measurement.hpp"
#include "theory/infinite_width/criticality.hpp"

namespace varprop::driver {

namespace {

constexpr std::array bias_variances{0.0, 0.05, 0.6};

/// The critical weight variances of one activation, one for each bias variance.
struct Advice {
  std::string activation;
  std::vector<theory::ValueOrReason<double>> weight_variances;
};

std::vector<Advice> all_advice() {
  std::vector<Advice> all;
  for (const std::string& name : activation_names()) {
    const Activation activation = Activation::parse(name);
    const theory::InfiniteWidthPredictor predict(activation);
    Advice advice{activation.text(), {}};
    for (const double bias_variance : bias_variances) {
      advice.weight_variances.push_back(critical_weight_variance(predict, bias_variance));
    }
    all.push_back(std::move(advice));
  }
  return all;
}

void tell_variances(Chapter& chapter, const std::vector<Advice>& all) {
  std::vector<std::string> columns{"activation"};
  for (const double variance : bias_variances) columns.push_back(fmt::format("C, Var b = {}", variance));
  chapter.begin_table(columns);
  for (const Advice& advice : all) {
    std::vector<std::string> cells{advice.activation};
    for (const auto& value : advice.weight_variances) cells.push_back(value ? number_text(*value) : "none");
    chapter.add_row(cells);
  }
}

/// "gelu, silu" by their reason for having no critical variance without biases.
std::map<std::string, std::string> reasons(const std::vector<Advice>& all) {
  std::map<std::string, std::string> names;
  for (const Advice& advice : all) {
    const theory::ValueOrReason<double>& bare = advice.weight_variances.front();
    if (bare) continue;
    std::string& known = names[bare.why()];
    known += (known.empty() ? "" : ", ") + advice.activation;
  }
  return names;
}

void tell_exceptions(Chapter& chapter, const std::vector<Advice>& all) {
  std::string text =
      "Where there is none, no variance of the weights holds the gradient through many layers: take biases "
      "that allow one, or few layers. Why there is none without biases (chi is the factor that one layer "
      "puts on the squared gradient once the signal has settled at a fixed point):";
  for (const auto& [reason, names] : reasons(all)) text += fmt::format(" {}: {}.", names, reason);
  chapter.say(text);
}

}  // namespace

Chapter tell_what_to_do(const ExplainSetting& setting) {
  const std::vector<Advice> all = all_advice();
  Chapter chapter("What to do");
  chapter.say(
      fmt::format("Draw the weights with mean 0 and Var w = C/n, where n is the number of inputs of the "
                  "layer (here {}), and choose C such that the gradient neither grows nor shrinks from layer "
                  "to layer. The activation decides C: 1 without one (LeCun initialization; Glorot's is the "
                  "same where layers are equally wide), 2 for ReLU (He's). For others C depends on the "
                  "variance of the biases too (without biases the signal of most still fades, but slowly):",
                  setting.width));
  tell_variances(chapter, all);
  tell_exceptions(chapter, all);
  chapter.say(
      "The values are those of wide networks, computed when this text was made. \"varprop theory "
      "--activation A --curve\" "
      "prints them for other biases and, with --width, what your width changes. \"varprop sweep\" tries "
      "them.");
  return chapter;
}

}  // namespace varprop::driver
