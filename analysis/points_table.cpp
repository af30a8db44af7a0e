#include "analysis/points_table.hpp"

#include "analysis/csv.hpp"
#include "core/sweep/axes.hpp"

namespace varprop {

namespace {

using OptionalDirection = std::optional<Direction> PointAnalysis::*;
constexpr OptionalDirection forward = &PointAnalysis::forward, backward = &PointAnalysis::backward;

std::string number(const std::optional<double>& x) {
  return x ? csv_number(*x) : "";
}
std::string word(const std::optional<Regime>& regime) {
  return regime ? std::string(word_of(*regime)) : "";
}

template <OptionalDirection direction>
std::string rate(const PointAnalysis& analysis) {
  const auto& measured = analysis.*direction;
  return measured && measured->rate ? csv_number(measured->rate->mean) : "";
}

template <OptionalDirection direction>
std::string rate_error(const PointAnalysis& analysis) {
  const auto& measured = analysis.*direction;
  return measured && measured->rate ? number(measured->rate->error) : "";
}

template <OptionalDirection direction>
std::string total(const PointAnalysis& analysis) {
  const auto& measured = analysis.*direction;
  return measured && measured->total ? csv_number(measured->total->mean) : "";
}

template <OptionalDirection direction>
std::string direction_regime(const PointAnalysis& analysis) {
  const auto& measured = analysis.*direction;
  return measured ? word(measured->regime) : "";
}

std::string theory_backward_rate(const PointAnalysis& analysis) {
  return analysis.theory.backward_rate ? csv_number(*analysis.theory.backward_rate) : "";
}

template <std::size_t i>
std::string coordinate(const PointAnalysis& analysis) {
  return coordinate_text(analysis.point.*std::get<i>(axes).value);
}

template <std::size_t... i>
void add_axes(std::vector<PointColumn>& columns, std::index_sequence<i...>) {
  (columns.push_back(
       {std::string(std::get<i>(axes).name), std::string(std::get<i>(axes).meaning), coordinate<i>}),
   ...);
}

std::vector<PointColumn> all_columns() {
  std::vector<PointColumn> columns;
  add_axes(columns, std::make_index_sequence<axis_count>());
  const std::vector<PointColumn> found{
      {"forward_rate", "change of <ln q> per layer going up, over the window", rate<forward>},
      {"forward_rate_error", "its standard error over batches", rate_error<forward>},
      {"backward_rate", "change of <ln g> per layer going down, over the window", rate<backward>},
      {"backward_rate_error", "its standard error over batches", rate_error<backward>},
      {"theory_backward_rate", "ln chi, infinite width", theory_backward_rate},
      {"forward_total", "<ln q_L> - <ln(|x|^2/n)>", total<forward>},
      {"backward_total", "<ln g_1>", total<backward>},
      {"forward_regime", "regime of q through the depth", direction_regime<forward>},
      {"backward_regime", "regime of g through the depth", direction_regime<backward>},
      {"regime", "the severer of the two",
       [](const PointAnalysis& analysis) { return word(analysis.regime); }},
  };
  columns.insert(columns.end(), found.begin(), found.end());
  return columns;
}

}  // namespace

const std::vector<PointColumn>& point_columns() {
  static const std::vector<PointColumn> columns = all_columns();
  return columns;
}

std::vector<std::string> point_header() {
  std::vector<std::string> names;
  for (const auto& column : point_columns()) names.push_back(column.name);
  return names;
}

std::vector<std::string> point_row(const PointAnalysis& analysis) {
  std::vector<std::string> fields;
  for (const auto& column : point_columns()) fields.push_back(column.field(analysis));
  return fields;
}

}  // namespace varprop
