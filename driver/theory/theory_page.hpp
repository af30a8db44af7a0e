// A prediction as a page for people and as a JSON object for programs.
#pragma once

#include <string>

#include "driver/theory/prediction.hpp"

namespace varprop {

/// A line a quantity, its value or the reason why there is none; then what it means.
std::string theory_page(const Prediction& prediction);

/// One object. A quantity that does not exist is null, and KEY_reason says why.
std::string theory_json(const Prediction& prediction);

}  // namespace varprop
