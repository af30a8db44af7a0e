#include "driver/init/framework_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

namespace varprop::driver {

namespace {

/// The standard deviation of a standard normal that is cut at ±2.
constexpr double cut_deviation = 0.87962566103423978;

/// To 5e-8, a tenth over the deepest network there is.
std::string digits(double x) {
  return fmt::format("{:.7g}", x);
}

/// What draws the weights of one layer m, in the spellings that torch has.
std::vector<std::string> torch_weight_lines(const InitRecipe& recipe) {
  const std::string std = digits(recipe.standard_deviation()), gain = digits(recipe.gain());
  const std::string bound = digits(recipe.bound());
  switch (recipe.weights) {
    case WeightDistribution::gaussian:
      return {fmt::format("torch.nn.init.normal_(m.weight, std={})", std),
              fmt::format("torch.nn.init.xavier_normal_(m.weight, gain={})", gain),
              fmt::format("torch.nn.init.normal_(m.weight, std={} / m.in_features ** 0.5)", gain)};
    case WeightDistribution::uniform:
      return {fmt::format("torch.nn.init.uniform_(m.weight, -{}, {})", bound, bound),
              fmt::format("torch.nn.init.xavier_uniform_(m.weight, gain={})", gain)};
    case WeightDistribution::orthogonal:
      return {fmt::format("torch.nn.init.orthogonal_(m.weight, gain={})", gain)};
    case WeightDistribution::truncated_normal: {
      const double widened = recipe.standard_deviation() / cut_deviation;
      return {fmt::format("torch.nn.init.trunc_normal_(m.weight, std={}, a=-{}, b={})", digits(widened),
                          digits(2 * widened), digits(2 * widened))};
    }
    case WeightDistribution::rademacher:
      return {fmt::format("torch.nn.init.uniform_(m.weight, -1, 1).sign_().mul_({})", std)};
  }
  return {};
}

std::string torch_program(const std::string& weights, double bias_variance) {
  const std::string biases = bias_variance == 0 ? "torch.nn.init.zeros_(m.bias)"
                                                : fmt::format("torch.nn.init.normal_(m.bias, std={})",
                                                              digits(std::sqrt(bias_variance)));
  return fmt::format(
      "import torch\n"
      "with torch.no_grad():\n"
      "    for m in model.modules():\n"
      "        if isinstance(m, torch.nn.Linear):\n"
      "            {}\n"
      "            if m.bias is not None:\n"
      "                {}\n",
      weights, biases);
}

/// Keras' name of φ, where its formula and its parameter are ours.
std::string_view keras_activation(const Activation& activation) {
  constexpr std::array same{"linear", "relu", "tanh", "sigmoid", "softplus", "softsign",
                            "selu",   "gelu", "silu", "relu6",   "mish"};
  constexpr std::array others{std::pair{std::string_view("elu(1)"), std::string_view("elu")},
                              std::pair{std::string_view("leaky_relu(0.2)"), std::string_view("leaky_relu")},
                              std::pair{std::string_view("hardswish"), std::string_view("hard_silu")},
                              std::pair{std::string_view("hardsigmoid"), std::string_view("hard_sigmoid")}};
  const std::string text = activation.text();
  for (const std::string_view name : same) {
    if (text == name) return name;
  }
  for (const auto& [ours, theirs] : others) {
    if (text == ours) return theirs;
  }
  return {};
}

}  // namespace

double InitRecipe::gain() const {
  return std::sqrt(weight_variance);
}
double InitRecipe::standard_deviation() const {
  return std::sqrt(weight_variance / static_cast<double>(width));
}
double InitRecipe::bound() const {
  return std::sqrt(3 * weight_variance / static_cast<double>(width));
}

std::string_view keras_distribution(WeightDistribution weights) {
  if (weights == WeightDistribution::gaussian) return "untruncated_normal";
  return jax_distribution(weights);
}

std::string_view jax_distribution(WeightDistribution weights) {
  switch (weights) {
    case WeightDistribution::gaussian:
      return "normal";
    case WeightDistribution::truncated_normal:
      return "truncated_normal";
    case WeightDistribution::uniform:
      return "uniform";
    case WeightDistribution::orthogonal:
    case WeightDistribution::rademacher:
      break;
  }
  return {};
}

std::vector<std::string> torch_lines(const InitRecipe& recipe) {
  std::vector<std::string> programs;
  for (const std::string& weights : torch_weight_lines(recipe))
    programs.push_back(torch_program(weights, recipe.bias_variance));
  return programs;
}

std::vector<std::string> keras_lines(const InitRecipe& recipe) {
  const std::string_view law = keras_distribution(recipe.weights);
  if (law.empty() && recipe.weights != WeightDistribution::orthogonal) return {};
  const std::string kernel =
      law.empty() ? fmt::format("keras.initializers.Orthogonal(gain={})", digits(recipe.gain()))
                  : fmt::format(
                        "keras.initializers.VarianceScaling(\n        scale={}, mode=\"fan_in\", "
                        "distribution=\"{}\")",
                        digits(recipe.weight_variance), law);
  const std::string bias = recipe.bias_variance == 0
                               ? "\"zeros\""
                               : fmt::format("keras.initializers.RandomNormal(stddev={})",
                                             digits(std::sqrt(recipe.bias_variance)));
  const std::string_view activation = keras_activation(recipe.activation);
  return {fmt::format(
      "import keras\n"
      "layer = keras.layers.Dense(\n"
      "    {}{},\n"
      "    kernel_initializer={},\n"
      "    bias_initializer={})\n",
      recipe.width, activation.empty() ? "" : fmt::format(", activation=\"{}\"", activation), kernel, bias)};
}

std::vector<std::string> jax_lines(const InitRecipe& recipe) {
  const std::string_view law = jax_distribution(recipe.weights);
  std::string kernel;
  if (recipe.weights == WeightDistribution::rademacher) {
    kernel = fmt::format(
        "def kernel_init(key, shape, dtype=\"float32\"):\n"
        "    return {} * jax.random.rademacher(key, shape, dtype)\n",
        digits(recipe.standard_deviation()));
  } else if (law.empty()) {
    kernel = fmt::format("kernel_init = jax.nn.initializers.orthogonal(scale={})\n", digits(recipe.gain()));
  } else {
    kernel = fmt::format("kernel_init = jax.nn.initializers.variance_scaling({}, \"fan_in\", \"{}\")\n",
                         digits(recipe.weight_variance), law);
  }
  const std::string bias = recipe.bias_variance == 0
                               ? "zeros"
                               : fmt::format("normal(stddev={})", digits(std::sqrt(recipe.bias_variance)));
  return {
      fmt::format("import jax\n"
                  "{}bias_init = jax.nn.initializers.{}\n"
                  "W = kernel_init(jax.random.PRNGKey(0), ({}, {}))\n",
                  kernel, bias, recipe.width, recipe.width)};
}

}  // namespace varprop::driver
