// The grid's axes as a report shows them.
#pragma once

#include <string>
#include <type_traits>
#include <vector>

#include "analysis/report/grid_choice.hpp"
#include "analysis/report/rounded.hpp"
#include "core/record/quantity.hpp"

namespace varprop {

/// A coordinate as it stands in every table: a word as text, a number exactly.
inline Json coordinate_json(const Activation& x) {
  return x.text();
}
inline Json coordinate_json(Weights x) {
  return coordinate_text(x);
}
template <class Tag, class Number>
Json coordinate_json(Strong<Tag, Number> x) {
  return x.value();
}

/// How the values of an axis are spaced.
enum class Spacing { linear, log };

/// log where all values are above 0 and their ratios are more alike than their differences (of two: where
/// the ratio is 4 or more).
Spacing spacing_of(const std::vector<double>& values);

/// The ends of the cells around successive values: half way to the neighbours, and as far outward at the two
/// ends; geometrically where they are spaced so, and never below 0. One element more than `values`. A single
/// value has a cell of half its size.
std::vector<double> cell_ends(const std::vector<double>& values, Spacing spacing);

struct ReportAxis {
  std::string name;
  std::string symbol;
  std::string label;            ///< "weight variance σ_w²"
  std::vector<double> numbers;  ///< the chosen values; empty where they are words
  std::vector<Json> values;     ///< the same as they stand in the report
  Spacing spacing = Spacing::linear;

  bool words() const { return numbers.empty(); }
  Json json() const;
};

/// All axes of the grid with the values that are chosen.
std::vector<ReportAxis> report_axes(const Grid& grid, const GridChoice& choice);

/// What the phase diagram shows: its axes, as positions among all, and whose rates give the colours.
struct Picture {
  std::size_t x, y;
  Quantity quantity = Quantity::backward;
};

/// Weight variance and bias variance where both have at least 3 values, else the two longest axes that are
/// not words, the earlier of equal ones; x is the earlier of the two. The gradient gives the colours, or the
/// signal where that alone was measured.
Picture picture_of(const std::vector<ReportAxis>& axes_, const std::vector<Quantity>& measured);

}  // namespace varprop
