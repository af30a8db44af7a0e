// Other people's names for activations. Seen red: with prelu among the synonyms, with suggestions of any name
// near enough, with the name's case counting, with inplace taken for a parameter, with serf near to selu.
#include "core/network/activations/names.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "core/errors.hpp"
#include "core/network/activations/activation.hpp"

namespace varprop::test {
namespace {

std::string parsed(const std::string& text) {
  return Activation::parse(text).text();
}

std::string refusal(const std::string& text) {
  try {
    return "parsed as " + parsed(text);
  } catch (const InputError& error) {
    return error.what();
  }
}

TEST(ActivationNames, OfOthersLeadToOurs) {
  for (const auto& [theirs, ours] : std::vector<std::pair<std::string, std::string>>{
           {"ReLU", "relu"},
           {"nn.ReLU()", "relu"},
           {"torch.nn.ReLU6", "relu6"},
           {"SiLU", "silu"},
           {"swish", "silu"},
           {"keras.activations.swish", "silu"},
           {"jax.nn.silu", "silu"},
           {"nn.Identity()", "linear"},
           {"logistic", "sigmoid"},
           {"nn.Hardtanh", "hard_tanh"},
           {"hard_sigmoid", "hardsigmoid"},
           {"hard_silu", "hardswish"},
           {"HardSwish", "hardswish"},
           {"soft_sign", "softsign"},
           {"atan", "arctan"},
           {"Mish", "mish"},
           {"gelu_new", "gelu_tanh"},
           {"nn.GELU(approximate='tanh')", "gelu_tanh"},
           {"F.gelu", "gelu"},
           {"nn.GELU", "gelu"},
           {"jax.nn.gelu(approximate=False)", "gelu"},
           {"quick-gelu", "quick_gelu"},
           {"squared_relu", "relu2"},
           {"LeakyReLU", "leaky_relu(0.01)"},
           {"nn.LeakyReLU(0.2)", "leaky_relu(0.2)"},
           {"nn.LeakyReLU(negative_slope=0.2)", "leaky_relu(0.2)"},
           {"leaky_relu(negative_slope=-0.5)", "leaky_relu(-0.5)"},
           {"ELU(alpha=0.5)", "elu(0.5)"},
           {"CELU", "celu(1)"},
           {"nn.Softshrink(lambd=1)", "softshrink(1)"},
           {"nn.ReLU(inplace=True)", "relu"},
           {"nn.ReLU(True)", "relu"},
           {"nn.LeakyReLU(0.2, inplace=True)", "leaky_relu(0.2)"},
           {"nn.LeakyReLU(negative_slope=0.2, inplace=True)", "leaky_relu(0.2)"},
           {"Hardtanh(min_val=-1.0, max_val=1.0)", "hard_tanh"},
           {"Softplus(beta=1, threshold=20)", "softplus"},
           {"np.tanh", "tanh"},
           {"scipy.special.expit", "sigmoid"},
           {"math.sin", "sin"},
           {"None", "linear"},
           {"relu^2", "relu2"},
           {"ReLU²", "relu2"},
           {"sine", "sin"},
           {"Sin(30)", "sin(30)"}}) {
    EXPECT_EQ(parsed(theirs), ours) << theirs;
  }
}

/// Old points keep their text, and with it their random numbers. Seen red: with "sin(1)".
TEST(ActivationNames, TheSineOfFrequencyOneIsBare) {
  EXPECT_EQ(parsed("sin"), "sin");
  EXPECT_EQ(parsed("sin(1)"), "sin");
  EXPECT_EQ(parsed("sin(2)"), "sin(2)");
  EXPECT_EQ(parsed("leaky_relu"), "leaky_relu(0.01)");
}

TEST(ActivationNames, OfOtherFunctionsAreAnswered) {
  for (const auto& [name, answer] : std::vector<std::pair<std::string, std::string>>{
           {"prelu", "leaky_relu(0.25)"},
           {"nn.PReLU(init=0.1)", "leaky_relu(0.25)"},
           {"RReLU", "in training"},
           {"keras.layers.LeakyReLU", "leaky_relu(0.3)"},
           {"jax.nn.gelu", "gelu_tanh"},
           {"nn.gelu", "approximate=False"},
           {"SwiGLU", "two linear maps of a layer: block = \"glu\""},
           {"softmax", "no function of one"},
           {"siren", "sin(30)"},
           {"LogSigmoid", "softplus"},
           {"nnx.gelu", "approximate=False"},
           {"srelu", "not known"},
           {"serf", "not known"},
           {"hard_mish", "not known"},
           {"sinh", "not known"}}) {
    EXPECT_NE(refusal(name).find(answer), std::string::npos) << name << ": " << refusal(name);
  }
}

TEST(ActivationNames, AMisspeltOneIsNeverTakenForAnotherFunction) {
  for (const char* other : {"drelu", "vrelu", "relu1", "relu7", "telu", "pau", "kelu", "foo"}) {
    EXPECT_EQ(refusal(other).find("Did you mean"), std::string::npos) << refusal(other);
    EXPECT_NE(refusal(other).find("Known activations: linear"), std::string::npos) << refusal(other);
  }
  for (const auto& [slip, meant] : std::vector<std::pair<std::string, std::string>>{
           {"tahn", "tanh"}, {"rleu", "relu"}, {"sigmiod", "sigmoid"}, {"leaky_rleu(0.2)", "leaky_relu"}}) {
    EXPECT_NE(refusal(slip).find("Did you mean \"" + meant + "\"?"), std::string::npos) << refusal(slip);
  }
}

TEST(ActivationNames, AParameterIsReadAsOurs) {
  EXPECT_EQ(refusal("nn.ReLU(0.5)"), "the activation relu takes no parameter.");
  EXPECT_EQ(refusal("nn.Hardtanh(-2, 2)"), "the activation hard_tanh takes no parameter.");
  EXPECT_EQ(refusal("Softplus(beta=2)"), "the activation softplus takes no parameter.");
  EXPECT_EQ(refusal("sin(0)"), "sin(0): the omega must be a number between 0.01 and 1000.");
  EXPECT_EQ(refusal("Sin(3"), "\"Sin(3\": the parenthesis is not closed.");
}

}  // namespace
}  // namespace varprop::test
