// An activation: its name, with its parameter if it has one ("tanh", "leaky_relu(0.2)"), what is known of it
// without evaluating it, and φ at plain doubles for code that is compiled once for all activations.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace varprop {

/// The slopes of φ on the two sides of a point: lim φ'(z) from below and from above.
struct Slopes {
  double negative;
  double positive;
  friend bool operator==(const Slopes&, const Slopes&) = default;
};

/// The one parameter that an activation may have, with its range (ends included).
struct ParameterFacts {
  std::string_view name;
  double default_value;
  double low;
  double high;
  bool default_is_silent = false;  ///< the text of the default has no parenthesis: "sin"
};

/// Up to two points where φ' jumps, and how fast φ bends elsewhere.
struct Kinks {
  std::array<double, 2> at{};
  std::size_t count = 0;
  double scale = 1;  ///< over which φ varies near 0; farther out it varies more slowly, or has a period
};

/// φ and φ' at one point (or at one vector of points).
template <class V>
struct ValueAndSlope {
  V value;
  V slope;
};

/// φ and φ' (at one point or at one vector of points) far out where they decay, too small for doubles or not:
/// φ = value·exp(−value_decay), φ' = slope·exp(−slope_decay).
template <class V>
struct Tail {
  V value;
  V value_decay;
  V slope;
  V slope_decay;
};

/// The units of a whole layer in its tail: φ is counted in exp(−value_decay), φ' in exp(−slope_decay).
struct TailUnits {
  double value_decay;
  double slope_decay;
};

/// Which of the two ends something happens at.
struct Ends {
  bool negative = false;
  bool positive = false;
  bool any() const { return negative || positive; }
};

/// What is known of φ without evaluating it.
struct ActivationFacts {
  Slopes at_zero;  ///< φ'(0−), φ'(0+): the law of tiny signals
  /// lim φ(z)/z at −∞ and +∞: the law of huge signals; 0 where φ is bounded, infinite where it outgrows every
  /// line.
  Slopes at_infinity;
  double value_at_zero;  ///< φ(0)
  Kinks kinks;
  Ends decays{};         ///< where φ' falls towards 0 for ever; its definition has a `tail` there
  double frequency = 0;  ///< ω of a φ with period 2π/ω; 0 of all others
  int power = 0;         ///< p > 1 of a φ with φ(λz) = λᵖφ(z) for every λ > 0; 0 of all others

  /// φ(λz) = λφ(z) for every λ > 0: two straight lines that meet in the origin.
  bool homogeneous() const { return at_zero == at_infinity && value_at_zero == 0.0; }
  bool oscillates() const { return frequency != 0; }
};

/// Which activation. A value type; what it computes is in core/network/activations/definitions/.
class Activation {
 public:
  /// From its text, e.g. "relu" or "leaky_relu(0.2)"; a parameter left out takes its default. PyTorch's,
  /// JAX's and Keras' names for the same function do as well ("nn.SiLU()", "swish", "identity"), in any case.
  /// Throws InputError for an unknown name (with the nearest known one, or with what it is in our words) or a
  /// parameter out of range.
  static Activation parse(std::string_view text);

  std::size_t index() const { return index_; }
  double parameter() const { return parameter_; }

  /// "tanh", "leaky_relu(0.2)": its one text, of our name and the shortest number; it parses back.
  std::string text() const;

  ActivationFacts facts() const;

  friend auto operator<=>(const Activation&, const Activation&) = default;

 private:
  constexpr Activation(std::size_t index, double parameter) : index_(index), parameter_(parameter) {}

  std::size_t index_;
  double parameter_;
};

/// The names of all activations, in the order of the list in all-inl.hpp.
std::vector<std::string> activation_names();

/// One activation's φ, φ' and φ'' through the system's libm, by calls through pointers: loops over it need
/// not be templates over all activations. What it computes is bit for bit scalar::evaluate<double>
/// (core/network/activations/scalar.hpp).
class Phi {
 public:
  explicit Phi(const Activation& activation);

  /// φ(z) and φ'(z).
  ValueAndSlope<double> operator()(double z) const { return value_and_slope_(parameter_, z); }
  /// One of them, at half the price where they have little in common.
  double value(double z) const { return value_(parameter_, z); }
  double slope(double z) const { return slope_(parameter_, z); }
  /// φ''(z) between the kinks, as the definitions have it (core/network/activations/all-inl.hpp).
  double curvature(double z) const { return curvature_(parameter_, z); }

 private:
  double parameter_;
  ValueAndSlope<double> (*value_and_slope_)(double parameter, double z);
  double (*value_)(double parameter, double z);
  double (*slope_)(double parameter, double z);
  double (*curvature_)(double parameter, double z);
};

}  // namespace varprop
