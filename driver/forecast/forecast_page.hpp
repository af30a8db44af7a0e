// A forecast for a person and for a program.
#pragma once

#include <string>

#include "driver/forecast/forecast.hpp"

namespace varprop {

/// Lines for a terminal, without the last line end.
std::string forecast_page(const Forecast& forecast);

/// One JSON object (docs/running.md names its keys).
std::string forecast_json(const Forecast& forecast);

}  // namespace varprop
