// Numbers written as arithmetic, and calls with their arguments. Seen red: with ** from the left.
#include "driver/init/expression.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "core/errors.hpp"

namespace varprop::driver {
namespace {

Vocabulary vocabulary() {
  return {{{"fan_in", 512.0}, {"depth", 12.0}},
          [](const Call& call) { return call.last_name() == "gain" ? std::optional(3.0) : std::nullopt; }};
}

double number(const std::string& text) {
  return read_number_expression(text, vocabulary());
}

TEST(NumberExpression, ComputesAsPythonDoes) {
  const std::pair<const char*, double> texts[]{{"5/3", 5.0 / 3},
                                               {".02", 0.02},
                                               {"2.", 2},
                                               {"1e-2", 0.01},
                                               {" 2E+1 ", 20},
                                               {"sqrt(2)", std::sqrt(2)},
                                               {"math.sqrt(2 / (1 + 0.1**2))", std::sqrt(2 / 1.01)},
                                               {"1/sqrt(2*12)", 1 / std::sqrt(24)},
                                               {"0.02/sqrt(2*depth)", 0.02 / std::sqrt(24)},
                                               {"512**-0.5", std::pow(512, -0.5)},
                                               {"self.fan_in ** -0.5", std::pow(512, -0.5)},
                                               {"-2**2 + 5", 1},
                                               {"2**3**2", 512},
                                               {"2^3", 8},
                                               {"8/4/2", 1},
                                               {"512//3/2", 85},
                                               {"√2 * √(2 / 3)", std::sqrt(4.0 / 3)},
                                               {"7 - 2 - 1", 4},
                                               {"-(1 - 3)", 2},
                                               {"np.pi", M_PI},
                                               {"exp(1) - e + min(3, max(1, 2))", 2},
                                               {"abs(-3) * pow(2, 2)", 12},
                                               {"init.gain('x') + 1", 4},
                                               {"1 / float(4)  # a quarter", 0.25},
                                               {"w.size(0) + w.shape[1]", 1024}};
  for (const auto& [text, value] : texts) EXPECT_NEAR(number(text), value, 1e-14 * std::abs(value)) << text;
}

TEST(NumberExpression, RefusesTheRestWithASentence) {
  const std::pair<std::string, const char*> texts[]{
      {"", "missing at character 1, where the end stands"},
      {"1 +", "missing at character 4"},
      {"1 2", "nothing more may follow at character 3, where \"2\" stands"},
      {"(1", "parenthesis that opens at character 1 is not closed"},
      {"1/0", "no finite number"},
      {"sqrt(-1)", "no finite number"},
      {"1.2.3", "nothing more may follow at character 4, where \".3\" stands"},
      {"fan_on", "Did you mean \"fan_in\"?"},
      {"sqrt(1, 2)", "is no number"},
      {"1/np.sqrt(y)", "\"y\" is no number"},
      {"randn(2) + 1", "\"randn(2)\" is no number"},
      {"'x'", "is no number"},
      {"'x", "has no second"},
      {"1 ; 2", "nothing more may follow"},
      {"1e400", "is no number"},
      {std::string(400, '(') + "1", "at most 400 characters"}};
  for (const auto& [text, part] : texts) {
    try {
      number(text);
      ADD_FAILURE() << text << " is read";
    } catch (const InputError& error) {
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << text << ": " << error.what();
    }
  }
  EXPECT_EQ(number(std::string(199, '(') + "1" + std::string(199, ')')), 1);  // the deepest there can be
}

TEST(CallExpression, HasItsNameAndItsArguments) {
  const Call call = read_call(
      "nn.init.f_(m.weight, 1/4, mode='fan_in', bias=True, key=jax.random.PRNGKey(0))", vocabulary());
  EXPECT_EQ(call.function, "nn.init.f_");
  EXPECT_EQ(call.last_name(), "f_");
  ASSERT_EQ(call.arguments.size(), 5u);
  EXPECT_EQ(std::get<Word>(call.arguments[0].value).text, "m.weight");
  EXPECT_EQ(std::get<double>(call.arguments[1].value), 0.25);
  EXPECT_EQ(call.arguments[2].name, "mode");
  EXPECT_TRUE(std::get<Word>(call.arguments[2].value).quoted);
  EXPECT_EQ(std::get<double>(call.arguments[3].value), 1);
  EXPECT_EQ(std::get<Word>(call.arguments[4].value).text, "jax.random.PRNGKey(0)");
}

TEST(CallExpression, IsAWordAnAssignmentOrACallOfItsOwn) {
  EXPECT_EQ(read_call("he_normal", vocabulary()).function, "he_normal");
  EXPECT_EQ(read_call("'he_normal'", vocabulary()).function, "he_normal");
  EXPECT_EQ(read_call("f()(key, (64, 64), jnp.float32)", vocabulary()).function, "f");
  for (const char* text : {"initializer_range=0.02", "\"initializer_range\": 0.02"}) {
    const Call call = read_call(text, vocabulary());
    EXPECT_EQ(call.function, "initializer_range");
    EXPECT_EQ(std::get<double>(call.arguments.at(0).value), 0.02);
  }
  for (const char* text : {"0.02", "f(", "f(1 2)", "f) g", "f() + 1", ""})
    EXPECT_THROW(read_call(text, vocabulary()), InputError) << text;
}

/// Seen red: with the blank before the sign in the call's text; with the first of a chain; with the scale of
/// the last number.
TEST(CallExpression, MayStandInAProductAChainOrAnAssignment) {
  for (const char* text : {"f(1) * 0.5 / 2", "0.5 * f(1) / 2", "(f(1) / 4)", "g(3, [4, 5]).f(1) * 0.25;"}) {
    const Call call = read_call(text, vocabulary());
    EXPECT_EQ(call.function, "f") << text;
    EXPECT_DOUBLE_EQ(call.scale, 0.25) << text;
    EXPECT_FALSE(call.assigned) << text;
  }
  const Call assigned = read_call("W = f(1) * 2", vocabulary());
  EXPECT_TRUE(assigned.assigned);
  EXPECT_EQ(assigned.function, "W");
  ASSERT_EQ(assigned.arguments.size(), 1u);
  EXPECT_EQ(std::get<Word>(assigned.arguments[0].value).text, "f(1)");
  EXPECT_EQ(std::get<Word>(assigned.arguments[0].value).scale, 2);
}

}  // namespace
}  // namespace varprop::driver
