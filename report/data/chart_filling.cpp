#include "report/data/chart_filling.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "report/data/drawn_profiles.hpp"
#include "report/data/sentences.hpp"

namespace varprop::report {

namespace {

constexpr std::size_t most_ticks = 24;
constexpr double capped_share = 0.95;
/// More cells than these along a side are too small to have outlines.
constexpr std::size_t most_outlined_columns = 100, most_outlined_lines = 50;
constexpr double outline_width = 0.6;

/// The size of rates that this share of the cells stays below, of changes where no cell has a rate; 1 where
/// there is neither.
double rate_cap(const ReportTable& cells, const std::string& quantity) {
  std::vector<double> sizes;
  for (const char* column : {"_rate", "_change"}) {
    if (!sizes.empty()) break;
    for (const Json& rate : cells.column(quantity + column)) {
      if (!rate.is_null()) sizes.push_back(std::abs(rate.get<double>()));
    }
  }
  if (sizes.empty()) return 1;
  const auto at =
      sizes.begin() + static_cast<std::ptrdiff_t>(capped_share * static_cast<double>(sizes.size() - 1));
  std::nth_element(sizes.begin(), at, sizes.end());
  return *at > 0 ? *at : 1;
}

Json domain_of(const ReportTable& cells, const std::string& side) {
  const auto extreme = [&](const std::string& column, bool largest) {
    const auto& values = cells.column(column);
    return largest ? *std::max_element(values.begin(), values.end())
                   : *std::min_element(values.begin(), values.end());
  };
  return {extreme(side + "_low", false), extreme(side + "_high", true)};
}

/// Different values of a column, in the order of their first rows.
Json choices_of(const ReportTable& table, const char* column) {
  Json choices = Json::array();
  std::set<std::string> seen;
  for (const Json& law : table.column(column)) {
    if (seen.insert(law.get<std::string>()).second) choices.push_back(law);
  }
  return choices;
}

void add_side(Placeholders& values, const std::string& side, const ReportAxis& axis,
              const ReportTable& cells) {
  values[side] = axis.name;
  values[side + "_label"] = axis.label;
  values[side + "_scale"] = axis.spacing == Spacing::log ? "log" : "linear";
  values[side + "_domain"] =
      cells.size() == 0 ? Json::array({axis.numbers.front(), axis.numbers.back()}) : domain_of(cells, side);
  values[side + "_ticks"] = axis.values.size() <= most_ticks ? Json(axis.values) : Json(nullptr);
}

/// The names of what a chart may be of, and the titles that it has then.
void add_choices(Placeholders& values, const std::string& chart, const std::vector<TitledChoice>& choices) {
  Json names = Json::array(), titles = Json::array();
  for (const auto& [name, title] : choices) {
    names.push_back(name);
    titles.push_back(title);
  }
  values[chart + "_choices"] = std::move(names);
  values[chart + "_titles"] = std::move(titles);
}

std::string as_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

/// "@NAME@" as its value, or the text with every @NAME@ in it replaced.
Json filled_text(const std::string& text, const Placeholders& values) {
  std::string filled;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t begin = text.find('@', at);
    const std::size_t end = begin == std::string::npos ? begin : text.find('@', begin + 1);
    if (end == std::string::npos) break;
    const auto value = values.find(text.substr(begin + 1, end - begin - 1));
    if (value == values.end()) {  // that @ begins nothing; the next one may
      filled += text.substr(at, end - at);
      at = end;
      continue;
    }
    if (begin == 0 && end + 1 == text.size()) return value->second;
    filled += text.substr(at, begin - at) + as_text(value->second);
    at = end + 1;
  }
  return filled + text.substr(std::min(at, text.size()));
}

/// Calls f for the elements of an array or the values of an object.
template <class Part, class F>
void for_each_within(Part& part, const F& f) {
  if (part.is_array()) {
    for (auto& element : part) f(element);
  } else if (part.is_object()) {
    for (auto& [name, value] : part.items()) f(value);
  }
}

/// Calls f(name) wherever a specification says {"data": {"name": …}}.
template <class F>
void for_each_table(const Json& part, const F& f) {
  if (part.contains("data") && part["data"].contains("name"))
    f(part["data"]["name"].template get<std::string>());
  for_each_within(part, [&](const Json& within) { for_each_table(within, f); });
}

bool shows_nothing(const Json& layer, const ReportTables& tables) {
  if (!layer.contains("data") || !layer["data"].contains("name")) return false;
  const auto table = tables.find(layer["data"]["name"].get<std::string>());
  return table != tables.end() && table->second.size() == 0;
}

void drop_empty_layers(Json& part, const ReportTables& tables) {
  if (part.contains("layer")) {
    Json kept = Json::array();
    for (const Json& layer : part["layer"]) {
      if (!shows_nothing(layer, tables)) kept.push_back(layer);
    }
    part["layer"] = std::move(kept);
  }
  for_each_within(part, [&](Json& within) { drop_empty_layers(within, tables); });
}

/// The values of an axis that every table has which knows the axis, or the first of them where points are
/// listed, of which theory's tables may lack some; empty where none does.
std::vector<Json> values_in(const ReportAxis& axis, const Json& spec, const ReportTables& tables,
                            bool listed) {
  std::vector<Json> common = axis.values;
  bool known = false;
  for (const std::string& name : tables_of(spec)) {
    const auto table = tables.find(name);
    if (table == tables.end()) continue;
    const auto& column = table->second.column(axis.name);
    const std::set<Json> present(column.begin(), column.end());
    if (present.empty() || present == std::set<Json>{nullptr}) continue;
    known = true;
    std::erase_if(common, [&](const Json& value) { return !present.contains(value); });
    if (listed) break;
  }
  return known ? common : std::vector<Json>{};
}

}  // namespace

