// An even choice of a grid's points, where all of them are too many to show.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "analysis/point_grid.hpp"

namespace varprop {

/// `count` of the positions 0 … extent − 1, evenly spaced, the ends among them (the middle one if count is
/// 1).
std::vector<std::size_t> evenly_chosen(std::size_t extent, std::size_t count);

/// Some values along each axis and every combination of them: a grid within the grid, whose points are in the
/// order of the sweep.
class GridChoice {
 public:
  using Indices = PointGrid::Indices;

  /// Of a grid of this shape: along every axis as many values as it has, but not more than m, the largest m
  /// with at most `most` combinations.
  GridChoice(const Indices& shape, std::size_t most);

  /// The same choice from the points of this one.
  GridChoice thinned(std::size_t most) const;

  /// How many points.
  std::size_t size() const;
  /// Values along each axis.
  Indices shape() const;
  /// The positions along one axis of the whole grid, ascending.
  const std::vector<std::size_t>& along(std::size_t axis) const { return chosen_[axis]; }
  /// Where the k-th chosen point stands in the whole grid.
  Indices operator[](std::size_t k) const;
  /// Which of the chosen ones a point of the whole grid is, if it is one.
  std::optional<std::size_t> find(const Indices& indices) const;

 private:
  GridChoice() = default;

  std::array<std::vector<std::size_t>, axis_count> chosen_;
};

}  // namespace varprop
