// The analyzed points of a sweep, found by their place in the grid.
#pragma once

#include <array>
#include <functional>
#include <span>

#include "analysis/law.hpp"
#include "analysis/point_analysis.hpp"
#include "core/sweep/sweep.hpp"

namespace varprop {

/// Position of the axis with this name among `axes`.
consteval std::size_t axis_position(std::string_view name) {
  const auto names = std::apply([](const auto&... axis) { return std::array{axis.name...}; }, axes);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return i;
  }
  throw "no such axis";
}

inline constexpr std::size_t weight_variance_axis = axis_position("weight_variance");
inline constexpr std::size_t bias_variance_axis = axis_position("bias_variance");
inline constexpr std::size_t width_axis = axis_position("width");
inline constexpr std::size_t depth_axis = axis_position("depth");

/// Which axes a group of points runs over.
using FreeAxes = std::array<bool, axis_count>;
FreeAxes free_axes(std::initializer_list<std::size_t> positions);
inline const FreeAxes widths_and_depths = free_axes({width_axis, depth_axis});

class PointGrid {
 public:
  using Indices = std::array<std::size_t, axis_count>;

  /// `points` in the order of the sweep, all of them.
  PointGrid(const Sweep& sweep, std::span<const PointAnalysis> points) : sweep_(sweep), points_(points) {}

  const Sweep& sweep() const { return sweep_; }
  std::size_t extent(std::size_t axis) const { return sweep_.shape()[axis]; }
  /// Position of a point in the order of the sweep.
  std::size_t index(const Indices& indices) const;
  const PointAnalysis& at(const Indices& indices) const { return points_[index(indices)]; }

  /// Calls f(indices) for every combination of the axes that are not free, 0 along the free ones.
  void for_each_group(const FreeAxes& free, const std::function<void(const Indices&)>& f) const;
  /// Calls f(point) for all points of a group: those that differ from `origin` along the free axes only.
  void for_each_member(const FreeAxes& free, const Indices& origin,
                       const std::function<void(const PointAnalysis&)>& f) const;

  /// A law of the group at `origin`: the coordinates along the free axes do not apply.
  Law law_of(LawName name, std::string_view form, std::string_view parameter, const FreeAxes& free,
             const Indices& origin) const;

 private:
  const Sweep& sweep_;
  std::span<const PointAnalysis> points_;
};

}  // namespace varprop
