// The grid as a report shows it: an even choice of its points where all of them are too many, and its axes.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "analysis/points/point_grid.hpp"
#include "core/sweep/measures.hpp"
#include "report/data/report_table.hpp"

namespace varprop::report {

/// `count` of the positions 0 … extent − 1, evenly spaced, the ends among them (the middle one if count is
/// 1).
std::vector<std::size_t> evenly_chosen(std::size_t extent, std::size_t count);

/// Some points of a grid, in its order. Of a product: some values along each axis and every combination of
/// them. Of listed points: every so many.
class GridChoice {
 public:
  /// Of a product of this shape: along every axis as many values as it has, but not more than m, the largest
  /// m with at most `most` combinations.
  GridChoice(const GridIndices& shape, std::size_t most);
  /// The same of any grid; of listed points at most `most`, evenly chosen.
  GridChoice(const Grid& grid, std::size_t most);

  /// The same choice from the points of this one.
  GridChoice thinned(std::size_t most) const;

  /// How many points.
  std::size_t size() const;
  /// Values along each axis.
  GridIndices shape() const;
  bool is_product() const { return listed_.empty(); }
  /// The positions along one axis of the whole grid that points have, ascending.
  const std::vector<std::size_t>& along(std::size_t axis) const { return chosen_[axis]; }
  /// Where the k-th chosen point stands in the whole grid.
  GridIndices operator[](std::size_t k) const;
  /// Which of the chosen ones a point of the whole grid is, if it is one.
  std::optional<std::size_t> find(const GridIndices& indices) const;

 private:
  GridChoice() = default;
  explicit GridChoice(std::vector<GridIndices> listed);

  std::vector<GridIndices> listed_;  ///< where they are no product
  std::array<std::vector<std::size_t>, axis_count> chosen_;
};

/// A coordinate as it stands in every table: a word as text, a number exactly.
template <class T>
Json coordinate_json(const T& x) {
  if constexpr (NumericCoordinate<T>) {
    return x.value();
  } else {
    return coordinate_text(x);
  }
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
  bool told = true;  ///< whether the page speaks of it: it is a dimension of the file

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
/// signal where that alone was measured, or the distance of two inputs where neither was.
Picture picture_of(const std::vector<ReportAxis>& axes_, const std::vector<Quantity>& measured);

}  // namespace varprop::report
