#include "driver/explain/pages/explanation_json.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "core/json.hpp"

namespace varprop {

namespace {

/// Libraries of mathematics differ in the last bits between machines; draws and engines do not.
double rounded(double x) {
  return std::strtod(fmt::format("{:.12g}", x).c_str(), nullptr);
}

Json json_of(const Chapter& chapter, const Measurement& m) {
  return {{"chapter", chapter.title()},      {"name", m.name},
          {"measured", rounded(m.measured)}, {"standard_error", rounded(m.standard_error)},
          {"exact", rounded(m.exact)},       {"samples", m.samples},
          {"test", word_of(m.test)},         {"p_value", rounded(m.p_value)}};
}

}  // namespace

std::string explanation_json(const Explanation& explanation) {
  Json json{
      {"seed", explanation.setting.seed}, {"width", explanation.setting.width}, {"numbers", Json::array()}};
  for (const Chapter& chapter : explanation.chapters) {
    for (const Measurement& measurement : chapter.measurements()) {
      json["numbers"].push_back(json_of(chapter, measurement));
    }
  }
  return json.dump(2);
}

}  // namespace varprop
