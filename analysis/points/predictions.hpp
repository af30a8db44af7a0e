// The theory beside every point and every profile, computed once for each map, width and distribution that
// the sweep contains.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/sweep/measures.hpp"
#include "theory/infinite_width/layer_map.hpp"
#include "theory/networks/pair_theory.hpp"
#include "theory/networks/point_theory.hpp"
#include "theory/networks/tangent_kernel.hpp"
#include "theory/streams/stream_theory.hpp"

namespace varprop::analysis {

/// Hears what is being done, as a noun, and which share of it is, from 0 to 1; often, and by one thread.
using ProgressListener = std::function<void(std::string_view doing, double share)>;

class Predictions {
 public:
  /// What decides the map of a layer: the point without what the map does not depend on, and σ_w² as theory
  /// counts it.
  using MapKey = std::pair<PointWithout<WeightDistribution, WeightVariance, Width, Depth>, double>;

  explicit Predictions(const NetworkSettings& settings, ProgressListener progress = {})
      : ensemble_(settings), progress_(std::move(progress)) {}

  /// Tells the listener how far something is that lasts because of theory.
  void tell(std::string_view doing, std::size_t done, std::size_t all) const;

  /// Those points.
  std::vector<Point> known_among(std::span<const Point> points) const;

  /// Computes what is still unknown of these points, on all cores.
  void prepare(std::span<const Point> points);

  /// Whether it is a network of the first axes; of others theory knows less
  /// (theory/networks/network_theory.hpp).
  bool knows(const Point& point) const { return is_plain(point, ensemble_); }

  /// What theory says of a point; the reference stays valid.
  const theory::PointTheory& operator()(const Point& point);

  /// The weight variance, as the sweep counts it, at which the point's gradient would neither vanish nor
  /// explode: in the limit of infinite width, and at the point's width. Remembered; several threads may ask
  /// at once of activations whose predictor is known.
  theory::ValueOrReason<double> critical_weight_variance(const Point& point);
  theory::ValueOrReason<double> critical_weight_variance_at_width(const Point& point);

  /// ln q_L and ln g_1 of a whole network: at the point's width as far as they are known there, else those of
  /// infinite width, without a variance. Computed anew; several threads may ask at once of activations whose
  /// predictor is known.
  theory::NetworkLaw network(const Point& point);

  /// The tangent kernel of a whole network of the first axes: its infinite width, and its fluctuation at the
  /// point's width. Remembered; likewise several threads may ask at once.
  theory::TangentKernelTheory tangent_kernel(const Point& point);

  /// The sweep's two inputs through so many layers of a point, or as far as they are followed: their profile
  /// at infinite width, and what is said of them at the point's. Of other networks nothing. Remembered;
  /// likewise several threads may ask at once.
  theory::PairMap pair_map(const Point& point, std::int32_t depth);
  theory::PairTheory pair(const Point& point, const theory::PairMap& map, const theory::PointTheory& theory);

  /// Profiles of a point with a stream, at infinite width. Computed anew; likewise several threads may ask.
  theory::ValueOrReason<theory::StreamProfiles> stream(const Point& point);

  /// The same with ln(1 − c_l) and γ_l of two tokens, or of the sweep's two inputs.
  theory::ValueOrReason<theory::StreamProfiles> stream_pair(const Point& point);

  /// Of a point with a stream, the nearest branch scale that keeps both totals within ± `range` through its
  /// depth, at infinite width; of at most 1024 blocks. Computed anew; likewise several threads may ask.
  theory::ValueOrReason<double> stable_branch_scale(const Point& point, double range);

  /// Of network(), at infinite width for a signal that begins off its mean by so much in ln q_1.
  std::pair<double, double> limit_from(const Point& point, double off);

  /// ⟨ln(|x|²/n)⟩ of the sweep's input.
  double log_input_square(const Point& point) const {
    return theory::mean_log_input_square(ensemble_, Width(layer_width(point, 0)));
  }

  /// The predictor of an activation; the reference stays valid.
  const theory::InfiniteWidthPredictor& predictor(const Activation& activation);

  MapKey map_key(const Point& point) const;

