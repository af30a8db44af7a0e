// `varprop init`.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

#include "core/errors.hpp"
#include "core/text/words.hpp"
#include "driver/command_line/command_line.hpp"
#include "driver/commands/commands.hpp"
#include "driver/commands/options.hpp"
#include "driver/init/init_page.hpp"
#include "driver/init/initializer_reading.hpp"
#include "driver/sweep_file/axis_values.hpp"

namespace varprop::driver {

namespace {

constexpr const char* init_footer =
    "Says which weight variance holds the signal and the gradient best through so\n"
    "many layers, and between which both stay within F = 100: as gain, as std, as\n"
    "bound, and as lines of PyTorch, Keras and JAX. With one of the choices (from\n"
    "--weight-variance to --jax) it says what that does, too. All layers are n x n,\n"
    "so fan_in = fan_out = n. Numbers may be expressions: 5/3, sqrt(2),\n"
    "1/sqrt(fan_in), 0.02/sqrt(2*12). From theory; where that does not reach, from\n"
    "a simulation of a second or two, and it says so. docs/initialization.md.\n"
    "\n"
    "Examples:\n"
    "  varprop init --activation gelu --width 1024 --depth 24\n"
    "  varprop init --activation tanh --width 1000 --depth 20 --gain 5/3\n"
    "  varprop init --activation relu --width 256 --depth 20 --torch nn.Linear\n"
    "  varprop init --activation relu --width 256 --depth 20 --keras he_normal\n"
    "  varprop init --activation gelu --width 768 --depth 12 --std 0.02";

constexpr double smallest_init = 1e-250, largest_init = 1e250;

/// A choice of the command line: its option, what was typed, and the σ_w² that it is.
struct NumberChoice {
  const char* option;
  std::string InitOptions::*text;
  const char* meaning;
  double (*weight_variance)(double x, double n);
};
constexpr std::array number_choices{
    NumberChoice{"--weight-variance", &InitOptions::weight_variance,
                 "times fan-in, or he, lecun, glorot, torch", [](double x, double) { return x; }},
    NumberChoice{"--gain", &InitOptions::gain, "gain of xavier_ or orthogonal_",
                 [](double x, double) { return x * x; }},
    NumberChoice{"--std", &InitOptions::std, "standard deviation of every weight",
                 [](double x, double n) { return n * x * x; }},
    NumberChoice{"--bound", &InitOptions::bound, "bound of uniform weights",
                 [](double x, double n) { return n * x * x / 3; }}};

struct FrameworkChoice {
  const char* option;
  std::string InitOptions::*text;
  const char* meaning;
  Framework framework;
};
constexpr std::array framework_choices{
    FrameworkChoice{"--torch", &InitOptions::torch, "of PyTorch, timm, Hugging Face", Framework::torch},
    FrameworkChoice{"--keras", &InitOptions::keras, "of Keras, such as he_normal", Framework::keras},
    FrameworkChoice{"--jax", &InitOptions::jax, "of JAX, Flax, such as lecun_normal", Framework::jax}};

/// What `read` throws, with the option and its text in front.
template <class Read>
auto of_option(const std::string& option, const std::string& text, Read read) {
  try {
    return read();
  } catch (const InputError& error) {
    throw InputError(fmt::format("{} \"{}\": {}", option, text, error.what()));
  }
}

void validate_init_range(double weight_variance) {
  validate(weight_variance >= smallest_init && weight_variance <= largest_init,
           "weight variances, times fan-in, are from 1e-250 to 1e250 here.");
}

/// A number, as an expression or by the name that sweep files have for it.
template <class T>
double number_or_name(const std::string& text, const SquareLayers& layers) {
  if (const NamedValue* const named = named_value<T>(text))
    return named->value / (named->fan == NamedFan::bias_over_in ? static_cast<double>(layers.width) : 1);
  return read_number_expression(text, vocabulary_of(layers));
}

/// An expression that is given is not empty.
std::string parse_expression(const std::string& text) {
  validate(text.find_first_not_of(" \t\n") != std::string::npos, "an expression is missing.");
  return text;
}

double bias_variance_of(const InitOptions& options, const SquareLayers& layers) {
  return of_option("--bias-variance", options.bias_variance, [&] {
    const double x = number_or_name<BiasVariance>(options.bias_variance, layers);
    validate(x == 0 || (x >= smallest_init && x <= largest_init),
             "a bias variance is 0 or a number from 1e-250 to 1e250.");
    return x;
  });
}

InitChoice read_choice(const NumberChoice& choice, const std::string& text, const SquareLayers& layers) {
  return of_option(choice.option, text, [&] {
    const double x = choice.text == &InitOptions::weight_variance
                         ? number_or_name<WeightVariance>(text, layers)
                         : read_number_expression(text, vocabulary_of(layers));
    validate(x > 0, "allowed are numbers above 0.");
    const double weight_variance = choice.weight_variance(x, static_cast<double>(layers.width));
    validate_init_range(weight_variance);
    return InitChoice{fmt::format("{} {}", choice.option, text), weight_variance, ""};
  });
}

void put_framework_choice(InitQuery& query, const InitOptions& options, const FrameworkChoice& choice,
                          const SquareLayers& layers) {
  const std::string& text = options.*choice.text;
  validate(!options.weights, fmt::format("--weights: {} says which law the weights have.", choice.option));
  const InitialWeights weights =
      of_option(choice.option, text, [&] { return read_initializer(choice.framework, text, layers); });
  of_option(choice.option, text, [&] { validate_init_range(weights.weight_variance); });
  query.weights = weights.law;
  if (weights.bias_variance && options.bias_variance.empty()) query.bias_variance = *weights.bias_variance;
  query.choice = InitChoice{fmt::format("{} {}", choice.option, text), weights.weight_variance, weights.note};
}

/// At most one choice may be given.
void validate_choices(const InitOptions& options) {
  std::vector<std::string> given;
  for (const NumberChoice& choice : number_choices) {
    if (!(options.*choice.text).empty()) given.emplace_back(choice.option);
  }
  for (const FrameworkChoice& choice : framework_choices) {
    if (!(options.*choice.text).empty()) given.emplace_back(choice.option);
  }
  validate(given.size() < 2, join(given, " and ") + ": one choice is judged at a time.");
}

InitQuery init_query(const InitOptions& options) {
  validate_choices(options);
  const SquareLayers layers{*options.width, *options.depth};
  InitQuery query{.activation = parse_activation(options.activation),
                  .weights = options.weights.value_or(WeightDistribution::gaussian),
                  .bias_variance = options.bias_variance.empty() ? 0.0 : bias_variance_of(options, layers),
                  .width = layers.width,
                  .depth = layers.depth,
                  .input_mean_square = options.input_mean_square};
  for (const NumberChoice& choice : number_choices) {
    if (!(options.*choice.text).empty()) query.choice = read_choice(choice, options.*choice.text, layers);
  }
  if (!options.bound.empty()) {
    validate(query.weights == WeightDistribution::uniform || !options.weights,
             "--weights: weights with a --bound are uniform.");
    query.weights = WeightDistribution::uniform;
  }
  for (const FrameworkChoice& choice : framework_choices) {
    if (!(options.*choice.text).empty()) put_framework_choice(query, options, choice, layers);
  }
  return query;
}

/// Two layers are the least with an activation between them.
int parse_init_depth(const std::string& text) {
  Limits limits = limits_of<Depth>;
  limits.low = 2;
  return static_cast<int>(parse_within(text, limits));
}

}  // namespace

Command init_command() {
  const auto options = std::make_shared<InitOptions>();
  Command command("init", "Names the initialization that holds a depth.",
                  "varprop init --activation A --width N --depth L [options]");
  add_activation_option(command, options->activation).required();
  command.option("--width", "N", "neurons in every layer", parsed(options->width, parse_whole<Width>))
      .required();
  command.option("--depth", "L", "layers of weights", parsed(options->depth, parse_init_depth)).required();
  command
      .option("--weights", "W", "gaussian, or another (uniform, orthogonal)",
              parsed(options->weights, choice_of<WeightDistribution>))
      .offer(words_of<WeightDistribution>());
  command
      .option("--bias-variance", "Y", "an expression (0), or torch",
              parsed(options->bias_variance, parse_expression))
      .offer(value_names<BiasVariance>());
  add_input_mean_square_option(command, options->input_mean_square);
  for (const NumberChoice& choice : number_choices)
    command.option(choice.option, "X", choice.meaning, parsed((*options).*choice.text, parse_expression));
  for (const FrameworkChoice& choice : framework_choices) {
    command
        .option(choice.option, "EXPRESSION", choice.meaning,
                parsed((*options).*choice.text, parse_expression))
        .offer(initializer_names(choice.framework));
  }
  command.flag("--json", "one JSON object, for programs", options->json);
  command.footer = init_footer;
  command.run = [options] { return run_init(*options); };
  return command;
}

ExitCode run_init(const InitOptions& options) {
  if (!speaks()) return ExitCode::complete;
  const InitAnswer answer = answer_to(init_query(options));
  print_out(options.json ? init_json(answer) : init_page(answer));
  return ExitCode::complete;
}

}  // namespace varprop::driver
