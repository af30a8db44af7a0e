// The grid's axes, each declared once: the file's dimensions, the sweep file's keys, the tables' columns and
// the help text all follow from this list and its order.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/point/point.hpp"

namespace varprop {

/// The values along every axis. A point is one combination; numeric axes are sorted and free of duplicates.
struct Grid {
  std::vector<Activation> activation;
  std::vector<Weights> weights;
  std::vector<WeightVariance> weight_variance;
  std::vector<BiasVariance> bias_variance;
  std::vector<Width> width;
  std::vector<Depth> depth;

  friend bool operator==(const Grid&, const Grid&) = default;
};

/// An axis: its name, its symbol, its meaning, where its values stand in a Grid and in a Point, and the one
/// value it has in a sweep that does not name it (as coordinate_text; empty where a sweep must name it).
template <class T>
struct Axis {
  using value_type = T;
  std::string_view name;
  std::string_view symbol;
  std::string_view meaning;
  std::vector<T> Grid::*values;
  T Point::*value;
  std::string_view default_value;
};

inline constexpr std::tuple axes{
    Axis<Activation>{"activation", "φ", "activation function", &Grid::activation, &Point::activation, ""},
    Axis<Weights>{"weights", "", "distribution of the weights", &Grid::weights, &Point::weights, "gaussian"},
    Axis<WeightVariance>{"weight_variance", "σ_w²", "weight variance times fan-in", &Grid::weight_variance,
                         &Point::weight_variance, ""},
    Axis<BiasVariance>{"bias_variance", "σ_b²", "bias variance", &Grid::bias_variance, &Point::bias_variance,
                       "0"},
    Axis<Width>{"width", "n", "neurons in every layer", &Grid::width, &Point::width, ""},
    Axis<Depth>{"depth", "L", "layers of weights", &Grid::depth, &Point::depth, ""},
};

inline constexpr std::size_t axis_count = std::tuple_size_v<decltype(axes)>;

/// Calls f(axis) for every axis, in order.
template <class F>
void for_each_axis(F&& f) {
  std::apply([&f](const auto&... axis) { (f(axis), ...); }, axes);
}

/// A coordinate as text: "tanh", "gaussian", "1.5", "64".
inline std::string coordinate_text(const Activation& x) {
  return x.text();
}
inline std::string coordinate_text(Weights x) {
  return std::string(word_of(x));
}
template <class Tag>
std::string coordinate_text(Strong<Tag, double> x) {
  return shortest(x.value());
}
template <class Tag, class Int>
std::string coordinate_text(Strong<Tag, Int> x) {
  return std::to_string(x.value());
}

}  // namespace varprop
