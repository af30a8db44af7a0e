// How one quantity changes with depth at one point: which law is asked of its profiles, and whether it may be
// said to hold.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/results/point_results.hpp"
#include "analysis/results/rates.hpp"
#include "analysis/statistics/estimate.hpp"
#include "analysis/statistics/refusals.hpp"
#include "core/text/words.hpp"
#include "theory/networks/point_theory.hpp"

namespace varprop::analysis {

/// ln X_l over the window: A + rate·l · q* approached within ξ_q · A + exponent·ln(l + l₀) · none of these.
/// Of streams also X_l itself (stream_laws.hpp): linear.
enum class DepthForm { exponential, fixed_point, power, none, linear };

}  // namespace varprop::analysis

template <>
struct varprop::EnumWords<varprop::analysis::DepthForm> {
  static constexpr std::string_view noun = "law in depth";
  static constexpr std::array words{
      std::pair{analysis::DepthForm::exponential, std::string_view("exponential")},
      std::pair{analysis::DepthForm::fixed_point, std::string_view("fixed_point")},
      std::pair{analysis::DepthForm::power, std::string_view("power")},
      std::pair{analysis::DepthForm::none, std::string_view("none")},
      std::pair{analysis::DepthForm::linear, std::string_view("linear")}};
};

namespace varprop::analysis {

/// The parameters of laws in depth; none where no law was looked for. Of two inputs c_star and xi_c.
enum class DepthParameter { none, rate, q_star, xi_q, exponent, c_star, xi_c, increment, kappa };

}  // namespace varprop::analysis

template <>
struct varprop::EnumWords<varprop::analysis::DepthParameter> {
  static constexpr std::string_view noun = "parameter of a law in depth";
  static constexpr std::array words{
      std::pair{analysis::DepthParameter::none, std::string_view("")},
      std::pair{analysis::DepthParameter::rate, std::string_view("rate")},
      std::pair{analysis::DepthParameter::q_star, std::string_view("q_star")},
      std::pair{analysis::DepthParameter::xi_q, std::string_view("xi_q")},
      std::pair{analysis::DepthParameter::exponent, std::string_view("exponent")},
      std::pair{analysis::DepthParameter::c_star, std::string_view("c_star")},
      std::pair{analysis::DepthParameter::xi_c, std::string_view("xi_c")},
      std::pair{analysis::DepthParameter::increment, std::string_view("increment")},
      std::pair{analysis::DepthParameter::kappa, std::string_view("kappa")}};
};

namespace varprop::analysis {

/// A verdict on one parameter of a law. A refused parameter has no estimate where data speak against the law,
/// and keeps it where there is only too little to tell.
struct LawParameter {
  DepthParameter name;
  std::optional<Estimate> estimate{};
  std::optional<double> theory{};
  double neglected = 0;                     ///< how far theory may be off: the orders in 1/n that it has not
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

/// The least factors that a law must be seen over: in X for an exponential and a power, in l for a power.
inline constexpr double least_log_change = 1.0;
inline constexpr double least_layer_ratio = 4.0;

/// Whether networks of this activation die by law: one of its slopes is 0, as the ReLU's, so that a layer of
/// n neurons dies with 2^−n. The laws are those of the living then.
bool dies_by_law(const Activation& activation);

/// From this width on a parameter is compared with its value at infinite width, where none is known at width
/// n.
inline constexpr std::int64_t least_width_of_limits = 64;
/// Batches from which a length, and the exponent of a power, have an interval.
inline constexpr std::int64_t least_batches_of_length = 8;

/// The share of living networks whose signal ended beyond a barrier of its course.
double share_astray(const QuantityResults& forward, const theory::Barriers& barriers);

/// Asks the data of a parameter, as of every law (statistics/refusals.hpp). The estimate is taken away where
/// they speak against it, and stays where fewer than 3 batches tell nothing.
void judge(LawParameter& parameter, Halves halves);

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

/// ⟨ln X_l⟩ of the batches that have a value at every layer of a window.
struct ProfileMatrix {
  Eigen::VectorXd layers;  ///< layer numbers l
  Eigen::MatrixXd values;  ///< a row for each batch, a column for each layer

  Eigen::Index batches() const { return values.rows(); }
  Eigen::Index size() const { return layers.size(); }
  /// The mean profile.
  Eigen::VectorXd mean() const { return values.colwise().mean().transpose(); }
  /// The columns from one to another, both included.
  ProfileMatrix columns(Eigen::Index first, Eigen::Index last) const;
};

/// Batches with a layer where no network is alive are left out.
ProfileMatrix profile_matrix(const PointResults& results, const QuantityResults& quantity, Window window);

/// The rate along l (turn it for a quantity that travels down) of a random walk: of every batch the slope
/// between the window's ends, which carry all the information. Goodness from the contrasts of l² and l³.
/// Refused where X changes by less than e over the window, and as judge() says.
LawParameter exponential_rate(const ProfileMatrix& profiles);

/// Layers that a power law is looked for in: l ≥ max(16, L/16). `depth` L.
inline constexpr std::int32_t first_power_layer = 16;
/// Networks narrower than so many times their depth have another law: their own fluctuations move the
/// exponent.
inline constexpr std::int64_t least_width_over_depth = 32;

/// The recorded layers from max(16, L/16) on.
theory::ValueOrReason<Window> power_window(std::span<const std::int32_t> layers, std::int32_t depth);

/// The exponent e, from the mean profile with l₀ free, layers weighed with 1/l (every octave alike; the
/// variance of ln q grows like l). By batch: one Gauss–Newton step (parameters_by_batch), so that the
/// interval knows of the freedom of l₀. Goodness from the contrasts of u² and u³ in u = ln(l + l₀). Refused
/// where l changes by less than 4 × or X by less than e, where no l₀ fits, and as judge() says; halves have
/// an l₀ each.
LawParameter power_exponent(const ProfileMatrix& profiles);

/// q* = exp⟨ln q_l⟩ over the window's layers, where the input is forgotten; of every batch the mean over
/// them. Goodness from the contrasts of l² and l³ outside a constant. Refused as judge() says.
LawParameter fixed_point(const ProfileMatrix& settled);

/// ξ_q = −1/ln χ_q from the layers before. With the distance d_l = ln q_l − ln q* and ln q* the mean of the
/// last layers,
///
///     d_{l+1} = χ_q d_l + c d_l²
///
/// by least squares over pairs of neighbouring layers from the first with |d| ≤ 0.7 on. By batch: jackknife
/// pseudo-values B θ − (B−1) θ_{−b}, θ_{−b} from the mean profile of the other batches. Goodness from what
/// the pairs leave behind. `approach`: layers from the input into the window of q*, which begins at column
/// `settled`. Refused where fewer than 8 neighbouring layers are recorded, where the first is less than e
/// standard errors away from q*, where there are fewer than 8 batches, from which pseudo-values of so bent a
/// function tell no interval, and as judge() says.
///
/// Of a value whose noise is not like its approach (fluctuations with a shorter memory would shorten the
/// length) `last` is the last column of which a pair is taken.
LawParameter approach_length(const ProfileMatrix& approach, Eigen::Index settled,
                             std::optional<Eigen::Index> last = {});

}  // namespace varprop::analysis