 private:
  /// Of a point whose predictor is known.
  theory::MapTheory map_of(const Point& point) const;
  /// Of a point whose map is known.
  theory::PointTheory theory_of(const Point& point) const;
  theory::ValueOrReason<double> in_units_of(const Point& point,
                                            const theory::ValueOrReason<double>& weight_variance) const;

  NetworkSettings ensemble_;
  ProgressListener progress_;
  std::map<std::string, theory::InfiniteWidthPredictor> predictors_;
  std::map<MapKey, theory::MapTheory> maps_;
  std::map<MapKey, theory::CorrelationLimit> correlations_;  ///< of networks that are not known
  std::map<PointWithout<Depth>, theory::PointTheory> known_;
  std::mutex critical_;  ///< of what follows
  std::map<PointWithout<WeightDistribution, WeightVariance, Width, Depth>, theory::ValueOrReason<double>>
      critical_variances_;
  std::map<PointWithout<WeightVariance, Depth>, theory::ValueOrReason<double>> critical_variances_at_width_;
  std::map<std::pair<MapKey, std::int32_t>, theory::TangentKernel> tangent_kernels_;  ///< of width 1
  std::map<MapKey, theory::PairMap> pair_maps_;
};

/// Of one point, by position in positive_quantities an element for each layer: ln q_l, ln g_l, ln ω_l and
/// ln A_l of infinite width; none of other quantities.
using TheoryProfiles = std::array<std::vector<double>, positive_quantities.size()>;

/// What theory says at some layers of some points; a map is iterated once for all its points.
class ProfileTheory {
 public:
  /// `layers` ascending from 1, the depth of every point among them.
  ProfileTheory(const std::vector<Point>& points, std::vector<std::int32_t> layers,
                const NetworkSettings& settings, Predictions& predictions);

  /// At the layers up to the point's depth, at infinite width; of streams with ⟨ln(∂ℓ/∂β)²⟩, and by
  /// theory/streams/stream_theory.hpp. Else, with s = ln(σ_w² D(q)):
  ///
  ///     ln q_l by the map from q_1 = σ_w² M + σ_b²,   ln g_l = Σ s_k over k = l … L − 1,
  ///     ln ω_l = ln g_l + ln n + ln((q_l − σ_b²)/σ_w²),   ln A_l = ln V(q_l)
  TheoryProfiles limit(const Point& point) const;

  /// The same at width n, exactly: means of logarithms over random networks. For homogeneous activations
  /// without biases and Gaussian or orthogonal weights only.
  ///
  ///     ⟨ln q_l⟩ = ⟨ln(|x|²/n)⟩ + ln σ_w² + m₁ + (l − 1) r,   ⟨ln g_l⟩ = (L − l) r,
  ///     ⟨ln ω_l⟩ = ⟨ln g_l⟩ + ln n + ⟨ln q_l⟩ − m₁ − ln σ_w²,   ⟨ln A_l⟩ = ⟨ln(|x|²/n)⟩ + l r
  ///
  /// with r = ln χ + m the rate at width n and m₁ that of a layer without an activation
  /// (theory/means/log_ratio.hpp).
  std::optional<TheoryProfiles> at_width(const Point& point) const;

  /// ln g_l at width n to first order in 1/n: that of infinite width, and for every layer above what the rate
  /// at width n (ln χ + κ₁/n) has beyond ln χ. Empty where there is no such rate.
  std::vector<double> gradient_to_first_order(const Point& point) const;

 private:
  /// ln q_l, ln V(q_l) and Σ s_k over k < l, at the layers.
  struct MapProfile {
    std::vector<double> log_q;
    std::vector<double> log_a;
    std::vector<double> log_gain;
  };

  MapProfile iterate(const Point& point) const;
  TheoryProfiles limit_of_other(const Point& point) const;
  TheoryProfiles limit_of_stream(const Point& point) const;
  std::size_t layers_of(const Point& point) const;

  std::vector<std::int32_t> layers_;
  NetworkSettings ensemble_;
  Predictions& predictions_;
  std::map<Predictions::MapKey, MapProfile> maps_;
};

}  // namespace varprop::analysis
