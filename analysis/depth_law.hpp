// How one quantity changes with depth at one point, and whether a law may be said to hold.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/parameter.hpp"
#include "core/point/choices.hpp"

namespace varprop {

/// ln X_l over the window: A + rate·l · q* approached within ξ_q · A + exponent·ln(l + l₀) · none of these.
enum class DepthForm { exponential, fixed_point, power, none };

template <>
struct Choices<DepthForm> {
  static constexpr std::string_view noun = "law in depth";
  static constexpr std::array words{std::pair{DepthForm::exponential, std::string_view("exponential")},
                                    std::pair{DepthForm::fixed_point, std::string_view("fixed_point")},
                                    std::pair{DepthForm::power, std::string_view("power")},
                                    std::pair{DepthForm::none, std::string_view("none")}};
};

/// A verdict on one parameter of a law. A refused parameter has no estimate where data speak against the law,
/// and keeps it where there is only too little to tell.
struct LawParameter {
  std::string_view name;  ///< rate, q_star, xi_q or exponent; empty for no law
  std::optional<Parameter> estimate{};
  std::optional<double> theory{};
  std::int64_t points = 0;           ///< recorded layers in the window
  double window_low = 0;             ///< first layer
  double window_high = 0;            ///< last layer
  std::optional<double> goodness{};  ///< p-value: how likely a leftover as large is under the law
  std::string refusal{};             ///< why the law does not hold; empty where it does

  bool holds() const { return refusal.empty(); }
};

struct DepthLaw {
  DepthForm form;
  std::vector<LawParameter> parameters;
};

/// A law is refused where its leftover is rarer than this under it, and the parameters of the window's two
/// halves differ by more than this share.
inline constexpr double least_goodness = 0.01;
inline constexpr double largest_half_difference = 0.1;
/// Fewer networks alive than this share: survivors are not what the law is about.
inline constexpr double least_alive_share = 0.99;
/// The least factors that a law must be seen over: in X for an exponential and a power, in l for a power.
inline constexpr double least_log_change = 1.0;
inline constexpr double least_layer_ratio = 4.0;

/// A law's parameter must differ from 0 at this level: in 100 data sets without a law one is let pass.
inline constexpr double sure_of_a_law = 0.99;

/// Whether two halves of a window disagree about a parameter.
bool halves_differ(double a, double b);

/// The refusals that all laws share, in this order: the leftover; a 99 % interval that holds 0; fewer than 3
/// batches. The estimate is taken away unless only batches are missing.
void judge(LawParameter& parameter, double first_half, double second_half);

/// Refuses a parameter, taking its estimate away.
void refuse(LawParameter& parameter, std::string reason);

}  // namespace varprop
