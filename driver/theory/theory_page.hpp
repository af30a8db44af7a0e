// What theory says of a point, each quantity with its key, as a page for people and as a JSON object for
// programs.
#pragma once

#include <string>
#include <vector>

#include "core/json.hpp"
#include "driver/theory/point_prediction.hpp"

namespace varprop::driver {

/// json[key] = the value; or null, and json[key + "_reason"] why.
void put_reasoned(Json& json, const std::string& key, const theory::ValueOrReason<double>& value);

Json json_of(const std::vector<theory::CriticalPoint>& points);

/// A line a quantity, its value or the reason why there is none; then what it means.
std::string theory_page(const Prediction& prediction);

/// One object. A quantity that does not exist is null, and KEY_reason says why.
std::string theory_json(const Prediction& prediction);

/// What becomes of the signal and of the gradient, how fast, and which weight variance would hold it.
std::string verdict(const Prediction& prediction);

}  // namespace varprop::driver
