#include "analysis/point_grid.hpp"

#include "core/contracts.hpp"

namespace varprop {

namespace {

/// Goes to the next combination of the axes whose `moves` is set, the last fastest. False after the last.
bool advance(PointGrid::Indices& at, const std::array<std::size_t, axis_count>& shape,
             const FreeAxes& moves) {
  for (std::size_t axis = axis_count; axis-- > 0;) {
    if (!moves[axis]) continue;
    if (++at[axis] < shape[axis]) return true;
    at[axis] = 0;
  }
  return false;
}

FreeAxes others(FreeAxes axes_) {
  for (bool& axis : axes_) axis = !axis;
  return axes_;
}

}  // namespace

FreeAxes free_axes(std::initializer_list<std::size_t> positions) {
  FreeAxes free{};
  for (const std::size_t position : positions) free[position] = true;
  return free;
}

std::size_t PointGrid::index(const Indices& indices) const {
  const auto shape = sweep_.shape();
  std::size_t position = 0;
  for (std::size_t axis = 0; axis < axis_count; ++axis) position = position * shape[axis] + indices[axis];
  VARPROP_EXPECT(position < points_.size());
  return position;
}

void PointGrid::for_each_group(const FreeAxes& free, const std::function<void(const Indices&)>& f) const {
  Indices at{};
  do {
    f(at);
  } while (advance(at, sweep_.shape(), others(free)));
}

void PointGrid::for_each_member(const FreeAxes& free, const Indices& origin,
                                const std::function<void(const PointAnalysis&)>& f) const {
  Indices indices = origin;
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    if (free[axis]) indices[axis] = 0;
  }
  do {
    f(at(indices));
  } while (advance(indices, sweep_.shape(), free));
}

Law PointGrid::law_of(LawName name, std::string_view form, std::string_view parameter, const FreeAxes& free,
                      const Indices& origin) const {
  return {
      .law = name, .form = form, .parameter = parameter, .point = at(origin).point, .applies = others(free)};
}

}  // namespace varprop
