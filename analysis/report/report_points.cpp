#include "analysis/report/report_points.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace varprop {

namespace {

constexpr std::size_t most_full_points = 20'000, most_exits = 300'000;

constexpr std::array main_columns{"batches_done",
                                  "regime",
                                  "cause",
                                  "nearest_stable_weight_variance",
                                  "forward_total",
                                  "backward_total",
                                  "backward_rate",
                                  "backward_share_in_range",
                                  "forward_regime",
                                  "backward_regime",
                                  "theory_backward_rate_n"};

const char* kind_text(PointColumn::Kind kind) {
  switch (kind) {
    case PointColumn::Kind::word:
      return "word";
    case PointColumn::Kind::number:
      return "number";
    case PointColumn::Kind::whole:
      break;
  }
  return "whole";
}

Json element(const PointColumn& column, const PointAnalysis& analysis) {
  const double x = column.value(analysis);
  if (std::isnan(x)) return nullptr;
  return column.kind == PointColumn::Kind::number ? rounded_json(x) : Json(std::llround(x));
}

void add_column(ReportPoints& table, const PointColumn& column, const PointGrid& grid,
                const GridChoice& report) {
  Json elements = Json::array();
  bool any = false;
  for (std::size_t k = 0; k < report.size(); ++k) {
    Json x = element(column, grid.at(report[k]));
    any = any || !x.is_null();
    elements.push_back(std::move(x));
  }
  if (!any) return;
  Json facts{{"name", column.name}, {"meaning", column.meaning}, {"kind", kind_text(column.kind)}};
  if (column.kind == PointColumn::Kind::word) facts["words"] = column.words;
  table.columns.push_back(std::move(facts));
  table.points[column.name] = std::move(elements);
}

/// The columns of format exits: what is lost to a format (0, infinity) before what is only less precise.
std::vector<const PointColumn*> exits_by_weight() {
  std::vector<const PointColumn*> exits;
  for (const PointColumn& column : point_columns()) {
    if (is_format_exit(column)) exits.push_back(&column);
  }
  std::stable_partition(exits.begin(), exits.end(), [](const PointColumn* column) {
    return column->name.find("_subnormal_") == std::string::npos;
  });
  return exits;
}

/// The columns of format exits that any point has, as many as there is room for, and their rows by point.
void add_exits(ReportPoints& table, const PointGrid& grid, const GridChoice& report) {
  std::vector<const PointColumn*> shown;
  std::size_t room = most_exits;
  for (const PointColumn* column : exits_by_weight()) {
    std::size_t rows = 0;
    for (std::size_t k = 0; k < report.size(); ++k) rows += !std::isnan(column->value(grid.at(report[k])));
    if (rows > room) {
      table.formats_left_out.push_back(column->name);
    } else if (rows > 0) {
      room -= rows;
      shown.push_back(column);
    }
  }
  Json columns = Json::array(), rows = Json::array();
  for (const PointColumn* column : shown)
    columns.push_back({{"name", column->name}, {"meaning", column->meaning}});
  for (std::size_t k = 0; k < report.size(); ++k) {
    for (std::size_t c = 0; c < shown.size(); ++c) {
      const double layer = shown[c]->value(grid.at(report[k]));
      if (!std::isnan(layer))
        rows.push_back(std::vector<std::int64_t>{static_cast<std::int64_t>(k), static_cast<std::int64_t>(c),
                                                 std::llround(layer)});
    }
  }
  table.format_exits = {{"columns", std::move(columns)}, {"rows", std::move(rows)}};
}

}  // namespace

bool is_format_exit(const PointColumn& column) {
  return column.name.ends_with("_layer");
}

bool is_main_column(const PointColumn& column) {
  return std::find(main_columns.begin(), main_columns.end(), column.name) != main_columns.end();
}

ReportPoints report_points(const PointGrid& grid, const GridChoice& report) {
  ReportPoints table;
  table.main_columns_only = report.size() > most_full_points;
  for (const PointColumn& column : point_columns()) {
    if (is_format_exit(column) || (table.main_columns_only && !is_main_column(column))) continue;
    add_column(table, column, grid, report);
  }
  add_exits(table, grid, report);
  return table;
}

}  // namespace varprop
