#include "core/network/engine_choice.hpp"

#include <algorithm>
#include <array>

#include "core/network/stream.hpp"

namespace varprop {

namespace {

using Obstacle = std::optional<std::string>;

/// Calls f(n_l) for l = first … last; once where all are the width itself.
template <class F>
void for_each_width(const Point& point, std::int32_t first, std::int32_t last, F&& f) {
  for (std::int32_t l = first; l <= last; ++l) {
    f(layer_width(point, l));
    const bool constant = point.shape.constant() && 1 <= l && l < point.depth.value() - 1;
    if (constant) l = std::max(l, std::min(last, point.depth.value() - 1));
  }
}

std::int64_t widest_layer(const Point& point) {
  std::int64_t widest = 0;
  for_each_width(point, 0, point.depth.value(), [&](std::int64_t n) { widest = std::max(widest, n); });
  return widest;
}

/// The narrowest of the hidden layers; nothing where there is none.
std::optional<std::int64_t> narrowest_hidden_layer(const Point& point) {
  std::optional<std::int64_t> narrowest;
  for_each_width(point, 1, point.depth.value() - 1,
                 [&](std::int64_t n) { narrowest = std::min(n, narrowest.value_or(n)); });
  return narrowest;
}

/// What an engine can simulate. What it is made of, costs and holds in memory: workers/engines.hpp.
struct EngineRule {
  Engine engine;
  /// What keeps it from simulating the point, apart from widths and depths.
  Obstacle (*of_kind)(const Point&, const NetworkSettings&);
  /// What the width keeps it from.
  Obstacle (*of_width)(const Point&, const NetworkSettings&);
};

Obstacle no_obstacle(const Point&, const NetworkSettings&) {
  return std::nullopt;
}

/// What an engine needs that knows a stream by its length and angles: nothing but matrices and norms may
/// touch it, and of several tokens it knows nothing.
Obstacle stream_untouched_needed(const Point& point) {
  if (!has_stream(point.block)) return std::nullopt;
  if (point.block == Block::residual)
    return "simulates streams that matrices and norms alone touch, not residual blocks, whose activation "
           "acts on every neuron of theirs";
  if (point.tokens != Tokens(1)) return "simulates streams of one token";
  if (point.weights != WeightDistribution::gaussian)
    return "needs gaussian weights in blocks with a stream, not " + std::string(word_of(point.weights));
  return std::nullopt;
}

Obstacle radial_needs(const Point& point, const NetworkSettings& settings) {
  if (auto stream = stream_untouched_needed(point)) return stream;
  if (point.weights != WeightDistribution::gaussian) {
    return "needs gaussian weights, not " + std::string(word_of(point.weights));
  }
  if (has_glu(point.block)) return "has no gates: those of single neurons must be drawn";
  if (has_activation(point.block) && !point.activation.facts().homogeneous()) {
    return "needs an activation of two straight lines, such as relu, not " + point.activation.text();
  }
  if (settings.input_correlation) return "simulates one input, and the correlation needs two";
  if (!has_stream(point.block) && centres(point.norm)) {
    return "normalizes layers by their mean square, not by their mean too, as " +
           std::string(word_of(point.norm)) + " does";
  }
  return std::nullopt;
}

Obstacle conditional_needs(const Point& point, const NetworkSettings&) {
  if (auto stream = stream_untouched_needed(point)) return stream;
  if (point.weights == WeightDistribution::gaussian || point.weights == WeightDistribution::orthogonal)
    return std::nullopt;
  return "needs gaussian or orthogonal weights, not " + std::string(word_of(point.weights));
}

Obstacle gram_needs(const Point& point, const NetworkSettings&) {
  if (!has_attention(point.block))
    return "simulates attention and transformers, not " + std::string(word_of(point.block)) + " blocks";
  if (point.weights != WeightDistribution::gaussian)
    return "needs gaussian weights, not " + std::string(word_of(point.weights));
  if (point.tokens.value() < 2) return "simulates several tokens, not one";
  return std::nullopt;
}

Obstacle too_many_hidden_neurons(const Point& point) {
  const bool hidden = has_mlp(point.block) || has_glu(point.block);
  if (!hidden || hidden_width(point) <= largest_dense_width) return std::nullopt;
  return "can hold at most " + std::to_string(largest_dense_width) + " hidden neurons";
}

/// The stream does not count: T vectors have no more than T components.
Obstacle gram_width(const Point& point, const NetworkSettings&) {
  const std::int64_t T = point.tokens.value(), H = point.heads.value();
  const std::int64_t of_head = std::min(2 * T, point.width.value() / H);
  if (H * of_head > largest_dense_width)
    return "can hold at most " + std::to_string(largest_dense_width / of_head) + " heads of so many tokens";
  return too_many_hidden_neurons(point);
}

/// Plain networks of the first axes and norms and dropout go through its code as well.
Obstacle deferred_needs(const Point& point, const NetworkSettings& settings) {
  if (point.weights != WeightDistribution::gaussian)
    return "needs gaussian weights, not " + std::string(word_of(point.weights));
  if (!equal_widths(point)) return "simulates layers of one width";
  if (correlation_of_inputs(point, settings)) return "simulates one input, and the correlation needs two";
  return std::nullopt;
}

/// Of residual blocks no engine has two inputs.
Obstacle dense_needs(const Point& point, const NetworkSettings& settings) {
  const bool stream = has_stream(point.block) && point.block != Block::residual;
  if (stream && correlation_of_inputs(point, settings))
    return "simulates two inputs, which the correlation needs, through plain layers only";
  return std::nullopt;
}

Obstacle deferred_width(const Point& point, const NetworkSettings&) {
  if (point.width.value() <= largest_dense_width) return too_many_hidden_neurons(point);
  return "can hold at most " + std::to_string(largest_dense_width) + " neurons a layer";
}

/// Two orthogonal images leave at least two dimensions to the rest only from n = 4 on.
Obstacle conditional_width(const Point& point, const NetworkSettings& settings) {
  const bool few = settings.input_correlation && point.width.value() < 4;
  if (!few || point.weights != WeightDistribution::orthogonal) return std::nullopt;
  return "needs a width of at least 4 for two inputs and orthogonal weights";
}

Obstacle dense_width(const Point& point, const NetworkSettings&) {
  const bool orthogonal = point.weights == WeightDistribution::orthogonal;
  const std::int64_t largest = orthogonal ? largest_dense_orthogonal_width : largest_dense_width;
  if (widest_layer(point) <= largest) return too_many_hidden_neurons(point);
  return "can hold at most " + std::to_string(largest) + " neurons a layer" +
         (orthogonal ? " with orthogonal weights" : "");
}

/// In the order in which `automatic` takes the first.
constexpr std::array engine_rules{EngineRule{Engine::radial, radial_needs, no_obstacle},
                                  EngineRule{Engine::conditional, conditional_needs, conditional_width},
                                  EngineRule{Engine::gram, gram_needs, gram_width},
                                  EngineRule{Engine::deferred, deferred_needs, deferred_width},
                                  EngineRule{Engine::dense, dense_needs, dense_width}};

/// Whatever the engine: on a line there are no two directions of cosine c_0.
Obstacle obstacle_on_a_line(const Point& point, const NetworkSettings& settings) {
  const double c_0 = correlation_of_inputs(point, settings).value_or(1);
  if (point.width.value() != 1 || c_0 == 1 || c_0 == -1) return std::nullopt;
  return "has no two inputs of correlation " + shortest(c_0) + " in networks of width 1, only of 1 or -1";
}

/// Whatever the engine: the gradient of a norm of so few neurons is 0.
Obstacle obstacle_of_norm(const Point& point, const NetworkSettings&) {
  if (point.norm == Norm::none) return std::nullopt;
  const std::int64_t least = centres(point.norm) ? 3 : 2;
  const auto narrowest =
      has_stream(point.block) ? std::optional(point.width.value()) : narrowest_hidden_layer(point);
  if (!narrowest || *narrowest >= least) return std::nullopt;
  return "passes no gradient through norm \"" + std::string(word_of(point.norm)) + "\" of " +
         counted(*narrowest, "neuron") + ": at least " + std::to_string(least) + " a hidden layer are needed";
}

Obstacle obstacle_of_widths(const Point& point, const NetworkSettings&) {
  if (point.weights == WeightDistribution::orthogonal && !equal_widths(point))
    return "has orthogonal weights between layers of one width only, not with another shape, input_width or "
           "output_width";
  if (widest_layer(point) > largest_width)
    return "has layers of at most " + std::to_string(largest_width) +
           " neurons, and the shape makes wider ones";
  if ((has_mlp(point.block) || has_glu(point.block)) && hidden_width(point) > largest_width)
    return "has at most " + std::to_string(largest_width) + " hidden neurons, and hidden_ratio makes more";
  return std::nullopt;
}

/// Two streams are told as the first and the difference: a second much shorter than the first is lost in it,
/// as where signals are squared, and so is what masks of their own leave equal.
Obstacle obstacle_of_two_streams(const Point& point) {
  const bool squares = has_glu(point.block) || point.activation.facts().power == 2;
  if (point.width.value() < 2)
    return "simulates two inputs, which the correlation needs, in streams of at least 2 neurons";
  if (point.keep != Keep(1))
    return "simulates two inputs, which the correlation needs, in streams without dropout only";
  if (squares && point.norm == Norm::none)
    return "simulates two inputs, which the correlation needs, behind norms only where gates or relu2 square "
           "a signal";
  return std::nullopt;
}

/// Two inputs go through the networks of the first axes, and through streams of hidden neurons.
Obstacle obstacle_of_two_inputs(const Point& point, const NetworkSettings& settings) {
  if (!correlation_of_inputs(point, settings)) return std::nullopt;
  if (point.block == Block::residual)
    return "simulates two inputs, which the correlation needs, through streams that matrices and norms alone "
           "touch, not residual blocks, whose activation acts on every neuron of theirs";
  if (has_attention(point.block))
    return "simulates two inputs, which the correlation needs, through plain layers, mlp and glu blocks "
           "only; of attention's it has the correlation of tokens";
  if (has_stream(point.block)) return obstacle_of_two_streams(point);
  if (!equal_widths(point))
    return "simulates two inputs, which the correlation needs, in layers of one width only";
  if (point.norm != Norm::none)
    return "simulates two inputs, which the correlation needs, in plain layers without norms only";
  if (point.keep != Keep(1))
    return "simulates two inputs, which the correlation needs, in plain layers without dropout only";
  return std::nullopt;
}

/// A value that the block's equations have no place for.
Obstacle obstacle_of_block(const Point& point, const NetworkSettings& settings) {
  Obstacle unused;
  for_each_axis([&](const auto& axis) {
    const auto& value = point.*axis.value;
    if (unused || is_first(axis) || goes_without_saying(axis, value) || is_used_by(point.block, axis)) return;
    unused = "finds no " + std::string(axis.name) + " (" + coordinate_text(value) + ") in " +
             std::string(word_of(point.block)) +
             " layers; several [[grid]] tables give every block its own axes";
  });
  if (unused) return unused;
  if (point.bias_variance.value() == 0) return std::nullopt;
  if (!has_biases(point.block))
    return "finds no biases in " + std::string(word_of(point.block)) + " layers: bias_variance must be 0";
  return obstacle_of_bias_scaling(point, settings);
}

Obstacle obstacle_of_tokens(const Point& point, const NetworkSettings& settings) {
  const std::int64_t n = point.width.value(), H = point.heads.value(), T = point.tokens.value();
  if (n % H != 0) return "needs a number of heads that divides the width";
  if (T > n) return "needs at least as many neurons as tokens";
  if (T > 1 && settings.token_correlation < -1 / static_cast<double>(T - 1))
    return "has no " + std::to_string(T) + " tokens of cosine " + shortest(settings.token_correlation) +
           " to one another: at least -1/" + std::to_string(T - 1);
  return std::nullopt;
}

Obstacle obstacle_of_orthogonal_blocks(const Point& point, const NetworkSettings&) {
  if (point.weights != WeightDistribution::orthogonal || point.block == Block::plain) return std::nullopt;
  return "has orthogonal weights in plain layers only";
}

constexpr std::array obstacles_of_all{
    obstacle_of_block, obstacle_of_tokens, obstacle_of_orthogonal_blocks, obstacle_on_a_line,
    obstacle_of_norm,  obstacle_of_widths, obstacle_of_two_inputs};

}  // namespace

std::optional<std::string> obstacle_of_bias_scaling(const Point& point, const NetworkSettings& settings) {
  const bool unlike = has_mlp(point.block) && point.hidden_ratio != HiddenRatio(1);
  if (!unlike || point.bias_variance.value() == 0 || settings.bias_scaling == BiasScaling::none)
    return std::nullopt;
  return "has biases of one variance in a block, and bias_scaling = \"fan_in\" gives hidden layers of "
         "another "
         "width (hidden_ratio " +
         coordinate_text(point.hidden_ratio) + ") two; allowed are \"none\", hidden_ratio 1, or no biases";
}

std::optional<std::string> obstacle(Engine engine, const Point& point, const NetworkSettings& settings) {
  const auto rule = std::ranges::find(engine_rules, engine, &EngineRule::engine);
  if (rule != engine_rules.end()) {
    if (auto reason = rule->of_kind(point, settings)) return reason;
  }
  for (const auto of_all : obstacles_of_all) {
    if (auto reason = of_all(point, settings)) return reason;
  }
  return rule != engine_rules.end() ? rule->of_width(point, settings) : std::nullopt;
}

Engine resolve_engine(const Point& point, const NetworkSettings& settings) {
  if (settings.engine != Engine::automatic) return settings.engine;
  const auto able = std::ranges::find_if(
      engine_rules, [&](const EngineRule& rule) { return !rule.of_kind(point, settings); });
  return able != engine_rules.end() ? able->engine : Engine::dense;
}

}  // namespace varprop
