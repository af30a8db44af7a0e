#include "core/point/engines.hpp"

namespace varprop {

namespace {

/// What, apart from the width, keeps an engine from simulating a point: the choice must not depend on the
/// width, since a file has one engine for each activation and weight distribution.
std::optional<std::string> obstacle_at_any_width(Engine engine, const Point& point,
                                                 const Ensemble& ensemble) {
  const bool gaussian = point.weights == Weights::gaussian;
  if (engine == Engine::conditional && !gaussian && point.weights != Weights::orthogonal) {
    return "needs gaussian or orthogonal weights, not " + std::string(word_of(point.weights));
  }
  if (engine != Engine::radial) return std::nullopt;
  if (!gaussian) {
    return "needs gaussian weights, not " + std::string(word_of(point.weights));
  }
  if (!point.activation.facts().homogeneous()) {
    return "needs an activation of two straight lines, such as relu, not " + point.activation.text();
  }
  if (ensemble.input_correlation) return "simulates one input, and the correlation needs two";
  return std::nullopt;
}

/// Two inputs need room: on a line there are no two directions of cosine c_0, and two orthogonal images leave
/// at least two dimensions to the rest only from n = 4 on.
std::optional<std::string> obstacle_for_two_inputs(Engine engine, const Point& point, double correlation) {
  const std::int64_t n = point.width.value();
  if (n == 1 && correlation != 1 && correlation != -1) {
    return "has no two inputs of correlation " + shortest(correlation) +
           " in networks of width 1, only of 1 or -1";
  }
  if (engine == Engine::conditional && point.weights == Weights::orthogonal && n < 4) {
    return "needs a width of at least 4 for two inputs and orthogonal weights";
  }
  return std::nullopt;
}

std::optional<std::string> obstacle_in_width(Engine engine, const Point& point) {
  if (engine != Engine::dense) return std::nullopt;
  const bool orthogonal = point.weights == Weights::orthogonal;
  const std::int64_t largest = orthogonal ? largest_dense_orthogonal_width : largest_dense_width;
  if (point.width.value() <= largest) return std::nullopt;
  return "can hold at most " + std::to_string(largest) + " neurons a layer" +
         (orthogonal ? " with orthogonal weights" : "");
}

}  // namespace

std::optional<std::string> obstacle(Engine engine, const Point& point, const Ensemble& ensemble) {
  if (auto reason = obstacle_at_any_width(engine, point, ensemble)) return reason;
  if (ensemble.input_correlation) {
    if (auto reason = obstacle_for_two_inputs(engine, point, *ensemble.input_correlation)) return reason;
  }
  return obstacle_in_width(engine, point);
}

Engine resolve_engine(const Point& point, const Ensemble& ensemble) {
  if (ensemble.engine != Engine::automatic) return ensemble.engine;
  for (const Engine engine : {Engine::radial, Engine::conditional}) {
    if (!obstacle_at_any_width(engine, point, ensemble)) return engine;
  }
  return Engine::dense;
}

}  // namespace varprop
