// What a prediction means, in sentences.
#pragma once

#include <string>

#include "driver/theory/theory_page.hpp"

namespace varprop {

/// What becomes of the signal and of the gradient, how fast, and which weight variance would hold it.
std::string verdict(const Prediction& prediction);

}  // namespace varprop
