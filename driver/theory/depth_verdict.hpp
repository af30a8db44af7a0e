// What becomes of a whole network of the depth asked for, by F = 100 as the analysis of a sweep has it, and
// the nearest weight variance that holds this depth.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "analysis/points/regimes.hpp"
#include "core/network/activations/activation.hpp"
#include "core/network/axes.hpp"
#include "core/text/words.hpp"
#include "theory/finite_width/network_walk.hpp"
#include "theory/infinite_width/infinite_width.hpp"

template <>
struct varprop::EnumWords<varprop::theory::TotalsOf> {
  static constexpr std::string_view noun = "kind of totals";
  static constexpr std::array words{
      std::pair{theory::TotalsOf::width_exactly, std::string_view("this width, exactly")},
      std::pair{theory::TotalsOf::width, std::string_view("this width, estimated")},
      std::pair{theory::TotalsOf::infinite_width, std::string_view("infinite width")}};
};

namespace varprop::driver {

/// F: a change by less than this factor either way is stable.
inline constexpr double stable_factor = 100;

/// One network out of many, judged by its totals.
struct Judgement {
  theory::NetworkTotals totals;
  analysis::Regime regime;  ///< the severer of the signal's and the gradient's
};

/// The points that are alike but for their weight variance.
struct Family {
  const theory::InfiniteWidthPredictor& predict;  ///< of the activation and of E|x|²/n
  WeightDistribution weights;
  double bias_variance;
  std::optional<std::int64_t> width;  ///< n; nothing: infinite
  int depth;                          ///< L
};

/// As the analysis judges a measured total: its error stands in the place of chance.
analysis::Regime regime_of(const theory::TotalLaw& law);

/// Judges the networks of a family, at whatever weight variance.
class DepthJudge {
 public:
  explicit DepthJudge(const Family& family)
      : family_(family), walk_(family.predict.mean_field(), family.weights, family.width) {}

  /// By the totals of one walk (theory/finite_width/network_walk.hpp).
  Judgement operator()(double weight_variance);
  /// ⟨ln(q_1 n/|x|²)⟩: what the first layer alone does to the signal.
  double first_layer(double weight_variance);
  /// The signal counted from q_1. Nothing where the first layer alone changes it by no more than F.
  std::optional<Judgement> from_first_layer(double weight_variance);

  const Family& family() const { return family_; }

 private:
  theory::NetworkTotals totals(double weight_variance, int depth,
                               theory::CountedFrom from = theory::CountedFrom::input);

  Family family_;
  theory::NetworkWalk walk_;
};

struct DepthVerdict {
  Judgement here;
  /// σ_w² (times fan-in), the point's own where it is stable; nothing where none is.
  std::optional<double> nearest_stable;
  std::optional<Judgement> there;  ///< at the nearest stable one
  std::string why_none;            ///< a clause, where none is stable
  /// ⟨ln(q_1 n/|x|²)⟩, where it alone is why the point is not stable: counted from q_1 it is.
  std::optional<double> first_layer{};
};

/// Judges the point of the family at a weight variance, and searches for the nearest one, in ln σ_w², at
/// which the signal and the gradient keep within F^0.9, and 97 networks in 100 within F; or the middle of
/// what holds in the mean, if 93 do there. Some tens of walks (theory/finite_width/network_walk.hpp).
DepthVerdict judge_depth(const Family& family, double weight_variance);

/// "erratic: stable in the mean, but 12 networks in 100 stray further": a regime with its numbers.
std::string regime_clause(const Judgement& judged);

/// "e^4.574 = 96.9", and the power alone where no double holds the number.
std::string factor_text(double logarithm);

}  // namespace varprop::driver
