// The measured quantities, each declared once (file, tables, help and docs follow).
#pragma once

#include <array>
#include <string_view>

#include "core/point/choices.hpp"

namespace varprop {

/// What is measured at every recorded layer of every network.
enum class Quantity { forward, backward, weight_gradient };

inline constexpr std::array all_quantities{Quantity::forward, Quantity::backward, Quantity::weight_gradient};

template <>
struct Choices<Quantity> {
  static constexpr std::string_view noun = "measure";
  static constexpr std::array words{
      std::pair{Quantity::forward, std::string_view("forward")},
      std::pair{Quantity::backward, std::string_view("backward")},
      std::pair{Quantity::weight_gradient, std::string_view("weight_gradient")}};
};

/// The formula of a quantity, for long names and docs.
inline std::string_view definition(Quantity quantity) {
  switch (quantity) {
    case Quantity::forward:
      return "q_l = |z^l|²/n, mean square pre-activation of layer l";
    case Quantity::backward:
      return "g_l = |δ^l|², squared norm of the gradient with respect to z^l";
    case Quantity::weight_gradient:
      return "ω_l = |δ^l|²|a^(l-1)|², squared Frobenius norm of the gradient of W^l";
  }
  return {};
}

}  // namespace varprop
