// The whole explanation: every chapter, simulated there and then, with what stands before and after; and its
// numbers for programs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "driver/explain/chapter.hpp"

namespace varprop::driver {

struct Explanation {
  ExplainSetting setting;
  std::vector<Chapter> chapters;
};

/// Simulates all chapters, some seconds. The same setting gives the same numbers.
Explanation explain(const ExplainSetting& setting);

/// All measured numbers, in the order of the chapters.
std::vector<Measurement> measurements_of(const Explanation& explanation);

/// The smallest p-value among them, at least 1 number given.
double smallest_p_value(const std::vector<Measurement>& measurements);

/// The question, and what it is answered with.
std::string opening_words(const Explanation& explanation);

/// How well the measured numbers agree with the exact ones, all together.
std::string closing_words(const Explanation& explanation);

/// One object: seed, width, and `numbers`, an array of objects with chapter, name, measured, standard_error,
/// exact, samples, test and p_value. Numbers are rounded to twelve digits, within which they are the same on
/// every machine.
std::string explanation_json(const Explanation& explanation);

}  // namespace varprop::driver
