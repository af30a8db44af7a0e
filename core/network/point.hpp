// One point of a sweep: the random networks whose signal and gradient are measured, and the keys that are
// made of points.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "core/math/magnitude.hpp"
#include "core/network/axes.hpp"
#include "core/network/settings.hpp"

namespace varprop {

/// Raised whenever any simulated number changes. Files of another version are not resumed or merged.
inline constexpr int numerics_version = 3;
/// Raised instead where only points with a newer axis off its default change: of blocks with attention, whose
/// softmax rounds otherwise since 2, and of streams of two inputs, whose gradients keep more digits since 3.
constexpr int networks_version(Block block, bool two_inputs) {
  if (two_inputs && has_stream(block)) return 3;
  return has_attention(block) ? 2 : 1;
}

/// What tells the constructor of a Point that its coordinates are given axis by axis.
struct ByAxis {};
inline constexpr ByAxis by_axis{};

template <class First, class Newer>
struct PointMembers;

/// A member for every axis, as its declaration has it.
template <class... First, class... Newer>
struct PointMembers<AxisList<First...>, AxisList<Newer...>>
    : First::template Member<typename First::value_type>...,
      Newer::template Member<typename Newer::value_type>... {
  /// The coordinates along the first axes; the newer ones are at their defaults.
  PointMembers(typename First::value_type... x)
      : First::template Member<typename First::value_type>{std::move(x)}...,
        Newer::template Member<typename Newer::value_type>{*Newer::default_value}... {}
  /// f(axis) is the coordinate along the axis; f is called in the order of the axes.
  template <class F>
  PointMembers(ByAxis, F&& f)
      : First::template Member<typename First::value_type>{f(First{})}...,
        Newer::template Member<typename Newer::value_type>{f(Newer{})}... {}
};

struct Point : PointMembers<FirstAxes, NewerAxes> {
  using PointMembers::PointMembers;

  /// What is left of the point without its coordinates of these types: point.without<Width, Depth>(). A key
  /// of whatever they do not decide. A new axis is in every key until someone leaves it out.
  template <class... Dropped>
  auto without() const;

  friend bool operator==(const Point& a, const Point& b);
};

/// "activation=tanh;weights=gaussian;…": the coordinates along some axes, one after another. A newer axis at
/// its default goes without saying.
std::string coordinates_text(const Point& point, const AxisSet& along);

/// The coordinates of a point along some axes: a value to compare, sort and look up by.
template <class... Axis>
class Projection {
 public:
  explicit Projection(const Point& point) : values_(point.*Axis::value...) {}

  /// The coordinate of type T, which must be among them.
  template <class T>
  const T& get() const {
    return std::get<T>(values_);
  }

  /// As coordinates_text() has it.
  std::string text() const;
  /// Every coordinate mixed into the hash of those before it.
  std::size_t hash() const;

  friend bool operator==(const Projection&, const Projection&) = default;
  friend auto operator<=>(const Projection&, const Projection&) = default;

 private:
  std::tuple<typename Axis::value_type...> values_;
};

/// "activation=tanh" or nothing, appended after a semicolon where there is something already.
template <class Axis>
void append_coordinate(const Axis& axis, const typename Axis::value_type& x, std::string& text) {
  if (goes_without_saying(axis, x)) return;
  if (!text.empty()) text += ';';
  text.append(Axis::name).append("=").append(coordinate_text(x));
}

template <class... Axis>
std::string Projection<Axis...>::text() const {
  std::string text;
  (append_coordinate(Axis{}, get<typename Axis::value_type>(), text), ...);
  return text;
}

template <class T>
std::size_t hash_of_coordinate(const T& x) {
  if constexpr (NumericCoordinate<T>) {
    return std::hash<typename T::value_type>{}(x.value());
  } else if constexpr (std::is_enum_v<T>) {
    return std::hash<T>{}(x);
  } else {
    return std::hash<std::string>{}(x.text());
  }
}

template <class... Axis>
std::size_t Projection<Axis...>::hash() const {
  std::size_t h = 0;
  const auto mix = [&h](std::size_t x) { h ^= x + 0x9e3779b97f4a7c15u + (h << 6) + (h >> 2); };
  (mix(hash_of_coordinate(get<typename Axis::value_type>())), ...);
  return h;
}

template <class T, class... Others>
inline constexpr bool is_one_of = (std::is_same_v<T, Others> || ...);

/// The axes of a list whose coordinates are of none of these types.
template <class... Dropped, class... Axis>
auto axes_without(AxisList<Axis...>) {
  static_assert(((axis_position<Dropped> < axis_count) && ...), "every type must be an axis's");
  return joined(
      AxisList<>{},
      std::conditional_t<is_one_of<typename Axis::value_type, Dropped...>, AxisList<>, AxisList<Axis>>{}...);
}

template <class... Axis>
Projection<Axis...> projected(const Point& point, AxisList<Axis...>) {
  return Projection<Axis...>(point);
}

template <class... Dropped>
auto Point::without() const {
  return projected(*this, axes_without<Dropped...>(AllAxes{}));
}

/// The type of a point without these coordinates, for maps: std::map<PointWithout<Depth>, …>.
template <class... Dropped>
using PointWithout = decltype(std::declval<Point>().template without<Dropped...>());

inline bool operator==(const Point& a, const Point& b) {
  return a.without<>() == b.without<>();
}

/// "tanh, gaussian, weight_variance 2, bias_variance 0, width 64, depth 16": a value of every axis. For
/// pages; canonical_text() is what identifies a point.
std::string point_in_words(const Point& point);

/// n_l: neurons of layer l, l = 0 (the input) to L.
std::int64_t layer_width(const Point& point, std::int32_t l);
/// Whether every layer has as many neurons as the point's width says. In O(L) for shapes that are not
/// constant.
bool equal_widths(const Point& point);
/// c_0 of the two inputs that a point's networks have; nothing where they have one, or tokens.
std::optional<double> correlation_of_inputs(const Point& point, const NetworkSettings& settings);
/// Whether the networks are those of the first axes: layers of one width, neither norms nor dropout, one bias
/// variance.
bool is_plain(const Point& point, const NetworkSettings& settings);

/// Var W^l_ij. A double could not hold the smallest σ_w² over n.
Magnitude entry_variance(const Point& point, VarianceScaling scaling, std::int32_t l);
/// Var b^l_i.
Magnitude bias_variance(const Point& point, BiasScaling scaling, std::int32_t l);

/// The text that names a point's numbers. Fixed key order, shortest round-trip numbers, the engine resolved:
///     numerics_version=3;activation=tanh;weights=gaussian;weight_variance=1.5;bias_variance=0;width=64;depth=16;
///     variance_scaling=fan_in;input=sphere;engine=conditional;inputs=1
/// At the end, and only where they are not at their defaults, stand input_mean_square, bias_scaling and,
/// after networks=1, 2 or 3, newer axes and, of attention, its settings and the cosine of its tokens.
std::string canonical_text(const Point& point, const NetworkSettings& settings);

/// 64-bit FNV-1a: h of a point's canonical text selects its random numbers.
std::uint64_t hash_text(std::string_view text);

}  // namespace varprop

template <class... Axis>
struct std::hash<varprop::Projection<Axis...>> {
  std::size_t operator()(const varprop::Projection<Axis...>& key) const { return key.hash(); }
};
