#include "analysis/report/grid_choice.hpp"

#include <algorithm>

#include "core/contracts.hpp"

namespace varprop {

namespace {

/// Points that are left with at most `m` values along each axis; more than `most` is told as most + 1.
std::size_t points_with(const PointGrid::Indices& shape, std::size_t m, std::size_t most) {
  std::size_t points = 1;
  for (const std::size_t extent : shape) {
    points *= std::min(extent, m);
    if (points > most) return most + 1;
  }
  return points;
}

/// The largest m with at most `most` points, from 1.
std::size_t values_per_axis(const PointGrid::Indices& shape, std::size_t most) {
  std::size_t fits = 1, too_many = *std::max_element(shape.begin(), shape.end()) + 1;
  while (too_many - fits > 1) {
    const std::size_t middle = fits + (too_many - fits) / 2;
    (points_with(shape, middle, most) <= most ? fits : too_many) = middle;
  }
  return fits;
}

}  // namespace

std::vector<std::size_t> evenly_chosen(std::size_t extent, std::size_t count) {
  VARPROP_EXPECT(count >= 1 && count <= extent);
  if (count == 1) return {extent / 2};
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < count; ++i) {
    positions.push_back((i * (extent - 1) + (count - 1) / 2) / (count - 1));
  }
  return positions;
}

GridChoice::GridChoice(const Indices& shape, std::size_t most) {
  const std::size_t m = values_per_axis(shape, most);
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    chosen_[axis] = evenly_chosen(shape[axis], std::min(shape[axis], m));
  }
}

GridChoice GridChoice::thinned(std::size_t most) const {
  GridChoice choice(shape(), most);
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    for (std::size_t& position : choice.chosen_[axis]) position = chosen_[axis][position];
  }
  return choice;
}

std::size_t GridChoice::size() const {
  std::size_t points = 1;
  for (const auto& positions : chosen_) points *= positions.size();
  return points;
}

GridChoice::Indices GridChoice::shape() const {
  Indices shape;
  for (std::size_t axis = 0; axis < axis_count; ++axis) shape[axis] = chosen_[axis].size();
  return shape;
}

GridChoice::Indices GridChoice::operator[](std::size_t k) const {
  Indices indices;
  for (std::size_t axis = axis_count; axis-- > 0;) {
    indices[axis] = chosen_[axis][k % chosen_[axis].size()];
    k /= chosen_[axis].size();
  }
  return indices;
}

std::optional<std::size_t> GridChoice::find(const Indices& indices) const {
  std::size_t k = 0;
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    const auto& positions = chosen_[axis];
    const auto found = std::lower_bound(positions.begin(), positions.end(), indices[axis]);
    if (found == positions.end() || *found != indices[axis]) return std::nullopt;
    k = k * positions.size() + static_cast<std::size_t>(found - positions.begin());
  }
  return k;
}

}  // namespace varprop
