// The whole explanation: every chapter, simulated there and then.
#pragma once

#include <cstdint>
#include <vector>

#include "driver/explain/chapter.hpp"
#include "driver/explain/explain_setting.hpp"

namespace varprop {

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

}  // namespace varprop
