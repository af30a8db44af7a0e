#include "core/point/engines.hpp"

namespace varprop {

namespace {

/// What, apart from the width, keeps an engine from simulating a point: the choice must not depend on the
/// width, since a file has one engine for each activation and weight distribution.
std::optional<std::string> obstacle_at_any_width(Engine engine, const Point& point) {
  if (engine == Engine::conditional && point.weights != Weights::gaussian &&
      point.weights != Weights::orthogonal) {
    return "needs gaussian or orthogonal weights, not " + std::string(word_of(point.weights));
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> obstacle(Engine engine, const Point& point, const Ensemble&) {
  if (auto reason = obstacle_at_any_width(engine, point)) return reason;
  const bool orthogonal = point.weights == Weights::orthogonal;
  const std::int64_t largest = orthogonal ? largest_dense_orthogonal_width : largest_dense_width;
  if (engine == Engine::dense && point.width.value() > largest) {
    return "can hold at most " + std::to_string(largest) + " neurons a layer" +
           (orthogonal ? " with orthogonal weights" : "");
  }
  return std::nullopt;
}

Engine resolve_engine(const Point& point, const Ensemble& ensemble) {
  if (ensemble.engine != Engine::automatic) return ensemble.engine;
  return obstacle_at_any_width(Engine::conditional, point) ? Engine::dense : Engine::conditional;
}

}  // namespace varprop
