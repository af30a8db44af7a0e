// What every page says before the first chapter and after the last.
#pragma once

#include <string>

#include "driver/explain/explanation.hpp"

namespace varprop {

/// The question, and what it is answered with.
std::string opening_words(const Explanation& explanation);

/// How well the measured numbers agree with the exact ones, all together.
std::string closing_words(const Explanation& explanation);

}  // namespace varprop
