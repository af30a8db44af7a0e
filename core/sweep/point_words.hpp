// A point as people name it.
#pragma once

#include <string>

#include "core/point/point.hpp"

namespace varprop {

/// "tanh, gaussian, weight_variance 2, bias_variance 0, width 64, depth 16": a value of every axis. For
/// pages; canonical_text() is what identifies a point.
std::string point_in_words(const Point& point);

}  // namespace varprop
