// How one quantity changes with depth at one point: which law is asked of its profiles, and whether it may be
// said to hold.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/results/point_results.hpp"
#include "analysis/statistics/estimate.hpp"
#include "core/text/words.hpp"
#include "theory/point_theory.hpp"

namespace varprop::analysis {

/// ln X_l over the window: A + rate·l · q* approached within ξ_q · A + exponent·ln(l + l₀) · none of these.
enum class DepthForm { exponential, fixed_point, power, none };

}  // namespace varprop::analysis

template <>
struct varprop::EnumWords<varprop::analysis::DepthForm> {
  static constexpr std::string_view noun = "law in depth";
  static constexpr std::array words{
      std::pair{analysis::DepthForm::exponential, std::string_view("exponential")},
      std::pair{analysis::DepthForm::fixed_point, std::string_view("fixed_point")},
      std::pair{analysis::DepthForm::power, std::string_view("power")},
      std::pair{analysis::DepthForm::none, std::string_view("none")}};
};

namespace varprop::analysis {

/// The parameters of laws in depth; none where no law was looked for.
enum class DepthParameter { none, rate, q_star, xi_q, exponent };

}  // namespace varprop::analysis

template <>
struct varprop::EnumWords<varprop::analysis::DepthParameter> {
  static constexpr std::string_view noun = "parameter of a law in depth";
  static constexpr std::array words{
      std::pair{analysis::DepthParameter::none, std::string_view("")},
      std::pair{analysis::DepthParameter::rate, std::string_view("rate")},
      std::pair{analysis::DepthParameter::q_star, std::string_view("q_star")},
      std::pair{analysis::DepthParameter::xi_q, std::string_view("xi_q")},
      std::pair{analysis::DepthParameter::exponent, std::string_view("exponent")}};
};

namespace varprop::analysis {

/// "holds", or "refused: " and the reason.
std::string verdict_of(const std::optional<theory::Reason>& refusal);

/// A verdict on one parameter of a law. A refused parameter has no estimate where data speak against the law,
/// and keeps it where there is only too little to tell.
struct LawParameter {
  DepthParameter name;
  std::optional<Estimate> estimate{};
  std::optional<double> theory{};
  std::int64_t points = 0;                  ///< recorded layers in the window
  double window_low = 0;                    ///< first layer
  double window_high = 0;                   ///< last layer
  std::optional<double> goodness{};         ///< p-value: how likely a leftover as large is under the law
  std::optional<theory::Reason> refusal{};  ///< why the law does not hold

  bool holds() const { return !refusal; }
  /// "holds", or "refused: " and why.
  std::string verdict() const { return verdict_of(refusal); }
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
void refuse(LawParameter& parameter, theory::Reason reason);

/// The law of ⟨ln q_l⟩, l going up. Theory says which to look for, data decide whether it holds:
///
///     a fixed point q* > 0 draws the signal in:    q* and ξ_q
///     nothing holds q, and χ_q ≠ 1:                the rate
///     the signal dies out and χ_q = 1:             a power of l, in networks at least 32 times as wide as
///     deep else:                                        none
///
/// `extinct_share`: of networks, at the end of travel. At least one batch is done.
DepthLaw forward_depth_law(const PointResults& results, const theory::PointTheory& theory,
                           double extinct_share);

/// The law of ⟨ln g_l⟩: the rate going down, or at criticality a power of l.
DepthLaw backward_depth_law(const PointResults& results, const theory::PointTheory& theory,
                            double extinct_share);

}  // namespace varprop::analysis
