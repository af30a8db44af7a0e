#include "analysis/tables/tables.hpp"

namespace varprop::analysis {

namespace {

std::string number(const std::optional<double>& x) {
  return x ? csv_number(*x) : "";
}

struct LawColumn {
  std::string name;
  std::string meaning;
  std::string (*field)(const Law&);  ///< empty where it does not apply
  std::size_t axis = axis_count;     ///< of a coordinate

  bool stands(const AxisSet& along) const { return axis == axis_count || along[axis]; }
};

template <std::size_t i>
std::string coordinate(const Law& law) {
  return law.applies[i] ? coordinate_text(law.point.*std::get<i>(all_axes).value) : "";
}

template <std::size_t... i>
void add_axes(std::vector<LawColumn>& columns, std::index_sequence<i...>) {
  (columns.push_back({std::string(std::get<i>(all_axes).name), std::string(std::get<i>(all_axes).meaning),
                      coordinate<i>, i}),
   ...);
}

std::vector<LawColumn> all_law_columns() {
  std::vector<LawColumn> columns{
      {"law", "which law", [](const Law& law) { return std::string(word_of(law.law)); }},
      {"form", "the curve", [](const Law& law) { return std::string(law.form); }},
      {"parameter", "the curve's parameter that the row is about",
       [](const Law& law) { return std::string(law.parameter); }}};
  add_axes(columns, std::make_index_sequence<axis_count>());
  const std::vector<LawColumn> found{
      {"estimate", "the parameter from the data", [](const Law& law) { return number(law.estimate); }},
      {"low", "lower end of its 95 % interval",
       [](const Law& law) { return law.interval ? csv_number(law.interval->low) : ""; }},
      {"high", "upper end of its 95 % interval",
       [](const Law& law) { return law.interval ? csv_number(law.interval->high) : ""; }},
      {"theory", "what theory gives", [](const Law& law) { return number(law.theory); }},
      {"z", "distance of the estimate to theory as a normal deviate",
       [](const Law& law) { return number(law.z); }},
      {"points", "how many points, widths or layers were fitted",
       [](const Law& law) { return std::to_string(law.points); }},
      {"window_low", "smallest value of the law's variable",
       [](const Law& law) { return law.window ? csv_number(law.window->low) : ""; }},
      {"window_high", "largest value of the law's variable",
       [](const Law& law) { return law.window ? csv_number(law.window->high) : ""; }},
      {"goodness", "p-value of what the curve leaves behind",
       [](const Law& law) { return number(law.goodness); }},
      {"verdict", "holds, or refused: the reason", [](const Law& law) { return law.verdict(); }}};
  columns.insert(columns.end(), found.begin(), found.end());
  return columns;
}

const std::vector<LawColumn>& law_columns() {
  static const std::vector<LawColumn> columns = all_law_columns();
  return columns;
}

}  // namespace

std::vector<std::string> law_header(const AxisSet& along) {
  std::vector<std::string> names;
  for (const auto& column : law_columns()) {
    if (column.stands(along)) names.push_back(column.name);
  }
  return names;
}

std::vector<std::string> law_row(const Law& law, const AxisSet& along) {
  std::vector<std::string> fields;
  for (const auto& column : law_columns()) {
    if (column.stands(along)) fields.push_back(column.field(law));
  }
  return fields;
}

}  // namespace varprop::analysis
