// Predicted values as JSON.
#pragma once

#include <string>
#include <vector>

#include "core/json.hpp"
#include "theory/critical_variance.hpp"
#include "theory/reasoned.hpp"

namespace varprop {

/// json[key] = the value; or null, and json[key + "_reason"] why.
void put_reasoned(Json& json, const std::string& key, const Reasoned<double>& value);

Json json_of(const std::vector<CriticalPoint>& points);

}  // namespace varprop
