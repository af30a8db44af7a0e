// The grid of points that stand in a list: a sweep file's tables, a results file's coordinates.
#pragma once

#include <vector>

#include "core/sweep/grid.hpp"

namespace varprop {

/// Points one after another: along every axis some values, in any order and maybe more than once, and of
/// every point which of them it has.
struct ListedPoints {
  Grid values;
  std::vector<GridIndices> places;

  /// These points after those that are there.
  void append(const ListedPoints& more);
};

/// The grid that has these points and no others, the same for every order of theirs: along each axis the
/// values that occur, numbers ascending and words in the order of the alphabet. A product where they are all
/// combinations of them. Throws InputError where there is none, or one twice.
Grid grid_of(const ListedPoints& points);

}  // namespace varprop
