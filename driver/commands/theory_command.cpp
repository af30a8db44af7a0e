// `varprop theory`.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <type_traits>

#include "core/errors.hpp"
#include "core/text/words.hpp"
#include "driver/command_line/command_line.hpp"
#include "driver/commands/commands.hpp"
#include "driver/commands/options.hpp"
#include "driver/sweep_file/axis_values.hpp"
#include "driver/sweep_file/numbers.hpp"
#include "driver/sweep_file/presets.hpp"
#include "driver/theory/edge_of_chaos.hpp"
#include "driver/theory/network_page.hpp"
#include "driver/theory/theory_page.hpp"

namespace varprop::driver {

namespace {

constexpr const char* theory_footer =
    "Predicts, without simulating, what random networks of this kind do: where the\n"
    "signal's variance settles (q_star), whether the gradient vanishes or explodes\n"
    "(chi below or above 1), over how many layers (xi_q, xi_c), and which weight\n"
    "variance would hold it. With --width also what finite networks add; with\n"
    "--depth the variances layer by layer, whether networks of that depth are stable\n"
    "by F = 100, and what would hold them. What does not exist says why.\n"
    "Formulas and their ranges: docs/theory.md.\n"
    "\n"
    "With --block, and the axes that blocks use, the network has a residual stream:\n"
    "then --depth is needed, and signal, gradient and correlations are followed block\n"
    "by block at infinite width, with the nearest branch scale that holds that depth.\n"
    "With --norm, --keep or --shape alone its layers are plain, likewise.\n"
    "--preset gives the values of a recipe (docs/networks.md) for what is not given.\n"
    "\n"
    "Examples:\n"
    "  varprop theory --activation relu --weight-variance he --width 64 --depth 50\n"
    "  varprop theory --activation gelu --curve --range 0:0.3:13\n"
    "  varprop theory --activation tanh --weight-variance 1.5 --bias-variance 0.05\n"
    "  varprop theory --block mlp --activation gelu --weight-variance 1 --depth 24\n"
    "  varprop theory --preset gpt2 --width 768 --depth 12 --heads 12 --tokens 8";

/// Beyond them fixed points could leave the range in which V is tabulated.
constexpr double smallest_variance = 1e-300, largest_variance = 1e300;

double parse_correlation(const std::string& text) {
  const auto number = parse_number(text);
  validate(number && *number >= -1 && *number <= 1, "a correlation is a number from -1 to 1.");
  return *number;
}

/// FROM:TO:COUNT, evenly spaced, ends included.
std::vector<double> parse_range(const std::string& text) {
  constexpr const char* allowed =
      "a range is FROM:TO:COUNT, such as 0:1:21, with 0 <= FROM < TO and COUNT from 2 to 1000.";
  const auto first = text.find(':'), second = text.find(':', first + 1);
  validate(first != std::string::npos && second != std::string::npos, allowed);
  const auto from = parse_number(text.substr(0, first));
  const auto to = parse_number(text.substr(first + 1, second - first - 1));
  const auto count = parse_number(text.substr(second + 1));
  validate(from && to && count && *from >= 0 && *to > *from && *to <= largest_variance, allowed);
  validate((Limits{.low = 2, .high = 1000, .whole = true}.contain(*count)), allowed);
  return evenly_spaced(*from + 0.0, *to, static_cast<std::int64_t>(*count));  // −0 becomes 0
}

VarianceScaling scaling_of(const TheoryOptions& options) {
  return options.variance_scaling.value_or(VarianceScaling::fan_in);
}

/// A number within the axis's limits, or one of its names, where the scaling has them.
template <class T>
double parse_variance(const std::string& option, const std::string& text, const TheoryOptions& options) {
  const std::string place = option + " " + text + ": ";
  if (const auto number = parse_number(text)) {
    validate(limits_of<T>.contain(*number), place + "allowed is " + AxisReader<T>::allowed() + ".");
    const bool within = *number == 0 || (*number >= smallest_variance && *number <= largest_variance);
    validate(within, place + "theory is computed for variances from 1e-300 to 1e300.");
    return *number + 0.0;  // −0 becomes 0
  }
  validate(!beyond_doubles(text), place +
                                      "this number is out of range. Theory is computed for variances from "
                                      "1e-300 to 1e300.");
  const NamedValue* const named = named_value<T>(text);
  const auto answer = named == nullptr ? initializer_in_our_words(text) : std::nullopt;
  validate(!answer, place + answer.value_or(""));
  validate(named != nullptr, place + "unknown name." + suggestion(text, value_names<T>()) + " Allowed is " +
                                 AxisReader<T>::allowed() + ".");
  const bool unscaled = std::is_same_v<T, WeightVariance> && scaling_of(options) == VarianceScaling::none;
  validate(!unscaled,
           place + "names are times fan-in; with --variance-scaling none a weight variance is a number.");
  if (named->fan != NamedFan::bias_over_in || options.bias_scaling == BiasScaling::fan_in)
    return named->value;
  validate(options.width.has_value(),
           place + fmt::format("this is {}/n, so --width is needed.", shortest(named->value)));
  return named->value / static_cast<double>(*options.width);
}

EdgeQuery edge_query(const TheoryOptions& options, const Activation& activation) {
  validate(options.weight_variance.empty(), "--curve finds weight variances: it takes no --weight-variance.");
  validate(options.bias_variance.empty(),
           "--curve takes bias variances by --range FROM:TO:COUNT, no --bias-variance.");
  validate(!options.depth, "--curve is of networks of any depth: it takes no --depth.");
  validate(options.coordinates.empty(), "--curve is of plain layers of one width: it takes no newer axis.");
  validate(!options.input_correlation, "--curve follows no inputs: it takes no --input-correlation.");
  validate(options.preset.empty(), "--curve is of plain layers of one width: it takes no --preset.");
  validate(options.bias_scaling == BiasScaling::none,
           "--curve takes the variances of biases themselves: it takes no --bias-scaling fan_in.");
  validate(scaling_of(options) != VarianceScaling::none,
           "--curve finds weight variances times fan-in: it takes no --variance-scaling none.");
  const std::vector<double> usual{0, .001, .002, .005, .01, .02, .05, .1, .2, .5, 1};
  return {activation, options.weights, options.bias_variances.empty() ? usual : options.bias_variances,
          options.width, options.input_mean_square.value_or(1)};
}

/// σ_w² times fan-in and q_1, which are products of what was typed.
void validate_range(const TheoryQuery& query) {
  const double weight = query.variances().weight;
  for (const double x : {weight, weight * query.input_mean_square}) {
    validate(x >= smallest_variance && x <= largest_variance,
             "theory is computed for weight variances, times n and times the mean square of the input, from "
             "1e-300 to 1e300.");
  }
}

TheoryQuery point_query(const TheoryOptions& options, const Activation& activation) {
  validate(!options.weight_variance.empty(),
           "--weight-variance is required (or --preset, or --curve). See varprop theory --help.");
  validate(options.bias_variances.empty(), "--range is for --curve.");
  validate(!options.input_correlation || options.depth, "--input-correlation needs --depth.");
  validate(scaling_of(options) != VarianceScaling::none || options.width,
           "--variance-scaling none: the variance of a weight is times n for theory, so --width is needed.");
  validate(options.bias_scaling == BiasScaling::none || options.width,
           "--bias-scaling fan_in: the variance of a bias is over n, so --width is needed.");
  const TheoryQuery query{
      .activation = activation,
      .weights = options.weights,
      .weight_variance =
          parse_variance<WeightVariance>("--weight-variance", options.weight_variance, options),
      .bias_variance = options.bias_variance.empty()
                           ? 0.0
                           : parse_variance<BiasVariance>("--bias-variance", options.bias_variance, options),
      .width = options.width,
      .depth = options.depth,
      .input_correlation = options.input_correlation,
      .variance_scaling = scaling_of(options),
      .input_mean_square = options.input_mean_square.value_or(1),
      .bias_scaling = options.bias_scaling};
  validate_range(query);
  return query;
}

/// Whether the point is off the default of some newer axis.
bool is_newer(const Point& point) {
  bool newer = false;
  for_each_axis([&](const auto& axis) {
    newer = newer || (!is_first(axis) && !goes_without_saying(axis, point.*axis.value));
  });
  return newer;
}

/// Networks of infinite width are as wide as this where a width must be.
std::int64_t any_width(const Point& point) {
  constexpr std::int64_t wide = 1 << 16;
  const std::int64_t heads = point.heads.value();
  return heads * std::max<std::int64_t>(1, wide / heads);
}

/// The point that the options say, at some width where none is given.
NetworkQuery network_query(const TheoryOptions& options, const TheoryQuery& plain, Point point) {
  validate(plain.depth.has_value(), "--depth is needed: these networks are followed from layer to layer.");
  const bool of_a_width = options.attention_scale == AttentionScale::linear || point.shape != Shape() ||
                          point.input_width != InputWidth(0) || point.output_width != OutputWidth(0);
  validate(plain.width || !of_a_width,
           "--width is needed: unequal widths, and logits over the neurons of a head, depend on it.");
  point.width = Width(plain.width.value_or(any_width(point)));
  NetworkSettings settings;
  settings.variance_scaling = plain.variance_scaling;
  settings.input_mean_square = plain.input_mean_square;
  settings.bias_scaling = plain.bias_scaling;
  settings.attention_scale = options.attention_scale;
  settings.attention_mask = options.attention_mask.value_or(AttentionMask::none);
  if (point.tokens.value() > 1)
    settings.token_correlation = plain.input_correlation.value_or(settings.token_correlation);
  else
    settings.input_correlation = plain.input_correlation;
  return {point, settings, plain.width.has_value()};
}

Point point_of(const TheoryOptions& options, const TheoryQuery& plain) {
  Point point{plain.activation,
              plain.weights,
              WeightVariance(plain.weight_variance),
              BiasVariance(plain.bias_variance),
              Width(plain.width.value_or(1)),
              Depth(plain.depth.value_or(1))};
  for (const auto& set : options.coordinates) set(point);
  validate(has_stream(point.block) || options.of_blocks.empty(),
           join(options.of_blocks) +
               ": plain layers have none; --block says what a layer is (residual, mlp, "
               "glu, attention, transformer, transformer_glu).");
  return point;
}

/// A coordinate as it is written: a word, a whole or real number within the axis's limits, a shape.
template <class T>
T parse_coordinate(const std::string& text) {
  if constexpr (std::is_enum_v<T>) {
    return choice_of<T>(text);
  } else if constexpr (NumericCoordinate<T>) {
    return T(static_cast<typename T::value_type>(parse_within(text, limits_of<T>)));
  } else {
    return T::parse(text);
  }
}

/// --block B, --branch-scale X, …: an option for every newer axis.
void add_newer_axes(Command& command, TheoryOptions& options) {
  for_each_axis([&](const auto& axis) {
    if (is_first(axis)) return;
    using T = typename std::remove_cvref_t<decltype(axis)>::value_type;
    std::string name = "--" + std::string(axis.name);
    std::ranges::replace(name, '_', '-');
    const auto take = [&options, axis, name, member = axis.value](const std::string& text) {
      if (!is_used_by(Block::plain, axis)) options.of_blocks.push_back(name);
      options.coordinates.push_back(
          [member, value = parse_coordinate<T>(text)](Point& point) { point.*member = value; });
    };
    Argument& option = command.option(name, "X", std::string(axis.meaning), take);
    if constexpr (std::is_enum_v<T>) option.offer(words_of<T>());
  });
}

std::optional<Preset> preset_of(const TheoryOptions& options) {
  if (options.preset.empty()) return std::nullopt;
  const Preset* const preset = find_preset(options.preset);
  validate(preset != nullptr, "--preset " + options.preset + ": unknown name." +
                                  suggestion(options.preset, preset_names()) + " Allowed is " +
                                  join(preset_names()) + ".");
  validate(options.depth.has_value(), "--preset needs --depth: its networks are followed layer by layer.");
  return *preset;
}

/// The options with the preset's values for what is not given.
TheoryOptions with_preset(TheoryOptions options) {
  const auto preset = preset_of(options);
  if (!preset) return options;
  const auto [point, settings] = network_of(*preset, *options.depth);
  if (options.activation.empty()) options.activation = point.activation.text();
  if (options.weight_variance.empty()) options.weight_variance = shortest(point.weight_variance.value());
  if (!options.variance_scaling) options.variance_scaling = settings.variance_scaling;
  if (!options.input_mean_square) options.input_mean_square = settings.input_mean_square;
  if (!options.attention_mask) options.attention_mask = settings.attention_mask;
  options.coordinates.insert(options.coordinates.begin(), [recipe = point](Point& here) {
    for_each_axis([&](const auto& axis) {
      if (!is_first(axis)) here.*axis.value = recipe.*axis.value;
    });
  });
  return options;
}

void add_settings(Command& command, TheoryOptions& options) {
  add_choice_option(command, "--variance-scaling", "S", options.variance_scaling,
                    "fan_in, or none: X is Var W itself");
  add_choice_option(command, "--bias-scaling", "S", options.bias_scaling,
                    "none, or fan_in: Y is over fan-in");
  command.option("--input-mean-square", "M", "mean square of the input x (1)",
                 parsed(options.input_mean_square, parse_input_mean_square));
}

void add_point_options(Command& command, TheoryOptions& options) {
  command.option("--preset", "P", "the values of a recipe, for what is not given", into(options.preset))
      .offer(preset_names());
  add_activation_option(command, options.activation);
  command
      .option("--weight-variance", "X", "times fan-in; or he, lecun, glorot, torch",
              into(options.weight_variance))
      .offer(value_names<WeightVariance>());
  command.option("--bias-variance", "Y", "a number (0), or torch", into(options.bias_variance))
      .offer(value_names<BiasVariance>());
  add_choice_option(command, "--weights", "W", options.weights, "gaussian, or another (orthogonal)");
  add_settings(command, options);
  add_newer_axes(command, options);
  add_choice_option(command, "--attention-mask", "M", options.attention_mask,
                    "none, or causal: a query sees keys up to its own");
  add_choice_option(command, "--attention-scale", "S", options.attention_scale,
                    "sqrt, or linear: what logits are divided by");
}

}  // namespace

Command theory_command() {
  const auto options = std::make_shared<TheoryOptions>();
  Command command("theory", "Predicts a point without simulating it.",
                  "varprop theory --activation A --weight-variance X [options]");
  add_point_options(command, *options);
  command.option("--width", "N", "neurons in every layer", parsed(options->width, parse_whole<Width>));
  command.option("--depth", "L", "layers of weights", parsed(options->depth, parse_whole<Depth>));
  command.option("--input-correlation", "C", "follow two inputs through --depth",
                 parsed(options->input_correlation, parse_correlation));
  command.flag("--curve", "the edge of chaos: every chi = 1", options->curve);
  command.option("--range", "R", "bias variances of --curve, FROM:TO:COUNT",
                 parsed(options->bias_variances, parse_range));
  command.flag("--json", "one JSON object, for programs", options->json);
  command.footer = theory_footer;
  command.run = [options] { return run_theory(*options); };
  return command;
}

ExitCode run_theory(const TheoryOptions& given) {
  if (!speaks()) return ExitCode::complete;
  const TheoryOptions options = given.curve ? given : with_preset(given);
  validate(!options.activation.empty(), "--activation is required (or --preset). See varprop theory --help.");
  const Activation activation = parse_activation(options.activation);
  if (options.curve) {
    const EdgeOfChaos edge = edge_of_chaos(edge_query(options, activation));
    print_out(options.json ? edge_json(edge) : edge_page(edge));
  } else {
    const TheoryQuery query = point_query(options, activation);
    const Point point = point_of(options, query);
    if (is_newer(point)) {
      const NetworkPrediction prediction = predict_network(network_query(options, query, point));
      print_out(options.json ? network_json(prediction) : network_page(prediction));
      return ExitCode::complete;
    }
    const Prediction prediction = predict_point(query);
    print_out(options.json ? theory_json(prediction) : theory_page(prediction));
  }
  return ExitCode::complete;
}

}  // namespace varprop::driver
