// The initializers of PyTorch (timm's and Hugging Face's among them), Keras and JAX, each declared once: its
// names, its arguments, and which law of the weights of a square layer it is.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/network/axes.hpp"
#include "core/text/words.hpp"
#include "driver/init/expression.hpp"

namespace varprop::driver {

enum class Framework { torch, keras, jax };

}  // namespace varprop::driver

template <>
struct varprop::EnumWords<varprop::driver::Framework> {
  static constexpr std::string_view noun = "framework";
  static constexpr std::array words{std::pair{driver::Framework::torch, std::string_view("torch")},
                                    std::pair{driver::Framework::keras, std::string_view("keras")},
                                    std::pair{driver::Framework::jax, std::string_view("jax")}};
};

namespace varprop::driver {

/// Where an initializer is used. All layers are n × n, so that fan_in = fan_out = fan_avg = n.
struct SquareLayers {
  std::int64_t width;  ///< n
  int depth;           ///< L
};

/// What an initializer draws.
struct InitialWeights {
  WeightDistribution law;  ///< where ours has no such law, the one that is nearest in its fourth moment
  double weight_variance;  ///< σ_w² = n Var W_ij
  std::optional<double> bias_variance{};  ///< σ_b²; nothing where the initializer is of the weights alone
  std::string note{};                     ///< a sentence on what is easily overlooked, or empty
};

/// A parameter of an initializer: its name, what it is where it is not given (nothing: it must be), and a
/// second name.
struct InitParameter {
  std::string_view name;
  std::variant<std::monostate, double, std::string_view> otherwise{};
  std::string_view second_name{};
};

/// The values of a declaration's parameters in one call.
class BoundArguments {
 public:
  void bind(std::string_view parameter, ArgumentValue value);
  bool has(std::string_view parameter) const { return find(parameter) != nullptr; }
  /// Throw InputError where the argument is of the other kind.
  double number(std::string_view parameter) const;
  std::string word(std::string_view parameter) const;

 private:
  const ArgumentValue* find(std::string_view parameter) const;

  std::vector<std::pair<std::string_view, ArgumentValue>> values_;
};

/// Of one initializer of one framework: what it draws, or why it is refused.
struct InitDeclaration {
  Framework framework;
  std::vector<std::string_view> names;  ///< as its documentation writes them
  std::vector<InitParameter> parameters;
  /// Throws InputError where no law of ours has these arguments. Null: refused.
  InitialWeights (*weights)(const BoundArguments&, const SquareLayers&) = nullptr;
  std::string_view refusal = {};  ///< the rest of a sentence that begins with the name
};

/// All of them, framework by framework. Sources: docs/initialization.md.
const std::vector<InitDeclaration>& init_declarations();

/// torch.nn.init.calculate_gain: √2 for relu, 5/3 for tanh, ¾ for selu, √(2/(1 + a²)) for leaky_relu (a =
/// 0.01), 1 for linear, sigmoid and convolutions. Throws InputError for others, as torch does.
double calculate_gain(std::string_view nonlinearity, std::optional<double> parameter = {});

}  // namespace varprop::driver
