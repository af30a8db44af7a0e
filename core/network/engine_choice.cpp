#include "core/network/engine_choice.hpp"

#include <algorithm>
#include <array>

namespace varprop {

namespace {

using Obstacle = std::optional<std::string>;

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

Obstacle radial_needs(const Point& point, const NetworkSettings& settings) {
  if (point.weights != WeightDistribution::gaussian) {
    return "needs gaussian weights, not " + std::string(word_of(point.weights));
  }
  if (!point.activation.facts().homogeneous()) {
    return "needs an activation of two straight lines, such as relu, not " + point.activation.text();
  }
  if (settings.input_correlation) return "simulates one input, and the correlation needs two";
  return std::nullopt;
}

Obstacle conditional_needs(const Point& point, const NetworkSettings&) {
  if (point.weights == WeightDistribution::gaussian || point.weights == WeightDistribution::orthogonal)
    return std::nullopt;
  return "needs gaussian or orthogonal weights, not " + std::string(word_of(point.weights));
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
  if (point.width.value() <= largest) return std::nullopt;
  return "can hold at most " + std::to_string(largest) + " neurons a layer" +
         (orthogonal ? " with orthogonal weights" : "");
}

/// In the order in which `automatic` takes the first.
constexpr std::array engine_rules{EngineRule{Engine::radial, radial_needs, no_obstacle},
                                  EngineRule{Engine::conditional, conditional_needs, conditional_width},
                                  EngineRule{Engine::dense, no_obstacle, dense_width}};

/// Whatever the engine: on a line there are no two directions of cosine c_0.
Obstacle obstacle_on_a_line(const Point& point, const NetworkSettings& settings) {
  const double c_0 = settings.input_correlation.value_or(1);
  if (point.width.value() != 1 || c_0 == 1 || c_0 == -1) return std::nullopt;
  return "has no two inputs of correlation " + shortest(c_0) + " in networks of width 1, only of 1 or -1";
}

}  // namespace

std::optional<std::string> obstacle(Engine engine, const Point& point, const NetworkSettings& settings) {
  const auto rule = std::ranges::find(engine_rules, engine, &EngineRule::engine);
  if (rule != engine_rules.end()) {
    if (auto reason = rule->of_kind(point, settings)) return reason;
  }
  if (auto reason = obstacle_on_a_line(point, settings)) return reason;
  return rule != engine_rules.end() ? rule->of_width(point, settings) : std::nullopt;
}

Engine resolve_engine(const Point& point, const NetworkSettings& settings) {
  if (settings.engine != Engine::automatic) return settings.engine;
  const auto able = std::ranges::find_if(
      engine_rules, [&](const EngineRule& rule) { return !rule.of_kind(point, settings); });
  return able != engine_rules.end() ? able->engine : Engine::dense;
}

}  // namespace varprop
