#include "core/sweep/grid.hpp"

#include "core/errors.hpp"

namespace varprop {

std::int64_t GridIndex::count(const AxisSet& along) const {
  std::int64_t product = 1;
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    if (along[axis]) product *= static_cast<std::int64_t>(shape_[axis]);
  }
  return product;
}

std::int64_t GridIndex::stride(std::size_t axis) const {
  AxisSet faster{};
  for (std::size_t i = axis + 1; i < axis_count; ++i) faster[i] = true;
  return count(faster);
}

std::int64_t GridIndex::position(const GridIndices& at) const {
  return position(at, all_but({}));
}

std::int64_t GridIndex::position(const GridIndices& at, const AxisSet& along) const {
  std::size_t position = 0;
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    VARPROP_EXPECT(at[axis] < shape_[axis]);
    if (along[axis]) position = position * shape_[axis] + at[axis];
  }
  return static_cast<std::int64_t>(position);
}

GridIndices GridIndex::indices(std::int64_t position) const {
  VARPROP_EXPECT(position >= 0 && position < count());
  auto rest = static_cast<std::size_t>(position);
  GridIndices at{};
  for (std::size_t axis = axis_count; axis-- > 0; rest /= shape_[axis]) at[axis] = rest % shape_[axis];
  return at;
}

bool GridIndex::advance(GridIndices& at, const AxisSet& along) const {
  for (std::size_t axis = axis_count; axis-- > 0;) {
    if (!along[axis]) continue;
    if (++at[axis] < shape_[axis]) return true;
    at[axis] = 0;
  }
  return false;
}

}  // namespace varprop
