// Which engine simulates a point: a fixed rule of the point, never of the machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/network/point.hpp"

namespace varprop {

inline constexpr std::int64_t largest_dense_width = std::int64_t{1} << 20;
/// Orthogonal matrices are made in O(n³) time: for checking the conditional engine, not for sweeps.
inline constexpr std::int64_t largest_dense_orthogonal_width = 256;

/// What keeps an engine from simulating a point, as the rest of a sentence that begins with the engine's name
/// ("needs gaussian or orthogonal weights, not rademacher"); nothing where it can.
std::optional<std::string> obstacle(Engine engine, const Point& point, const NetworkSettings& settings);

/// The same of bias_scaling, whatever the engine: "has biases of one variance in a block, …".
std::optional<std::string> obstacle_of_bias_scaling(const Point& point, const NetworkSettings& settings);

/// The engine that was asked for; for `automatic` the first in the table of engines.cpp that nothing but a
/// size keeps from simulating the point (dense where something keeps all). May depend on any axis, but of the
/// first ones (core/network/axes.hpp) on activation and weights only.
Engine resolve_engine(const Point& point, const NetworkSettings& settings);

}  // namespace varprop
