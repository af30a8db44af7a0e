// A row of laws.csv: one parameter of one law, with what speaks for it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "analysis/parameter.hpp"
#include "core/sweep/axes.hpp"

namespace varprop {

/// The laws that are looked for.
enum class LawName {
  critical_weight_variance,
  correlation_length,
  fluctuation,
  drift,
  width,
  forward_depth,
  backward_depth
};

template <>
struct Choices<LawName> {
  static constexpr std::string_view noun = "law";
  static constexpr std::array words{
      std::pair{LawName::critical_weight_variance, std::string_view("critical_weight_variance")},
      std::pair{LawName::correlation_length, std::string_view("correlation_length")},
      std::pair{LawName::fluctuation, std::string_view("fluctuation")},
      std::pair{LawName::drift, std::string_view("drift")},
      std::pair{LawName::width, std::string_view("width")},
      std::pair{LawName::forward_depth, std::string_view("forward_depth")},
      std::pair{LawName::backward_depth, std::string_view("backward_depth")}};
};

struct Law {
  LawName law;
  std::string_view form;       ///< of the curve: exponential, power, …; see docs/estimators.md
  std::string_view parameter;  ///< of the curve; empty where none was looked for
  Point point;                 ///< what the law is of, along the axes that apply
  std::array<bool, axis_count> applies{};
  std::optional<double> estimate{};
  std::optional<Interval> interval{};  ///< 95 %
  std::optional<double> theory{};
  std::optional<double> z{};         ///< the estimate's distance to theory as a normal deviate
  std::int64_t points = 0;           ///< that were fitted: points of the sweep, or layers of a depth law
  std::optional<Interval> window{};  ///< of the law's variable
  std::optional<double> goodness{};  ///< p-value of what the curve leaves behind
  std::string refusal{};             ///< why the law does not hold; empty where it does

  bool holds() const { return refusal.empty(); }
};

/// Gives a law its estimate and interval, and the distance to `theory`.
void set_estimate(Law& law, const Parameter& parameter, std::optional<double> theory);

/// The same for the logarithm of the law's parameter: estimate, interval and theory are exponentials of it.
void set_log_estimate(Law& law, const Parameter& logarithm, std::optional<double> log_theory);

/// Refuses a law whose data speak against it: the estimate goes.
void refuse(Law& law, std::string reason);

}  // namespace varprop
