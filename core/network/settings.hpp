// What all networks of a sweep have in common, whatever the point, and the words of these settings.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "core/network/axis.hpp"
#include "core/network/block.hpp"
#include "core/text/words.hpp"

namespace varprop {

/// How a unit is simulated (docs/engines.md). `automatic` is resolved per point by resolve_engine().
enum class Engine { automatic, conditional, dense, radial, deferred, gram };

template <>
struct EnumWords<Engine> {
  static constexpr std::string_view noun = "engine";
  static constexpr std::array words{std::pair{Engine::automatic, std::string_view("auto")},
                                    std::pair{Engine::radial, std::string_view("radial")},
                                    std::pair{Engine::conditional, std::string_view("conditional")},
                                    std::pair{Engine::gram, std::string_view("gram")},
                                    std::pair{Engine::deferred, std::string_view("deferred")},
                                    std::pair{Engine::dense, std::string_view("dense")}};
};

/// Var W_ij of a matrix of n_out × n_in: σ_w²/n_in (fan_in), σ_w²/n_out (fan_out), 2σ_w²/(n_in + n_out)
/// (fan_avg), or σ_w² (none).
enum class VarianceScaling { fan_in, fan_out, fan_avg, none };

template <>
struct EnumWords<VarianceScaling> {
  static constexpr std::string_view noun = "variance scaling";
  static constexpr std::array words{std::pair{VarianceScaling::fan_in, std::string_view("fan_in")},
                                    std::pair{VarianceScaling::fan_out, std::string_view("fan_out")},
                                    std::pair{VarianceScaling::fan_avg, std::string_view("fan_avg")},
                                    std::pair{VarianceScaling::none, std::string_view("none")}};
};

/// Var b_i = σ_b² (none) or σ_b²/n_in (fan_in).
enum class BiasScaling { none, fan_in };

template <>
struct EnumWords<BiasScaling> {
  static constexpr std::string_view noun = "bias scaling";
  static constexpr std::array words{std::pair{BiasScaling::none, std::string_view("none")},
                                    std::pair{BiasScaling::fan_in, std::string_view("fan_in")}};
};

/// The distribution of the network's input x, here with E|x|²/n = 1 (it is scaled by √input_mean_square):
/// uniform on the sphere |x|² = n, or independent elements: normal, uniform on (−√3, √3), ±1, or the absolute
/// value of a normal (positive).
enum class InputDistribution { sphere, gaussian, uniform, rademacher, positive };

template <>
struct EnumWords<InputDistribution> {
  static constexpr std::string_view noun = "input distribution";
  static constexpr std::array words{std::pair{InputDistribution::sphere, std::string_view("sphere")},
                                    std::pair{InputDistribution::gaussian, std::string_view("gaussian")},
                                    std::pair{InputDistribution::uniform, std::string_view("uniform")},
                                    std::pair{InputDistribution::rademacher, std::string_view("rademacher")},
                                    std::pair{InputDistribution::positive, std::string_view("positive")}};
};

/// Of the mean square of the network's input, E|x|²/n.
inline constexpr Limits limits_of_input_mean_square{.low = 1e-100, .high = 1e100};

/// What all points of a sweep have in common and what their numbers depend on.
struct NetworkSettings {
  VarianceScaling variance_scaling = VarianceScaling::fan_in;
  InputDistribution input = InputDistribution::sphere;
  Engine engine = Engine::automatic;
  /// c_0, cosine of the two inputs, from −1 to 1; nothing where one input is simulated.
  std::optional<double> input_correlation = std::nullopt;
  /// M = E|x|²/n. Off its default only it stands in canonical texts and files.
  double input_mean_square = 1;
  /// Likewise.
  BiasScaling bias_scaling = BiasScaling::none;
  /// Of attention. Likewise.
  AttentionMask attention_mask = AttentionMask::none;
  AttentionScale attention_scale = AttentionScale::sqrt;
  /// c_0 of any two tokens, where there are several, whether their correlation is measured or not.
  double token_correlation = 0.5;

  friend bool operator==(const NetworkSettings&, const NetworkSettings&) = default;
};

}  // namespace varprop