Placeholders chart_placeholders(const Sweep& sweep, const std::vector<ReportAxis>& axes_,
                                const Picture& picture, const ReportTables& tables) {
  const ReportTable& cells = tables.at("cells");
  Placeholders values;
  add_side(values, "x", axes_[picture.x], cells);
  add_side(values, "y", axes_[picture.y], cells);
  const std::string quantity(word_of(picture.quantity));
  values["quantity"] = quantity;
  const QuantityWords words = quantity_words(picture.quantity);
  values["rate_title"] = words.noun + ": change of " + words.logarithm + " per layer";
  values["rate_cap"] = rounded_json(rate_cap(cells, quantity));
  const bool outlined = axes_[picture.x].values.size() <= most_outlined_columns &&
                        axes_[picture.y].values.size() <= most_outlined_lines;
  values["cell_outline"] = outlined ? outline_width : 0;
  add_choices(values, "profile", profile_choices(sweep));
  const auto profiled = std::ranges::find_if(
      sweep.measures, [](Quantity q) { return q != Quantity::ntk && q != Quantity::groups; });
  const auto maps = tables.find("maps");
  const Json map_choices = maps == tables.end() ? Json::array() : choices_of(maps->second, "map");
  values["map_choices"] = map_choices.empty() ? Json::array({"q"}) : map_choices;
  values["first_profile"] = profiled == sweep.measures.end() ? "forward" : word_of(*profiled);
  add_choices(values, "histogram", histogram_choices(sweep));
  for (const std::string law : {"depth_law", "width_law"}) {
    const Json choices = choices_of(tables.at(law + "s"), "law");
    values["first_" + law] = choices.empty() ? Json("") : choices[0];
    values[law + "_choices"] = choices;
  }
  return values;
}

namespace {

bool is_log_scale(const Json& spec) {
  return spec.is_object() && spec.contains("zero") && spec.contains("type") && spec["type"] == Json("log");
}

/// Logarithms have none, and Vega-Lite complains of one that is not there.
Json without_zero(const Json& scale) {
  Json kept = Json::object();
  for (const auto& [key, value] : scale.items()) {
    if (key != "zero") kept[key] = value;
  }
  return kept;
}

}  // namespace

Json with_placeholders(const Json& spec, const Placeholders& values) {
  if (spec.is_string()) return filled_text(spec.get<std::string>(), values);
  Json filled = spec;
  for_each_within(filled, [&](Json& within) { within = with_placeholders(within, values); });
  return is_log_scale(filled) ? without_zero(filled) : filled;
}

std::vector<std::string> tables_of(const Json& spec) {
  std::vector<std::string> names;
  for_each_table(spec, [&](const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  });
  return names;
}

Json filled_chart(const Json& chart_template, Placeholders values, const std::vector<ReportAxis>& axes_,
                  const ReportTables& tables, bool listed) {
  Json spec = with_placeholders(chart_template, values);
  drop_empty_layers(spec, tables);
  const Json shown = std::as_const(spec)["usermeta"]["shows"];
  std::string slice;
  Json selectors = Json::array();
  for (const ReportAxis& axis : axes_) {
    if (std::find(shown.begin(), shown.end(), Json(axis.name)) != shown.end()) continue;
    const auto options = values_in(axis, spec, tables, listed);
    if (options.size() < 2) continue;
    const std::string name = "slice_" + axis.name;
    selectors.push_back({{"name", name},
                         {"value", axis.words() ? options.front() : options[options.size() / 2]},
                         {"bind", {{"input", "select"}, {"options", options}, {"name", axis.label + " "}}}});
    slice += (slice.empty() ? "" : " && ") + ("(datum." + axis.name + " == null || datum." + axis.name) +
             " == " + name + ")";
  }
  if (!selectors.empty()) {
    Json& params = spec["params"];
    for (Json& selector : selectors) params.push_back(std::move(selector));
  }
  return with_placeholders(spec, {{"slice", slice.empty() ? "true" : slice}});
}

namespace {

/// What the page alone can show: layers of rows that a reader chooses there.
void drop_layers_of_the_page(Json& chart, const ReportTables& tables) {
  if (!chart.contains("layer")) return;
  Json kept = Json::array();
  for (const Json& layer : chart["layer"]) {
    const auto names = tables_of(layer);
    if (std::ranges::all_of(names, [&](const std::string& name) { return tables.contains(name); }))
      kept.push_back(layer);
  }
  chart["layer"] = std::move(kept);
}

}  // namespace

Json standalone_chart(Json chart, const ReportTables& tables, const Json& look) {
  drop_layers_of_the_page(chart, tables);
  Json datasets = Json::object();
  for (const std::string& name : tables_of(chart)) {
    const auto table = tables.find(name);
    if (table != tables.end()) datasets[name] = table->second.by_row();
  }
  if (!look.is_null()) chart["config"] = look;
  chart["datasets"] = std::move(datasets);
  return chart;
}

}  // namespace varprop::report
