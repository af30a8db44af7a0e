// The grid's axes, each declared once: points, grids and keys, the file's dimensions, the sweep file's keys,
// the tables' columns and the help text all follow from these declarations and their order.
//
// To add an axis: declare it as those below are, and append it to NetworkAxes. It needs a default, which is
// the network of today: there it stands in no canonical text and in no file, so that old points keep their
// numbers and old files open. `used_by` says of which blocks it is, where not of all. An engine that knows it
// says so (core/network/engine_choice.cpp).
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/network/activations/activation.hpp"
#include "core/network/axis.hpp"
#include "core/network/initializers.hpp"
#include "core/network/shape.hpp"
#include "core/network/stream_axes.hpp"

namespace varprop {

inline constexpr std::int64_t largest_width = std::int64_t{1} << 40;
inline constexpr std::int32_t largest_depth = (std::int32_t{1} << 20) - 1;

// A declaration has the axis's name, symbol and meaning; for numbers their limits; the one value it has in a
// sweep that does not name it (nothing where a sweep must name it); the format version since which it is;
// and its member of a Point (one value) and of a Grid (all values).

struct ActivationAxis {
  using value_type = Activation;
  static constexpr std::string_view name = "activation", symbol = "φ", meaning = "activation function";
  static constexpr std::optional<Activation> default_value{};
  static constexpr FormatVersion since = first_format;
  template <class T>
  struct Member {
    T activation;
  };
  static constexpr auto value = &Member<Activation>::activation;
  static constexpr auto values = &Member<std::vector<Activation>>::activation;
};

/// The distribution of the weights W_ij, each of mean 0 and the stated variance: independent of one another,
/// but for orthogonal ones (W = σ_w Q, Q uniform among the orthogonal matrices).
enum class WeightDistribution { gaussian, orthogonal, uniform, truncated_normal, rademacher };
template <>
struct EnumWords<WeightDistribution> {
  static constexpr std::string_view noun = "weight distribution";
  static constexpr std::array words{
      std::pair{WeightDistribution::gaussian, std::string_view("gaussian")},
      std::pair{WeightDistribution::orthogonal, std::string_view("orthogonal")},
      std::pair{WeightDistribution::uniform, std::string_view("uniform")},
      std::pair{WeightDistribution::truncated_normal, std::string_view("truncated_normal")},
      std::pair{WeightDistribution::rademacher, std::string_view("rademacher")}};
  static std::optional<std::string> answer(std::string_view word) { return initializer_in_our_words(word); }
};

struct WeightsAxis {
  using value_type = WeightDistribution;
  static constexpr std::string_view name = "weights", symbol = "", meaning = "distribution of the weights";
  static constexpr std::optional default_value = WeightDistribution::gaussian;
  static constexpr FormatVersion since = first_format;
  template <class T>
  struct Member {
    T weights;
  };
  static constexpr auto value = &Member<WeightDistribution>::weights;
  static constexpr auto values = &Member<std::vector<WeightDistribution>>::weights;
};

/// σ_w²: the weights' variance times the fan of settings.hpp, or the variance itself (none).
using WeightVariance = Strong<struct WeightVarianceTag, double>;
struct WeightVarianceAxis {
  using value_type = WeightVariance;
  static constexpr std::string_view name = "weight_variance", symbol = "σ_w²",
                                    meaning = "weight variance times fan-in";
  static constexpr Limits limits{.low_included = false};
  static constexpr std::optional<WeightVariance> default_value{};
  static constexpr FormatVersion since = first_format;
  template <class T>
  struct Member {
    T weight_variance;
  };
  static constexpr auto value = &Member<WeightVariance>::weight_variance;
  static constexpr auto values = &Member<std::vector<WeightVariance>>::weight_variance;
};

/// σ_b²: the biases' variance.
using BiasVariance = Strong<struct BiasVarianceTag, double>;
struct BiasVarianceAxis {
  using value_type = BiasVariance;
  static constexpr std::string_view name = "bias_variance", symbol = "σ_b²", meaning = "bias variance";
  static constexpr Limits limits{};
  static constexpr std::optional default_value = BiasVariance(0);
  static constexpr FormatVersion since = first_format;
  template <class T>
  struct Member {
    T bias_variance;
  };
  static constexpr auto value = &Member<BiasVariance>::bias_variance;
  static constexpr auto values = &Member<std::vector<BiasVariance>>::bias_variance;
};

/// n: neurons in every layer, the input included, where the newer axes do not say otherwise.
using Width = Strong<struct WidthTag, std::int64_t>;
struct WidthAxis {
  using value_type = Width;
  static constexpr std::string_view name = "width", symbol = "n", meaning = "neurons in every layer";
  static constexpr Limits limits{.low = 1, .high = static_cast<double>(largest_width), .whole = true};
  static constexpr std::optional<Width> default_value{};
  static constexpr FormatVersion since = first_format;
  template <class T>
  struct Member {
    T width;
  };
  static constexpr auto value = &Member<Width>::width;
  static constexpr auto values = &Member<std::vector<Width>>::width;
};

/// L: layers of weights.
using Depth = Strong<struct DepthTag, std::int32_t>;
struct DepthAxis {
  using value_type = Depth;
  static constexpr std::string_view name = "depth", symbol = "L", meaning = "layers of weights";
  static constexpr Limits limits{.low = 1, .high = largest_depth, .whole = true};
  static constexpr std::optional<Depth> default_value{};
  static constexpr FormatVersion since = first_format;
  template <class T>
  struct Member {
    T depth;
  };
  static constexpr auto value = &Member<Depth>::depth;
  static constexpr auto values = &Member<std::vector<Depth>>::depth;
};

using FirstAxes =
    AxisList<ActivationAxis, WeightsAxis, WeightVarianceAxis, BiasVarianceAxis, WidthAxis, DepthAxis>;

/// N of the hidden layers, before φ (a = φ(N(z))) or after it (a = N(φ(z))): rms √n x/|x|, layer the same of
/// x less its mean. Gains are 1, shifts 0, N(0) = 0.
enum class Norm { none, pre_rms, post_rms, pre_layer, post_layer };
template <>
struct EnumWords<Norm> {
  static constexpr std::string_view noun = "norm";
  static constexpr std::array words{std::pair{Norm::none, std::string_view("none")},
                                    std::pair{Norm::pre_rms, std::string_view("pre_rms")},
                                    std::pair{Norm::post_rms, std::string_view("post_rms")},
                                    std::pair{Norm::pre_layer, std::string_view("pre_layer")},
                                    std::pair{Norm::post_layer, std::string_view("post_layer")}};
};
constexpr bool before_activation(Norm norm) {
  return norm == Norm::pre_rms || norm == Norm::pre_layer;
}
constexpr bool behind_activation(Norm norm) {
  return norm == Norm::post_rms || norm == Norm::post_layer;
}
/// Whether it takes the mean away.
constexpr bool centres(Norm norm) {
  return norm == Norm::pre_layer || norm == Norm::post_layer;
}

struct NormAxis {
  using value_type = Norm;
  static constexpr std::string_view name = "norm", symbol = "N",
                                    meaning = "norm of hidden layers, before or after the activation";
  static constexpr std::optional default_value = Norm::none;
  static constexpr FormatVersion since = format_of_networks;
  template <class T>
  struct Member {
    T norm;
  };
  static constexpr auto value = &Member<Norm>::norm;
  static constexpr auto values = &Member<std::vector<Norm>>::norm;
};

/// p: with this probability a hidden neuron stays, times 1/p; else it is 0 (dropout).
using Keep = Strong<struct KeepTag, double>;
struct KeepAxis {
  using value_type = Keep;
  static constexpr std::string_view name = "keep", symbol = "p", meaning = "dropout's keep probability";
  static constexpr Limits limits{.low_included = false, .high = 1};
  static constexpr std::optional default_value = Keep(1);
  static constexpr FormatVersion since = format_of_networks;
  static constexpr bool used_by(Block block) {
    return block == Block::plain || has_mlp(block) || has_glu(block);
  }
  template <class T>
  struct Member {
    T keep;
  };
  static constexpr auto value = &Member<Keep>::keep;
  static constexpr auto values = &Member<std::vector<Keep>>::keep;
};

struct ShapeAxis {
  using value_type = Shape;
  static constexpr std::string_view name = "shape", symbol = "",
                                    meaning = "hidden widths as ratios of the width";
  static constexpr std::optional default_value = Shape();
  static constexpr FormatVersion since = format_of_networks;
  static constexpr bool used_by(Block block) { return block == Block::plain; }
  template <class T>
  struct Member {
    T shape;
  };
  static constexpr auto value = &Member<Shape>::shape;
  static constexpr auto values = &Member<std::vector<Shape>>::shape;
};

/// n_0: neurons of the input; 0: the width.
using InputWidth = Strong<struct InputWidthTag, std::int64_t>;
struct InputWidthAxis {
  using value_type = InputWidth;
  static constexpr std::string_view name = "input_width", symbol = "n_0",
                                    meaning = "neurons of the input; 0: the width";
  static constexpr Limits limits{.low = 0, .high = static_cast<double>(largest_width), .whole = true};
  static constexpr std::optional default_value = InputWidth(0);
  static constexpr FormatVersion since = format_of_networks;
  static constexpr bool used_by(Block block) { return block == Block::plain; }
  template <class T>
  struct Member {
    T input_width;
  };
  static constexpr auto value = &Member<InputWidth>::input_width;
  static constexpr auto values = &Member<std::vector<InputWidth>>::input_width;
};

/// n_L: neurons of the last layer; 0: the width.
using OutputWidth = Strong<struct OutputWidthTag, std::int64_t>;
struct OutputWidthAxis {
  using value_type = OutputWidth;
  static constexpr std::string_view name = "output_width", symbol = "n_L",
                                    meaning = "neurons of the last layer; 0: the width";
  static constexpr Limits limits{.low = 0, .high = static_cast<double>(largest_width), .whole = true};
  static constexpr std::optional default_value = OutputWidth(0);
  static constexpr FormatVersion since = format_of_networks;
  static constexpr bool used_by(Block block) { return block == Block::plain; }
  template <class T>
  struct Member {
    T output_width;
  };
  static constexpr auto value = &Member<OutputWidth>::output_width;
  static constexpr auto values = &Member<std::vector<OutputWidth>>::output_width;
};

/// Dimensions and canonical texts follow this order.
using NetworkAxes = AxisList<BlockAxis, NormAxis, SkipAxis, BranchScaleAxis, BranchPowerAxis, HiddenRatioAxis,
                             OutputRatioAxis, QueryRatioAxis, ValueRatioAxis, AttentionOutputRatioAxis,
                             HeadsAxis, TokensAxis, KeepAxis, ShapeAxis, InputWidthAxis, OutputWidthAxis>;

}  // namespace varprop
// A build may have axes of its own: a header that declares them, and their list as varprop::ExtraAxes
// (VARPROP_EXTRA_AXES in CMakeLists.txt).
#if defined(VARPROP_EXTRA_AXES)
#include VARPROP_EXTRA_AXES
#else
namespace varprop {
using ExtraAxes = AxisList<>;
}
#endif

