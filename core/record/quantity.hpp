// The measured quantities, each declared once (file, tables, help and docs follow).
#pragma once

#include <array>
#include <string_view>

#include "core/point/choices.hpp"

namespace varprop {

/// What is measured at every recorded layer of every network. All but `correlation` are positive numbers of
/// one input's pass, told by their logarithms; `correlation` simulates two inputs and tells how alike they
/// become (Alikeness).
enum class Quantity { forward, backward, weight_gradient, correlation };

inline constexpr std::array positive_quantities{Quantity::forward, Quantity::backward,
                                                Quantity::weight_gradient};

template <>
struct Choices<Quantity> {
  static constexpr std::string_view noun = "measure";
  static constexpr std::array words{std::pair{Quantity::forward, std::string_view("forward")},
                                    std::pair{Quantity::backward, std::string_view("backward")},
                                    std::pair{Quantity::weight_gradient, std::string_view("weight_gradient")},
                                    std::pair{Quantity::correlation, std::string_view("correlation")}};
};

/// What two inputs have in common at a layer: a cosine c, kept with its distance 1 − c from full agreement.
enum class Alikeness { correlation, gradient_correlation };

inline constexpr std::array all_alikenesses{Alikeness::correlation, Alikeness::gradient_correlation};

template <>
struct Choices<Alikeness> {
  static constexpr std::string_view noun = "alikeness";
  static constexpr std::array words{
      std::pair{Alikeness::correlation, std::string_view("correlation")},
      std::pair{Alikeness::gradient_correlation, std::string_view("gradient_correlation")}};
};

/// The symbol of a positive quantity at layer l.
inline std::string_view symbol(Quantity quantity) {
  switch (quantity) {
    case Quantity::forward:
      return "q_l";
    case Quantity::backward:
      return "g_l";
    case Quantity::weight_gradient:
      return "ω_l";
    case Quantity::correlation:
      break;
  }
  return {};
}

/// The formula of a quantity, for long names and docs.
inline std::string_view definition(Quantity quantity) {
  switch (quantity) {
    case Quantity::forward:
      return "q_l = |z^l|²/n, mean square pre-activation of layer l";
    case Quantity::backward:
      return "g_l = |δ^l|², squared norm of the gradient with respect to z^l";
    case Quantity::weight_gradient:
      return "ω_l = |δ^l|²|a^(l-1)|², squared Frobenius norm of the gradient of W^l";
    case Quantity::correlation:
      return "c_l and γ_l, cosines of z^l and of δ^l of two inputs";
  }
  return {};
}

inline std::string_view definition(Alikeness alikeness) {
  switch (alikeness) {
    case Alikeness::correlation:
      return "c_l, cosine of z^l of two inputs";
    case Alikeness::gradient_correlation:
      return "γ_l, cosine of δ^l of two inputs under the same output gradient";
  }
  return {};
}

}  // namespace varprop
