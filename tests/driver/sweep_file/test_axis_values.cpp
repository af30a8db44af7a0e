// The values of an axis: numbers, names, lists; what is refused and in which words.
#include "driver/sweep_file/axis_values.hpp"

#include <gtest/gtest.h>

#include "tests/driver/sweep_file/sweep_examples.hpp"

namespace varprop::driver {
namespace {

template <class T>
std::vector<double> numbers(const std::vector<T>& values) {
  std::vector<double> all;
  for (const T value : values) all.push_back(static_cast<double>(value.value()));
  return all;
}

using Numbers = std::vector<double>;

TEST(AxisValues, NumbersAreSortedAndMinusZeroIsZero) {
  const Sweep sweep = resolved(with_line(3, "weight_variance = [2, 0.5, 1.5]\nbias_variance = [0.1, -0.0]"));
  EXPECT_EQ(numbers(sweep.grid.weight_variance), (Numbers{0.5, 1.5, 2}));
  EXPECT_EQ(numbers(sweep.grid.bias_variance), (Numbers{0, 0.1}));
  EXPECT_FALSE(std::signbit(sweep.grid.bias_variance[0].value()));
}

TEST(AxisValues, NamesBecomeNumbers) {
  const Sweep sweep = resolved(with_line(3, "weight_variance = [\"torch\", \"he\", \"lecun\"]"));
  EXPECT_EQ(numbers(sweep.grid.weight_variance), (Numbers{1.0 / 3, 1, 2}));
  EXPECT_EQ(numbers(resolved(with_line(3, "weight_variance = \"glorot\"")).grid.weight_variance), Numbers{1});
  EXPECT_EQ(
      numbers(resolved(with_line(3, "weight_variance = [\"xavier\", \"kaiming\"]")).grid.weight_variance),
      (Numbers{1, 2}));
}

TEST(AxisValues, TorchBiasIsOverTheWidth) {
  const Sweep sweep = resolved(with_line(3, "weight_variance = 1\nbias_variance = \"torch\""));
  EXPECT_EQ(numbers(sweep.grid.bias_variance), Numbers{1.0 / 24});
}

TEST(AxisValues, NamesOfScaledVariancesNeedFanIn) {
  const std::string scaling = "\nvariance_scaling = \"none\"";
  EXPECT_EQ(refusal(with_line(7, "replicas = 32" + scaling)), "");
  const std::string file = with_line(3, "weight_variance = \"he\"") + scaling.substr(1);
  EXPECT_NE(refusal(file).find("\"he\" is a variance times fan-in"), std::string::npos) << refusal(file);
}

TEST(AxisValues, NamesAreOfTheFanThatTheyAreCountedBy) {
  const auto with = [](const std::string& name, const std::string& axes, const std::string& scaling) {
    return refusal(with_line(3, "weight_variance = \"" + name + "\"" + axes) + "variance_scaling = \"" +
                   scaling + "\"\n");
  };
  for (const char* name : {"he", "glorot", "lecun", "torch"}) EXPECT_EQ(with(name, "", "fan_out"), "");
  const std::string unequal = "\noutput_width = 10";
  EXPECT_EQ(with("he", unequal, "fan_out"), "");
  EXPECT_EQ(with("glorot", unequal, "fan_avg"), "");
  EXPECT_EQ(with("torch", unequal, "fan_in"), "");
  EXPECT_NE(with("torch", unequal, "fan_out").find("\"torch\" is a variance times fan-in; with"),
            std::string::npos);
  EXPECT_NE(with("glorot", unequal, "fan_in").find("times the mean of fan-in and fan-out"),
            std::string::npos);
  EXPECT_NE(
      with("he", unequal, "fan_avg").find("in layers of these widths, numbers and other names are allowed"),
      std::string::npos);
}

TEST(AxisValues, TorchBiasOfUnequalLayersIsOverFanIn) {
  const std::string file =
      with_line(3, "weight_variance = \"torch\"\nbias_variance = \"torch\"\noutput_width = 10");
  EXPECT_NE(refusal(file).find(
                "another number for every layer of these widths; allowed: numbers, or bias_scaling = "
                "\"fan_in\""),
            std::string::npos)
      << refusal(file);
  const Sweep sweep = resolved(file + "bias_scaling = \"fan_in\"\n");
  EXPECT_EQ(numbers(sweep.grid.bias_variance), Numbers{1.0 / 3});
  EXPECT_EQ(sweep.network.bias_scaling, BiasScaling::fan_in);
}

TEST(AxisValues, ShapesAreRatios) {
  const Sweep sweep = resolved(with_line(4, "width = 8\nshape = [\"constant\", \"1:.5\"]"));
  EXPECT_EQ((sweep.grid.*ShapeAxis::values)[0], Shape());
  EXPECT_EQ((sweep.grid.*ShapeAxis::values)[1].text(), "1:0.5");
  EXPECT_NE(
      refusal(with_line(4, "width = 8\nshape = \"1-2\"")).find("\"1-2\" is no shape; allowed: constant, or"),
      std::string::npos);
  EXPECT_NE(refusal(with_line(4, "width = 8\nshape = [\"1:0.5\", \"1:.5\"]")).find("stands there twice"),
            std::string::npos);
  EXPECT_NE(refusal(with_line(4, "width = 8\nkeep = 0")).find("above 0, at most 1"), std::string::npos);
}

TEST(AxisValues, WordsKeepTheirOrder) {
  const Sweep sweep = resolved(with_line(2, "activation = [\"relu\", \"leaky_relu(0.2)\", \"erf\"]"));
  EXPECT_EQ(sweep.grid.activation[1].text(), "leaky_relu(0.2)");
  EXPECT_EQ(sweep.grid.activation[2].text(), "erf");
}

TEST(AxisValues, WholeNumbersMayBeWrittenAsFloats) {
  EXPECT_EQ(numbers(resolved(with_line(4, "width = [1e3, 8.0]")).grid.width), (Numbers{8, 1000}));
}

struct Refused {
  int line;
  const char* text;
  const char* sentence;  ///< after "s.toml:LINE:"
};

class RefusedValue : public testing::TestWithParam<Refused> {};

TEST_P(RefusedValue, IsNamedWithItsPlaceAndWhatIsAllowed) {
  const auto& [line, text, sentence] = GetParam();
  EXPECT_EQ(refusal(with_line(line, text)), "s.toml:" + std::to_string(line) + ":" + sentence);
}

INSTANTIATE_TEST_SUITE_P(
    Numbers, RefusedValue,
    testing::Values(
        Refused{3, "weight_variance = []",
                "19: grid.weight_variance: this axis has no values; at least one is needed."},
        Refused{
            3, "weight_variance = 0",
            "19: grid.weight_variance: 0 is not allowed; allowed: a finite number above 0, or a name (lecun, "
            "glorot, xavier, he, kaiming, torch)."},
        Refused{3, "weight_variance = [1, -2]",
                "23: grid.weight_variance: -2 is not allowed; allowed: a finite number above 0, or a name "
                "(lecun, "
                "glorot, xavier, he, kaiming, torch)."},
        Refused{3, "weight_variance = nan",
                "19: grid.weight_variance: nan is not allowed; allowed: a finite number above 0, or a name "
                "(lecun, "
                "glorot, xavier, he, kaiming, torch)."},
        Refused{3, "weight_variance = inf",
                "19: grid.weight_variance: inf is not allowed; allowed: a finite number above 0, or a name "
                "(lecun, "
                "glorot, xavier, he, kaiming, torch)."},
        Refused{3, "weight_variance = [1, 1.0]",
                "23: grid.weight_variance: 1 stands there twice; every value may stand once."},
        Refused{3, "weight_variance = [1, \"lecun\"]",
                "23: grid.weight_variance: 1 (as \"lecun\") stands there twice; every value may stand once."},
        Refused{3, "weight_variance = \"xaver\"",
                "19: grid.weight_variance: unknown name \"xaver\". Did you mean \"xavier\"? Allowed: a "
                "finite number above 0, or a name "
                "(lecun, glorot, xavier, he, kaiming, torch)."},
        Refused{3, "weight_variance = true",
                "19: grid.weight_variance: true is not a number; allowed: a finite number above 0, or a name "
                "(lecun, "
                "glorot, xavier, he, kaiming, torch)."},
        Refused{4, "width = 0",
                "9: grid.width: 0 is not allowed; allowed: a whole number from 1 to 1099511627776."},
        Refused{4, "width = 8.5",
                "9: grid.width: 8.5 is not allowed; allowed: a whole number from 1 to 1099511627776."},
        Refused{4, "width = 1e20",
                "9: grid.width: 1e+20 is not allowed; allowed: a whole number from 1 to 1099511627776."},
        Refused{4, "width = [8, 8]", "13: grid.width: 8 stands there twice; every value may stand once."},
        Refused{4, "width = \"wide\"",
                "9: grid.width: \"wide\" is not a number; allowed: a whole number from 1 to 1099511627776."},
        Refused{5, "depth = 1048576",
                "9: grid.depth: 1048576 is not allowed; allowed: a whole number from 1 to 1048575."}));

INSTANTIATE_TEST_SUITE_P(
    Words, RefusedValue,
    testing::Values(
        Refused{
            2, "activation = \"\"",
            "14: grid.activation: unknown activation \"\". Known activations: linear, relu, leaky_relu, abs, "
            "tanh, erf, sigmoid, hard_tanh, softsign, arctan, sin, elu, selu, gelu, silu, softplus, "
            "mish, gelu_tanh, quick_gelu, hardswish, hardsigmoid, relu6, relu2, celu, softshrink."},
        Refused{2, "activation = []",
                "14: grid.activation: this list has no values; at least one is needed."},
        Refused{2, "activation = [\"leaky_relu\", \"leaky_relu(0.01)\"]",
                "29: grid.activation: \"leaky_relu(0.01)\" stands there twice; every value may stand once."},
        Refused{2, "activation = 3",
                "14: grid.activation: 3 is not text; allowed: linear, relu, leaky_relu, abs, tanh, erf, "
                "sigmoid, hard_tanh, softsign, arctan, sin, elu, selu, gelu, silu, softplus, "
                "mish, gelu_tanh, quick_gelu, hardswish, hardsigmoid, relu6, relu2, celu, softshrink."}));

TEST(AxisValues, InitializersOfFrameworksAreTakenApart) {
  const std::string of_weights = refusal(with_line(3, "weight_variance = 2\nweights = \"kaiming_uniform\""));
  EXPECT_NE(of_weights.find("\"kaiming_uniform\": uniform weights with a weight variance of 2 (\"he\")"),
            std::string::npos)
      << of_weights;
  const std::string of_variance = refusal(with_line(3, "weight_variance = \"Glorot-Normal\""));
  EXPECT_NE(of_variance.find("truncated_normal weights with a weight variance of 1"), std::string::npos)
      << of_variance;
}

TEST(AxisValues, UnknownWordsAreAnsweredWithTheKnownOnes) {
  EXPECT_NE(refusal(with_line(2, "activation = \"tahn\"")).find("Did you mean \"tanh\"?"), std::string::npos);
  EXPECT_NE(refusal(with_line(2, "activation = \"relu\"\nweights = \"cauchy\""))
                .find("Known: gaussian, orthogonal, uniform, truncated_normal, rademacher."),
            std::string::npos);
}

}  // namespace
}  // namespace varprop::driver
