// The measured numbers for programs.
#pragma once

#include <string>

#include "driver/explain/explanation.hpp"

namespace varprop {

/// One object: seed, width, and `numbers`, an array of objects with chapter, name, measured, standard_error,
/// exact, samples, test and p_value. Numbers are rounded to twelve digits, within which they are the same on
/// every machine.
std::string explanation_json(const Explanation& explanation);

}  // namespace varprop
