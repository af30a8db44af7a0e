// Predicted values as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "theory/critical_variance.hpp"
#include "theory/reasoned.hpp"

namespace varprop {

/// json[key] = the value; or null, and json[key + "_reason"] why.
void put_reasoned(nlohmann::ordered_json& json, const std::string& key, const Reasoned<double>& value);

nlohmann::ordered_json json_of(const std::vector<CriticalPoint>& points);

}  // namespace varprop
