#include "driver/sweep_file/point_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <type_traits>
#include <vector>

#include "core/errors.hpp"
#include "core/text/words.hpp"
#include "driver/sweep_file/axis_values.hpp"

namespace varprop::driver {

namespace {

/// A cell and where it stands, counted from 1 in lines and bytes.
struct Cell {
  std::string text;
  std::int64_t line = 0, column = 0;
};

std::string without_spaces(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// Where a cell ends: at the next comma that is not in quotes, or with its line.
std::size_t end_of_cell(const std::string& text, std::size_t begin, std::size_t end) {
  bool quoted = false;
  for (std::size_t i = begin; i < end; ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (text[i] == ',' && !quoted) return i;
  }
  return end;
}

/// Without the quotes around it; two within are one.
std::string unquoted(const std::string& cell) {
  if (cell.size() < 2 || cell.front() != '"' || cell.back() != '"') return cell;
  std::string text;
  for (std::size_t i = 1; i + 1 < cell.size(); ++i) {
    text += cell[i];
    if (cell[i] == '"' && cell[i + 1] == '"') ++i;
  }
  return text;
}

std::vector<Cell> cells_of(const std::string& text, std::size_t begin, std::size_t end, std::int64_t line) {
  std::vector<Cell> cells;
  for (std::size_t at = begin; at <= end;) {
    const std::size_t stop = end_of_cell(text, at, end);
    cells.push_back({unquoted(without_spaces(text.substr(at, stop - at))), line,
                     static_cast<std::int64_t>(at - begin) + 1});
    at = stop + 1;
  }
  return cells;
}

/// Calls f(cells) for every row that is not empty.
template <class F>
void for_each_row(const std::string& text, const F& f) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  std::size_t begin = text.rfind(byte_order_mark, 0) == 0 ? byte_order_mark.size() : 0;
  for (std::int64_t line = 1; begin < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const bool empty = text.find_first_not_of(" \t\r", begin) >= end;
    if (!empty) f(cells_of(text, begin, end, line));
    begin = end + 1;
  }
}

/// Reads the cells of one column into the values of its axis.
class ColumnReader {
 public:
  ColumnReader(const std::string& file, TableAxes& axes) : file_(file), axes_(axes) {}

  [[noreturn]] void refuse(const Cell& at, const std::string& problem) const {
    throw InputError(fmt::format("{}:{}:{}: {}", file_, at.line, at.column, problem));
  }

  /// The axis that a heading names.
  std::size_t axis_of(const Cell& heading) const {
    try {
      return axis_named(heading.text);
    } catch (const InputError& error) {
      refuse(heading, error.what());
    }
  }

  void add(std::size_t wanted, const Cell& cell) {
    std::size_t position = 0;
    for_each_axis([&](const auto& axis) {
      if (position++ == wanted) add_to(axis, wanted, cell);
    });
  }

 private:
  template <class Axis>
  void add_to(const Axis& axis, std::size_t position, const Cell& cell) {
    using T = typename Axis::value_type;
    if constexpr (NumericCoordinate<T>) {
      const auto number = parse_number(cell.text);
      if (!number || !axis.limits.contain(*number))
        refuse(cell, fmt::format("{}: \"{}\" is not allowed; allowed: {}.", axis.name, cell.text,
                                 text_of(axis.limits)));
      axes_.numbers[position].push_back({*number + 0.0, nullptr, nullptr});
    } else {
      try {
        (axes_.words.*axis.values).push_back(word_of_cell<T>(cell.text));
      } catch (const InputError& error) {
        refuse(cell, fmt::format("{}: {}", axis.name, error.what()));
      }
    }
  }

  template <class T>
  static T word_of_cell(const std::string& text) {
    if constexpr (std::is_enum_v<T>)
      return choice_of<T>(text);
    else
      return T::parse(text);
  }

  const std::string& file_;
  TableAxes& axes_;
};

void clear_axis(TableAxes& axes, std::size_t wanted) {
  std::size_t position = 0;
  for_each_axis([&](const auto& axis) {
    if (position++ == wanted) (axes.words.*axis.values).clear();
  });
  axes.numbers[wanted].clear();
}

void read_headings(const std::vector<Cell>& cells, const ColumnReader& columns, ZippedAxes& zipped,
                   TableAxes& axes) {
  for (const Cell& heading : cells) {
    const std::size_t axis = columns.axis_of(heading);
    const bool twice = std::find(zipped.axes.begin(), zipped.axes.end(), axis) != zipped.axes.end();
    if (twice) columns.refuse(heading, fmt::format("{} is the name of two columns.", heading.text));
    zipped.axes.push_back(axis);
    clear_axis(axes, axis);
  }
}

}  // namespace

void add_point_file(const std::string& name, const std::string& text, TableAxes& axes) {
  ColumnReader columns(name, axes);
  ZippedAxes zipped;
  std::int64_t rows = 0;
  for_each_row(text, [&](const std::vector<Cell>& cells) {
    if (rows++ == 0) {
      read_headings(cells, columns, zipped, axes);
      return;
    }
    if (cells.size() != zipped.axes.size())
      columns.refuse(cells.front(), fmt::format("this row has {}, the first one has {}.",
                                                counted(std::ssize(cells), "cell"), zipped.axes.size()));
    for (std::size_t i = 0; i < cells.size(); ++i) columns.add(zipped.axes[i], cells[i]);
  });
  validate(rows >= 2, name + ":1:1: a file of points has a row of names of axes and a row a point.");
  axes.zips.push_back(std::move(zipped));
}

}  // namespace varprop::driver
