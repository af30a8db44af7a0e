#include "core/point/engines.hpp"

namespace varprop {

namespace {

/// What, apart from the width, keeps an engine from simulating a point: the choice must not depend on the
/// width, since a file has one engine for each activation and weight distribution.
std::optional<std::string> obstacle_at_any_width(Engine engine, const Point& point,
                                                 const Ensemble& ensemble) {
  const bool gaussian = point.weights == Weights::gaussian;
  if ((engine == Engine::conditional || engine == Engine::radial) && !gaussian) {
    return "needs gaussian weights, not " + std::string(word_of(point.weights));
  }
  if (engine != Engine::radial) return std::nullopt;
  if (!point.activation.facts().homogeneous()) {
    return "needs an activation of two straight lines, such as relu, not " + point.activation.text();
  }
  if (ensemble.input_correlation) return "simulates one input, and the correlation needs two";
  return std::nullopt;
}

}  // namespace

std::optional<std::string> obstacle(Engine engine, const Point& point, const Ensemble& ensemble) {
  if (auto reason = obstacle_at_any_width(engine, point, ensemble)) return reason;
  if (engine == Engine::dense && point.width.value() > largest_dense_width) {
    return "can hold at most " + std::to_string(largest_dense_width) + " neurons a layer";
  }
  return std::nullopt;
}

Engine resolve_engine(const Point& point, const Ensemble& ensemble) {
  if (ensemble.engine != Engine::automatic) return ensemble.engine;
  for (const Engine engine : {Engine::radial, Engine::conditional}) {
    if (!obstacle_at_any_width(engine, point, ensemble)) return engine;
  }
  return Engine::dense;
}

}  // namespace varprop
