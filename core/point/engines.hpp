// Which engine simulates a point: a fixed rule of the point, never of the machine.
#pragma once

#include <optional>
#include <string>

#include "core/point/point.hpp"

namespace varprop {

/// What keeps an engine from simulating a point, as the rest of a sentence that begins with the engine's name
/// ("needs gaussian or orthogonal weights, not rademacher"); nothing where it can.
std::optional<std::string> obstacle(Engine engine, const Point& point, const Ensemble& ensemble);

/// The engine that was asked for; for `automatic` the first of radial, conditional, dense that nothing keeps
/// from simulating the point (dense where something keeps all three).
Engine resolve_engine(const Point& point, const Ensemble& ensemble);

}  // namespace varprop
