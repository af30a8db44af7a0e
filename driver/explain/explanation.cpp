#include "driver/explain/explanation.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "core/errors.hpp"
#include "core/json.hpp"
#include "driver/explain/measurement.hpp"

namespace varprop::driver {

void Chapter::begin_table(std::vector<std::string> columns) {
  blocks_.emplace_back(Table{std::move(columns), {}});
}

void Chapter::add_row(std::vector<std::string> cells) {
  auto& table = std::get<Table>(blocks_.back());
  VARPROP_EXPECT(cells.size() == table.columns.size());
  table.rows.push_back(std::move(cells));
}

void Chapter::begin_measured_table(std::vector<std::string> labels, std::string what) {
  for (std::string& column : std::vector{std::move(what), std::string("error"), std::string("exact")}) {
    labels.push_back(std::move(column));
  }
  begin_table(std::move(labels));
}

void Chapter::add_measured_row(std::vector<std::string> labels, Measurement measurement) {
  for (std::string& text : measured_texts(measurement)) labels.push_back(std::move(text));
  add_row(std::move(labels));
  measurements_.push_back(std::move(measurement));
}

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

std::string opening_words(const Explanation& explanation) {
  std::string text = fmt::format(
      "Why must weights shrink when a network gets wider? Each answer below was simulated when this text "
      "was made (seed {}, width {}) and stands beside its exact value.",
      explanation.setting.seed, explanation.setting.width);
  if (explanation.setting.drawn_width() < explanation.setting.width) {
    text += fmt::format(" Chapters that draw every weight of a layer use width {}.",
                        explanation.setting.drawn_width());
  }
  return text;
}

std::string closing_words(const Explanation& explanation) {
  const auto measurements = measurements_of(explanation);
  const double p = smallest_p_value(measurements), M = static_cast<double>(measurements.size());
  const double share = -std::expm1(M * std::log1p(-p));  // 1 − (1 − p)^M
  return fmt::format(
      "{} numbers were measured. The p-value of the one that fits worst is {:.2g}: chance alone puts one of "
      "so many numbers as far off in about {:.2g} % of such pages.",
      measurements.size(), p, 100 * share);
}

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

}  // namespace varprop::driver
