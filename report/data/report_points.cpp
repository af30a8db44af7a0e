#include "report/data/tables.hpp"

#include <algorithm>
#include <cmath>

#include "report/data/sentences.hpp"

namespace varprop::report {

namespace {

constexpr std::size_t most_full_points = 20'000, most_exits = 300'000;

const char* kind_text(analysis::PointColumn::Kind kind) {
  switch (kind) {
    case analysis::PointColumn::Kind::word:
      return "word";
    case analysis::PointColumn::Kind::number:
      return "number";
    case analysis::PointColumn::Kind::whole:
      break;
  }
  return "whole";
}

Json element(const analysis::PointColumn& column, const analysis::PointAnalysis& analysis) {
  const double x = column.value(analysis);
  if (std::isnan(x)) return nullptr;
  return column.kind == analysis::PointColumn::Kind::number ? rounded_json(x) : Json(std::llround(x));
}

void add_column(ReportPoints& table, const analysis::PointColumn& column, const analysis::PointGrid& grid,
                const GridChoice& report) {
  Json elements = Json::array();
  bool any = false;
  for (std::size_t k = 0; k < report.size(); ++k) {
    Json x = element(column, grid.at(report[k]));
    any = any || !x.is_null();
    elements.push_back(std::move(x));
  }
  if (!any) return;
  Json facts{{"name", column.name},
             {"label", column.label},
             {"meaning", column.meaning},
             {"kind", kind_text(column.kind)}};
  if (column.kind == analysis::PointColumn::Kind::word) facts["words"] = column.words;
  table.columns.push_back(std::move(facts));
  table.points[column.name] = std::move(elements);
}

/// The columns of format exits: what is lost to a format (0, infinity) before what is only less precise.
std::vector<const analysis::PointColumn*> exits_by_weight() {
  std::vector<const analysis::PointColumn*> exits;
  for (const analysis::PointColumn& column : analysis::point_columns()) {
    if (column.exit) exits.push_back(&column);
  }
  std::stable_partition(exits.begin(), exits.end(), [](const analysis::PointColumn* column) {
    return analysis::range_exits[column->exit->exit].exit != analysis::RangeExit::subnormal;
  });
  return exits;
}

/// The columns of format exits that any point has, as many as there is room for, and their rows by point.
void add_exits(ReportPoints& table, const analysis::PointGrid& grid, const GridChoice& report) {
  std::vector<const analysis::PointColumn*> shown;
  std::size_t room = most_exits;
  for (const analysis::PointColumn* column : exits_by_weight()) {
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
  for (const analysis::PointColumn* column : shown)
    columns.push_back({{"name", column->name},
                       {"meaning", column->meaning},
                       {"quantity", quantity_words(positive_quantities[column->exit->quantity]).noun},
                       {"format", analysis::number_formats[column->exit->format].label},
                       {"exit", analysis::range_exits[column->exit->exit].name}});
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

ReportPoints report_points(const analysis::PointGrid& grid, const GridChoice& report) {
  ReportPoints table;
  table.main_columns_only = report.size() > most_full_points;
  for (const analysis::PointColumn& column : analysis::point_columns()) {
    if (column.exit || (table.main_columns_only && !column.essential)) continue;
    add_column(table, column, grid, report);
  }
  add_exits(table, grid, report);
  return table;
}

}  // namespace varprop::report