namespace varprop {

using NewerAxes = decltype(joined(NetworkAxes{}, ExtraAxes{}));
using AllAxes = decltype(joined(FirstAxes{}, NewerAxes{}));

template <class... Axis>
constexpr std::tuple<Axis...> tuple_of(AxisList<Axis...>) {
  return {};
}
inline constexpr auto all_axes = tuple_of(AllAxes{});
inline constexpr std::size_t axis_count = std::tuple_size_v<decltype(all_axes)>;

/// Calls f(axis) for every axis, in order. `axis.name` and the like are its declaration's; its values are
/// point.*axis.value and grid.*axis.values.
template <class F>
void for_each_axis(F&& f) {
  std::apply([&f](const auto&... axis) { (f(axis), ...); }, all_axes);
}

/// The axis whose coordinates are of type T, as a position in the order of the axes: axis_position<Width>.
template <class T>
inline constexpr std::size_t axis_position = std::apply(
    [](const auto&... axis) {
      std::size_t position = 0;
      ((std::is_same_v<typename std::remove_cvref_t<decltype(axis)>::value_type, T> || (++position, false)) ||
       ...);
      return position;
    },
    all_axes);

/// Its declaration: axis_of<Width>.name.
template <class T>
inline constexpr auto axis_of = std::get<axis_position<T>>(all_axes);

/// The numbers that a coordinate of type T may be.
template <class T>
inline constexpr Limits limits_of = axis_of<T>.limits;

/// Whether a layer of this kind uses an axis: where its declaration does not say, it does.
template <class Axis>
constexpr bool is_used_by(Block block, const Axis& axis) {
  if constexpr (requires { axis.used_by(block); })
    return axis.used_by(block);
  else
    return true;
}

/// Some of the axes, by position.
using AxisSet = std::array<bool, axis_count>;

/// axes_of<Width, Depth>().
template <class... T>
constexpr AxisSet axes_of() {
  AxisSet set{};
  ((set.at(axis_position<T>) = true), ...);
  return set;
}

/// All axes that are not in the set.
constexpr AxisSet all_but(AxisSet set) {
  for (bool& axis : set) axis = !axis;
  return set;
}

}  // namespace varprop
