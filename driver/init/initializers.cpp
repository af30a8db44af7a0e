#include "driver/init/initializers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/errors.hpp"
#include "core/network/activations/activation.hpp"
#include "theory/means/log_ratio.hpp"

namespace varprop::driver {

namespace {

using enum WeightDistribution;
using Given = const BoundArguments&;
using Layers = const SquareLayers&;

double square_of(double x) {
  return x * x;
}

double positive_argument(Given given, std::string_view parameter) {
  const double x = given.number(parameter);
  validate(x > 0, fmt::format("{} is {}; allowed are numbers above 0.", parameter, shortest(x)));
  return x;
}

void refuse_mean(double mean) {
  validate(mean == 0, fmt::format("its weights have the mean {}; here they have mean 0. A mean makes the "
                                  "signal grow like n, whatever the variance.",
                                  shortest(mean)));
}

void check_word(const std::string& word, std::string_view parameter, const std::vector<std::string>& known) {
  validate(
      std::ranges::find(known, word) != known.end(),
      fmt::format("unknown {} \"{}\".{} Known: {}.", parameter, word, suggestion(word, known), join(known)));
}

/// Whether an activation of ours has this name.
bool is_activation(const std::string& name) {
  try {
    Activation::parse(name);
    return true;
  } catch (const InputError&) {
    return false;
  }
}

/// Whether −low is high, but for rounding.
bool alike(double low, double high) {
  return std::abs(low + high) <= 1e-9 * std::abs(high);
}

/// N(0, std²) of every weight.
InitialWeights normal_of(double standard_deviation, Layers layers) {
  return {gaussian, static_cast<double>(layers.width) * square_of(standard_deviation)};
}

/// U(low, high) of every weight.
InitialWeights uniform_of(double low, double high, Layers layers) {
  validate(low < high, fmt::format("no number is between {} and {}.", shortest(low), shortest(high)));
  if (!alike(low, high)) refuse_mean(0.5 * (low + high));
  return {uniform, static_cast<double>(layers.width) * square_of(high) / 3};
}

/// A standard normal that is cut at ±k: with d = φ(k)/P(|Z| < k), Var = 1 − 2kd, E Z⁴ = 3 − 2(k³ + 3k)d. For
/// small k uniform.
struct CutNormal {
  double variance;
  double excess_kurtosis;
};

CutNormal cut_normal(double k) {
  if (k < 0.02) return {square_of(k) / 3, -1.2};
  const double density = std::exp(-0.5 * k * k) / std::sqrt(2 * std::numbers::pi);
  const double d = density / std::erf(k / std::numbers::sqrt2);
  const double variance = 1 - 2 * k * d;
  return {variance, (3 - 2 * (k * k * k + 3 * k) * d) / square_of(variance) - 3};
}

WeightDistribution nearest_law(double excess_kurtosis) {
  constexpr std::array laws{gaussian, truncated_normal, uniform};
  return *std::ranges::min_element(laws, {}, [&](WeightDistribution law) {
    return std::abs(theory::excess_kurtosis(law) - excess_kurtosis);
  });
}

/// A normal of this standard deviation, cut at `low` and `high` of its own standard deviations.
InitialWeights cut_normal_of(double standard_deviation, double low, double high, Layers layers) {
  validate(low < 0 && alike(low, high),
           "the normal is not cut alike on both sides, so that its weights have a mean; here they have mean "
           "0.");
  const CutNormal law = cut_normal(high);
  const std::string note = high > 6
                               ? fmt::format("The cut, {:.3g} standard deviations away, cuts nothing.", high)
                               : fmt::format(
                                     "The cut at {:.3g} standard deviations leaves {:.4g} of the "
                                     "variance, and nothing makes up for it.",
                                     high, law.variance);
  const double variance = square_of(standard_deviation) * law.variance;
  return {nearest_law(law.excess_kurtosis), static_cast<double>(layers.width) * variance, {}, note};
}

/// mean, std, and a cut in the units of `unit`: of the weights (1), or of standard deviations (std).
InitialWeights cut_by_arguments(Given given, double unit, Layers layers) {
  refuse_mean(given.number("mean"));
  return cut_normal_of(positive_argument(given, "std"), given.number("a") / unit, given.number("b") / unit,
                       layers);
}

/// Var W = scale/fan, of the law that a word names: uniform, `normal`, or else truncated at two standard
/// deviations. That one is widened first (by 1/0.8796), so that its variance is what it says.
InitialWeights variance_scaling(Given given, const std::string& normal,
                                const std::vector<std::string>& truncated) {
  const double scale = positive_argument(given, "scale");
  check_word(given.word("mode"), "mode", {"fan_in", "fan_out", "fan_avg", "fan_geo_avg"});
  const std::string law = given.word("distribution");
  std::vector<std::string> known{normal, "uniform"};
  known.insert(known.end(), truncated.begin(), truncated.end());
  check_word(law, "distribution", known);
  return {law == "uniform" ? uniform : law == normal ? gaussian : truncated_normal, scale};
}

InitialWeights xavier(Given given, WeightDistribution law) {
  return {law, square_of(positive_argument(given, "gain"))};
}

InitialWeights kaiming(Given given, WeightDistribution law) {
  check_word(given.word("mode"), "mode", {"fan_in", "fan_out"});
  return {law, square_of(calculate_gain(given.word("nonlinearity"), given.number("a")))};
}

/// A whole layer's width, where it is said.
void check_units(Given given, std::string_view parameter, Layers layers) {
  const double units = given.number(parameter);
  validate(units == 0 || units == static_cast<double>(layers.width),
           fmt::format("{} is not --width; here all layers are n x n.", parameter));
}

/// torch's linear layer: kaiming_uniform_ with a = √5 is U(±1/√n), and so are the biases.
InitialWeights torch_linear(Given given, Layers layers) {
  const auto n = static_cast<double>(layers.width);
  for (const std::string_view features : {"in_features", "out_features"})
    check_units(given, features, layers);
  if (given.number("bias") == 0) return {uniform, 1.0 / 3, 0.0};
  return {uniform, 1.0 / 3, 1 / (3 * n), "Its biases are uniform; here they are normal with their variance."};
}

/// A layer with biases of 0.
InitialWeights without_biases(InitialWeights weights) {
  weights.bias_variance = 0;
  return weights;
}

template <WeightDistribution law, int scale>
InitialWeights scaled(Given, Layers) {
  return {law, scale};
}

constexpr std::string_view not_random = "is not random: all neurons of a layer stay alike.";
constexpr std::string_view one_matrix = "is one fixed matrix, which no variance describes.";
constexpr std::string_view convolution =
    "is a convolution, which is not simulated; ask for the initializer of its kernel, at a width of its "
    "fan-in.";
constexpr std::string_view fan_in = "fan_in";

const std::vector<InitParameter> mean_std{{"mean", 0.0, "loc"}, {"std", 1.0, "scale"}};
const std::vector<InitParameter> mean_std_cut{{"mean", 0.0}, {"std", 1.0}, {"a", -2.0}, {"b", 2.0}};
const std::vector<InitParameter> kaiming_parameters{
    {"a", 0.0}, {"mode", fan_in}, {"nonlinearity", std::string_view("leaky_relu")}};
const std::vector<InitParameter> one_gain{{"gain", 1.0, "scale"}};
const std::vector<InitParameter> keras_mean_std{{"mean", 0.0}, {"stddev", 0.05}};

InitialWeights of_mean_std(Given given, Layers layers) {
  refuse_mean(given.number("mean"));
  return normal_of(positive_argument(given, given.has("std") ? "std" : "stddev"), layers);
}

InitialWeights keras_truncated(Given given, Layers layers) {
  refuse_mean(given.number("mean"));
  return cut_normal_of(positive_argument(given, "stddev"), -2, 2, layers);
}

using Rows = std::vector<InitDeclaration>;

// clang-format off
Rows torch_rows() {
  constexpr Framework torch = Framework::torch;
  return {
      {torch, {"normal_"}, mean_std, of_mean_std},
      {torch, {"uniform_"}, {{"a", 0.0, "from"}, {"b", 1.0, "to"}},
       [](Given given, Layers layers) { return uniform_of(given.number("a"), given.number("b"), layers); }},
      {torch, {"trunc_normal_"}, mean_std_cut,
       [](Given given, Layers layers) { return cut_by_arguments(given, given.number("std"), layers); }},
      {torch, {"xavier_uniform_"}, one_gain, [](Given given, Layers) { return xavier(given, uniform); }},
      {torch, {"xavier_normal_"}, one_gain, [](Given given, Layers) { return xavier(given, gaussian); }},
      {torch, {"kaiming_uniform_"}, kaiming_parameters, [](Given given, Layers) { return kaiming(given, uniform); }},
      {torch, {"kaiming_normal_"}, kaiming_parameters, [](Given given, Layers) { return kaiming(given, gaussian); }},
      {torch, {"orthogonal_"}, one_gain, [](Given given, Layers) { return xavier(given, orthogonal); }},
      {torch, {"Linear", "default", "reset_parameters"},
       {{"in_features", 0.0}, {"out_features", 0.0}, {"bias", 1.0}}, torch_linear},
      {torch, {"LazyLinear"}, {{"out_features", 0.0}, {"bias", 1.0}, {"in_features", 0.0}}, torch_linear},
      {torch, {"Conv1d", "Conv2d", "Conv3d", "ConvTranspose2d"}, {}, nullptr, convolution},
      {torch, {"RNN", "LSTM", "GRU"}, {}, nullptr, "is recurrent, which is not simulated."},
      {torch, {"MultiheadAttention", "TransformerEncoderLayer"}, {}, nullptr,
       "is no layer of one matrix: preset = \"torch_encoder\" in a sweep file has such blocks."},
      {torch, {"Embedding"}, {}, nullptr,
       "draws its rows from N(0, 1): they are the network's input, of mean square 1 (--input-mean-square)."},
      // PyTorch's and NumPy's own draws
      {torch, {"randn", "standard_normal"}, {{"rows", 0.0}, {"columns", 0.0}},
       [](Given, Layers layers) { return normal_of(1, layers); }},
      {torch, {"rand"}, {}, nullptr,
       "draws from 0 to 1: its weights have the mean 0.5; here they have mean 0. A mean makes the signal grow like n, "
       "whatever the variance."},
      {torch, {"sparse_"}, {}, nullptr,
       "has exact zeros among its weights, which is no law here; in wide layers it does what a normal with std "
       "sqrt(1 - sparsity) as large does."},
      {torch, {"zeros_"}, {}, nullptr, not_random},
      {torch, {"ones_"}, {}, nullptr, not_random},
      {torch, {"constant_"}, {}, nullptr, not_random},
      {torch, {"eye_"}, {}, nullptr, one_matrix},
      {torch, {"dirac_"}, {}, nullptr, one_matrix},
      // timm: here a and b are counted in standard deviations
      {torch, {"trunc_normal_tf_"}, mean_std_cut,
       [](Given given, Layers layers) { return cut_by_arguments(given, 1, layers); }},
      {torch, {"variance_scaling_"},
       {{"scale", 1.0}, {"mode", fan_in}, {"distribution", std::string_view("normal")}},
       [](Given given, Layers) { return variance_scaling(given, "normal", {"truncated_normal"}); }},
      {torch, {"lecun_normal_"}, {}, scaled<truncated_normal, 1>},
      // Hugging Face: the standard deviation of every weight, whatever the width; biases are 0
      {torch, {"initializer_range", "init_std"}, {{"std"}},
       [](Given given, Layers layers) { return without_biases(normal_of(positive_argument(given, "std"), layers)); }}};
}

Rows keras_rows() {
  constexpr Framework keras = Framework::keras;
  return {
      {keras, {"glorot_uniform", "GlorotUniform"}, {}, scaled<uniform, 1>},
      {keras, {"glorot_normal", "GlorotNormal"}, {}, scaled<truncated_normal, 1>},
      {keras, {"he_normal", "HeNormal"}, {}, scaled<truncated_normal, 2>},
      {keras, {"he_uniform", "HeUniform"}, {}, scaled<uniform, 2>},
      {keras, {"lecun_normal", "LecunNormal"}, {}, scaled<truncated_normal, 1>},
      {keras, {"lecun_uniform", "LecunUniform"}, {}, scaled<uniform, 1>},
      {keras, {"variance_scaling", "VarianceScaling"},
       {{"scale", 1.0}, {"mode", fan_in}, {"distribution", std::string_view("truncated_normal")}},
       // "normal" is the truncated one
       [](Given given, Layers) { return variance_scaling(given, "untruncated_normal", {"truncated_normal", "normal"}); }},
      {keras, {"random_normal", "RandomNormal", "normal"}, keras_mean_std, of_mean_std},
      {keras, {"random_uniform", "RandomUniform", "uniform"}, {{"minval", -0.05}, {"maxval", 0.05}},
       [](Given given, Layers layers) { return uniform_of(given.number("minval"), given.number("maxval"), layers); }},
      {keras, {"truncated_normal", "TruncatedNormal"}, keras_mean_std, keras_truncated},
      {keras, {"orthogonal", "Orthogonal", "OrthogonalInitializer"}, one_gain,
       [](Given given, Layers) { return xavier(given, orthogonal); }},
      {keras, {"Conv1D", "Conv2D", "Conv3D"}, {}, nullptr, convolution},
      {keras, {"Dense", "default"}, {{"units", 0.0}, {"activation", std::string_view()}},
       [](Given given, Layers layers) {
         check_units(given, "units", layers);
         return InitialWeights{uniform, 1, 0.0};
       }},
      // TensorFlow's own draws, and its first version's initializers
      {keras, {"tf.random.normal", "tf.random_normal"}, {{"mean", 0.0}, {"stddev", 1.0}}, of_mean_std},
      {keras, {"tf.random.truncated_normal", "tf.truncated_normal"}, {{"mean", 0.0}, {"stddev", 1.0}}, keras_truncated},
      {keras, {"tf.random.uniform", "tf.random_uniform"}, {{"minval", 0.0}, {"maxval", 1.0}},
       [](Given given, Layers layers) { return uniform_of(given.number("minval"), given.number("maxval"), layers); }},
      {keras, {"contrib.layers.xavier_initializer"}, {{"uniform", 1.0}},
       [](Given given, Layers) { return InitialWeights{given.number("uniform") == 0 ? truncated_normal : uniform, 1}; }},
      {keras, {"contrib.layers.variance_scaling_initializer"},
       {{"factor", 2.0}, {"mode", std::string_view("FAN_IN")}, {"uniform", 0.0}},
       [](Given given, Layers) {
         return InitialWeights{given.number("uniform") == 0 ? truncated_normal : uniform, positive_argument(given, "factor")};
       }},
      {keras, {"zeros", "Zeros", "zero"}, {}, nullptr, not_random},
      {keras, {"ones", "Ones", "one"}, {}, nullptr, not_random},
      {keras, {"constant", "Constant"}, {}, nullptr, not_random},
      {keras, {"identity", "Identity", "IdentityInitializer"}, {}, nullptr, one_matrix}};
}

Rows jax_rows() {
  constexpr Framework jax = Framework::jax;
  return {
      {jax, {"lecun_normal", "default_kernel_init"}, {}, scaled<truncated_normal, 1>},
      {jax, {"lecun_uniform"}, {}, scaled<uniform, 1>},
      {jax, {"he_normal", "kaiming_normal"}, {}, scaled<truncated_normal, 2>},
      {jax, {"he_uniform", "kaiming_uniform"}, {}, scaled<uniform, 2>},
      {jax, {"glorot_normal", "xavier_normal"}, {}, scaled<truncated_normal, 1>},
      {jax, {"glorot_uniform", "xavier_uniform"}, {}, scaled<uniform, 1>},
      {jax, {"variance_scaling"}, {{"scale"}, {"mode"}, {"distribution"}},
       [](Given given, Layers) { return variance_scaling(given, "normal", {"truncated_normal"}); }},
      {jax, {"normal"}, {{"stddev", 0.01}},
       [](Given given, Layers layers) { return normal_of(positive_argument(given, "stddev"), layers); }},
      {jax, {"truncated_normal"}, {{"stddev", 0.01}, {"lower", -2.0}, {"upper", 2.0}},
       [](Given given, Layers layers) {
         return cut_normal_of(positive_argument(given, "stddev"), given.number("lower"), given.number("upper"), layers);
       }},
      {jax, {"orthogonal"}, {{"scale", 1.0, "gain"}},
       [](Given given, Layers) { return InitialWeights{orthogonal, square_of(positive_argument(given, "scale"))}; }},
      // JAX' own draws; the first argument is a key
      {jax, {"random.normal", "jr.normal"}, {{"rng", std::string_view()}},
       [](Given, Layers layers) { return normal_of(1, layers); }},
      {jax, {"random.truncated_normal", "jr.truncated_normal"},
       {{"rng", std::string_view()}, {"lower", -2.0}, {"upper", 2.0}},
       [](Given given, Layers layers) { return cut_normal_of(1, given.number("lower"), given.number("upper"), layers); }},
      {jax, {"random.uniform", "jr.uniform"}, {{"rng", std::string_view()}, {"minval", 0.0}, {"maxval", 1.0}},
       [](Given given, Layers layers) { return uniform_of(given.number("minval"), given.number("maxval"), layers); }},
      // Flax
      {jax, {"Conv", "Conv1d", "Conv2d", "Conv3d"}, {}, nullptr, convolution},
      {jax, {"Dense", "default"}, {{"features", 0.0}},
       [](Given given, Layers layers) {
         check_units(given, "features", layers);
         return InitialWeights{truncated_normal, 1, 0.0};
       }},
      {jax, {"Linear"}, {{"in_features", 0.0}, {"out_features", 0.0}},
       [](Given given, Layers layers) {
         for (const std::string_view features : {"in_features", "out_features"}) check_units(given, features, layers);
         return InitialWeights{truncated_normal, 1, 0.0};
       }},
      // Haiku cuts a normal of std 1/sqrt(n), and nothing makes up for it; Equinox does as PyTorch
      {jax, {"hk.Linear", "haiku.Linear"}, {{"output_size", 0.0}},
       [](Given given, Layers layers) {
         check_units(given, "output_size", layers);
         return without_biases(cut_normal_of(1 / std::sqrt(static_cast<double>(layers.width)), -2, 2, layers));
       }},
      {jax, {"eqx.nn.Linear", "equinox.nn.Linear"}, {{"in_features", 0.0}, {"out_features", 0.0}, {"bias", 1.0, "use_bias"}},
       torch_linear},
      {jax, {"uniform"}, {{"scale", 0.01}}, nullptr,
       "draws from 0 to scale: its weights have a mean, here they have mean 0. A mean makes the signal grow like n, "
       "whatever the variance."},
      {jax, {"zeros", "zeros_init"}, {}, nullptr, not_random},
      {jax, {"ones", "ones_init"}, {}, nullptr, not_random},
      {jax, {"constant"}, {}, nullptr, not_random},
      {jax, {"delta_orthogonal"}, {}, nullptr, "is for convolutions; here layers are dense: orthogonal."}};
}
// clang-format on

}  // namespace

void BoundArguments::bind(std::string_view parameter, ArgumentValue value) {
  values_.emplace_back(parameter, std::move(value));
}

const ArgumentValue* BoundArguments::find(std::string_view parameter) const {
  const auto found = std::ranges::find_if(values_, [&](const auto& v) { return v.first == parameter; });
  return found == values_.end() ? nullptr : &found->second;
}

double BoundArguments::number(std::string_view parameter) const {
  const ArgumentValue* const value = find(parameter);
  VARPROP_EXPECT(value != nullptr);
  if (const double* const x = std::get_if<double>(value)) return *x;
  throw InputError(fmt::format("{} is to be a number, and \"{}\" is none that is known here.", parameter,
                               std::get<Word>(*value).text));
}

std::string BoundArguments::word(std::string_view parameter) const {
  const ArgumentValue* const value = find(parameter);
  VARPROP_EXPECT(value != nullptr);
  if (const Word* const word = std::get_if<Word>(value)) return word->text;
  throw InputError(fmt::format("{} is a word in quotes, no number.", parameter));
}

const std::vector<InitDeclaration>& init_declarations() {
  static const Rows all = [] {
    Rows rows = torch_rows();
    for (const Rows& more : {keras_rows(), jax_rows()}) rows.insert(rows.end(), more.begin(), more.end());
    return rows;
  }();
  return all;
}

double calculate_gain(std::string_view nonlinearity, std::optional<double> parameter) {
  const std::vector<std::string> known{"linear",
                                       "sigmoid",
                                       "tanh",
                                       "relu",
                                       "leaky_relu",
                                       "selu",
                                       "conv1d",
                                       "conv2d",
                                       "conv3d",
                                       "conv_transpose1d",
                                       "conv_transpose2d",
                                       "conv_transpose3d"};
  const std::string word(nonlinearity);
  const bool another = is_activation(word) && std::ranges::find(known, word) == known.end();
  validate(!another, fmt::format("unknown nonlinearity \"{}\": PyTorch has no gain for it. Known: {}.", word,
                                 join(known)));
  check_word(word, "nonlinearity", known);
  if (nonlinearity == "tanh") return 5.0 / 3;
  if (nonlinearity == "relu") return std::numbers::sqrt2;
  if (nonlinearity == "leaky_relu") return std::sqrt(2 / (1 + square_of(parameter.value_or(0.01))));
  return nonlinearity == "selu" ? 0.75 : 1;
}

}  // namespace varprop::driver
