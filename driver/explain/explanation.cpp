#include "driver/explain/explanation.hpp"

#include <algorithm>

#include "core/contracts.hpp"
#include "driver/explain/chapters/chapters.hpp"

namespace varprop {

Explanation explain(const ExplainSetting& setting) {
  VARPROP_EXPECT(explained_widths.contain(static_cast<double>(setting.width)));
  Explanation explanation{setting, {}};
  for (const auto& tell : all_chapters) explanation.chapters.push_back(tell(setting));
  return explanation;
}

std::vector<Measurement> measurements_of(const Explanation& explanation) {
  std::vector<Measurement> all;
  for (const Chapter& chapter : explanation.chapters) {
    all.insert(all.end(), chapter.measurements().begin(), chapter.measurements().end());
  }
  return all;
}

double smallest_p_value(const std::vector<Measurement>& measurements) {
  const auto less = [](const Measurement& a, const Measurement& b) { return a.p_value < b.p_value; };
  return std::min_element(measurements.begin(), measurements.end(), less)->p_value;
}

}  // namespace varprop
