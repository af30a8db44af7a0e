// The name of an activation, with its parameter if it has one: "tanh", "leaky_relu(0.2)".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/activations/traits.hpp"

namespace varprop {

/// Which activation. A value type; what it computes is in core/activations/definitions/.
class Activation {
 public:
  /// From its text, e.g. "relu" or "leaky_relu(0.2)"; a parameter left out takes its default.
  /// Throws InputError for an unknown name (with the nearest known one) or a parameter out of range.
  static Activation parse(std::string_view text);

  std::size_t index() const { return index_; }
  double parameter() const { return parameter_; }

  /// "tanh", "leaky_relu(0.2)": the shortest text that parses back to this activation.
  std::string text() const;

  ActivationFacts facts() const;

  friend bool operator==(const Activation&, const Activation&) = default;

 private:
  Activation(std::size_t index, double parameter) : index_(index), parameter_(parameter) {}

  std::size_t index_;
  double parameter_;
};

/// The names of all activations, in the order of the list in all-inl.hpp.
std::vector<std::string> activation_names();

}  // namespace varprop
