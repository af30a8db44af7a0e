// Numbers as a reader wants them: no more digits than are known.
#pragma once

#include <array>
#include <string>

#include "driver/explain/measurement.hpp"

namespace varprop {

/// Four significant digits.
std::string number_text(double x);

/// Measured, its standard error (two digits), and exact, all to the same decimal.
std::array<std::string, 3> measured_texts(const Measurement& measurement);

}  // namespace varprop
