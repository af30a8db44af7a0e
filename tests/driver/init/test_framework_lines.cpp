// Lines of the frameworks say what the recipe says: each is read back by initializer_reading. Seen red: with
// a bound without its √3, with Keras' "normal" for the untruncated one.
#include "driver/init/framework_lines.hpp"

#include <gtest/gtest.h>

#include <string>

#include "driver/init/initializer_reading.hpp"

namespace varprop::driver {
namespace {

constexpr SquareLayers layers{300, 7};

InitRecipe recipe(WeightDistribution weights, double bias_variance = 0) {
  return {Activation::parse("gelu"), weights, 1.7, bias_variance, layers.width};
}

/// The call of `text` that begins with `name`, to its closing parenthesis.
std::string call_in(const std::string& text, const std::string& name) {
  const auto begin = text.find(name);
  if (begin == std::string::npos) return "";
  auto end = text.find('(', begin);
  for (int open = 1; open > 0 && ++end < text.size();)
    open += text[end] == '(' ? 1 : text[end] == ')' ? -1 : 0;
  return text.substr(begin, end + 1 - begin);
}

void expect_recipe(Framework framework, const std::string& line, WeightDistribution law) {
  SCOPED_TRACE(line);
  const InitialWeights read = read_initializer(framework, line, layers);
  EXPECT_EQ(word_of(read.law), word_of(law));
  EXPECT_NEAR(read.weight_variance, 1.7, 1e-5);
}

TEST(FrameworkLines, AreReadBack) {
  for (const auto& [law, word] : EnumWords<WeightDistribution>::words) {
    if (law == WeightDistribution::rademacher) continue;  // no initializer of its own anywhere
    for (std::string program : torch_lines(recipe(law))) {
      const auto fan_in = program.find("m.in_features");
      if (fan_in != std::string::npos) program.replace(fan_in, 13, "fan_in");
      expect_recipe(Framework::torch, call_in(program, "torch.nn.init."), law);
    }
    expect_recipe(Framework::keras, call_in(keras_lines(recipe(law)).at(0), "keras.initializers."), law);
    expect_recipe(Framework::jax, call_in(jax_lines(recipe(law)).at(0), "jax.nn.initializers."), law);
  }
}

TEST(FrameworkLines, SetTheBiases) {
  const InitRecipe with_biases = recipe(WeightDistribution::gaussian, 0.04);
  EXPECT_NE(torch_lines(recipe(WeightDistribution::gaussian)).at(0).find("zeros_(m.bias)"),
            std::string::npos);
  EXPECT_NE(torch_lines(with_biases).at(0).find("normal_(m.bias, std=0.2)"), std::string::npos);
  EXPECT_NE(
      keras_lines(with_biases).at(0).find("bias_initializer=keras.initializers.RandomNormal(stddev=0.2)"),
      std::string::npos);
  EXPECT_NE(jax_lines(with_biases).at(0).find("bias_init = jax.nn.initializers.normal(stddev=0.2)"),
            std::string::npos);
}

TEST(FrameworkLines, NameAnActivationWhereKerasHasTheSame) {
  EXPECT_NE(keras_lines(recipe(WeightDistribution::uniform)).at(0).find("activation=\"gelu\""),
            std::string::npos);
  InitRecipe leaky = recipe(WeightDistribution::uniform);
  leaky.activation = Activation::parse("leaky_relu(0.01)");  // Keras' is 0.2
  EXPECT_EQ(keras_lines(leaky).at(0).find("activation="), std::string::npos);
}

}  // namespace
}  // namespace varprop::driver
