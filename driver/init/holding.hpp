// Which weight variance holds the signal and the gradient best through a depth, which range of them keeps
// both within F, and what would help where none does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "driver/init/through_depth.hpp"

namespace varprop::driver {

/// What would hold a depth that nothing holds: each nothing where it does not help, or is not looked for.
struct Remedies {
  std::optional<int> depth;             ///< the most layers that can be held at this width and bias variance
  std::optional<std::int64_t> width;    ///< so many neurons hold it: the width times a power of two
  std::optional<double> bias_variance;  ///< the first of a few that lets a weight variance hold it
};

struct StableRange {
  double low, high;  ///< of σ_w²; all between are stable
};

/// Best: with S = ⟨ln(q_L/q_1)⟩ and G = ⟨ln(g_1/g_L)⟩, where the larger of |S| and |G| is least. Both grow
/// with σ_w², but for G of very narrow networks, so that this is the zero of S + G; where that has none, or
/// is not stable, it is looked for from e^−8 to e^8, among the stable ones if there are any. The first layer,
/// which has no activation before it, does not count, but does for regimes.
struct Holding {
  Evidence source;        ///< whose numbers these are
  std::int64_t networks;  ///< simulated at every weight variance that was looked at; 0 for theory
  /// Nothing where it vanishes or explodes even there.
  std::optional<ThroughDepth> best{};
  std::optional<double> error{};  ///< of its weight variance, one standard deviation, where it is simulated
  std::optional<double> limit{};  ///< the same at infinite width
  std::optional<double> gradient_alone{};  ///< the zero of G
  /// About the best, as far as the regime is stable, to within a hundredth.
  std::optional<StableRange> stable{};
  std::string why{};    ///< a clause: why nothing is stable
  Remedies remedies{};  ///< then
};

/// By theory where it reaches; by simulation, of seconds, where theory is undecided or knows of infinite
/// width alone (layers too narrow for an expansion, or more of them than it walks through); and where that
/// would take longer, by infinite width, which judged.totals.of tells. The family has a width, and two layers
/// or more. Tens of walks: a second at the most on one core, more where remedies are looked for.
Holding hold(const Family& family);

/// The networks at one weight variance, by theory or by simulation on the same terms.
struct LookedAt {
  ThroughDepth networks;
  Evidence source;
  std::int64_t count;  ///< simulated; 0 for theory
};
LookedAt look_at(const Family& family, double weight_variance);

}  // namespace varprop::driver
