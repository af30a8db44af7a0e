// Where a law is refused: what every law's data are asked, whatever the law, before it may be said to hold.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "analysis/statistics/estimate.hpp"
#include "theory/reason.hpp"

namespace varprop::analysis {

/// A law is refused where its leftover is rarer than this under it, and the parameters of the window's two
/// halves differ by more than this share.
inline constexpr double least_goodness = 0.01;
inline constexpr double largest_half_difference = 0.1;
/// A law's parameter must differ from 0 at this level: in 100 data sets without a law one is let pass.
inline constexpr double sure_of_a_law = 0.99;
/// Fewer networks than this share alive, or on the course that the law is about: the others are not.
inline constexpr double least_share_on_course = 0.99;

/// Leaving out the smallest width may move a law's parameter by so many standard errors of the difference,
/// √(Var without − Var with).
inline constexpr double largest_shift = 2;

/// "holds", or "refused: " and the reason.
std::string verdict_of(const std::optional<theory::Reason>& refusal);

/// A parameter from the two halves of what was fitted; NaN where a half has none.
struct Halves {
  double first;
  double second;

  bool differ() const;
};

/// What the data of a law are judged by.
struct Evidence {
  std::optional<double> goodness;     ///< p-value of what the law leaves behind
  std::function<Halves()> halves;     ///< asked for only where it leaves something behind
  theory::Reason::Name disagreement;  ///< the reason where halves differ
  bool may_be_zero = false;           ///< the law is about something else than its parameter being there
};

/// Why the data speak against a law with this parameter, in this order: it leaves something behind and the
/// halves differ by more than a tenth; its 99 % interval holds 0. Nothing where they do not. Where something
/// is left behind and the halves agree, the parameter's error is widened by what they disagree by: that is
/// not known of a law that does not fit to the last digit.
std::optional<theory::Reason> objection(Estimate& parameter, const Evidence& evidence);

}  // namespace varprop::analysis
