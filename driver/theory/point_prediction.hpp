// Everything that theory says of a point of plain layers of one width, for the pages of `varprop theory`.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/network/activations/activation.hpp"
#include "core/network/axes.hpp"
#include "core/network/settings.hpp"
#include "driver/theory/depth_verdict.hpp"
#include "theory/networks/network_theory.hpp"
#include "theory/networks/point_theory.hpp"
#include "theory/networks/tangent_kernel.hpp"

namespace varprop::driver {

/// Of layers 1 … L at infinite width.
struct LayerActivations {
  std::vector<double> log_mean_square;  ///< ln V(q_l)
  std::vector<double> saturated, dead;  ///< shares of neurons (theory/means/neuron_shares.hpp)
};

struct TheoryQuery {
  Activation activation;
  WeightDistribution weights;
  double weight_variance;                                      ///< as variance_scaling counts it
  double bias_variance;                                        ///< as bias_scaling counts it
  std::optional<std::int64_t> width;                           ///< n; nothing: infinite
  std::optional<int> depth;                                    ///< L
  std::optional<double> input_correlation;                     ///< c_0
  VarianceScaling variance_scaling = VarianceScaling::fan_in;  ///< none: with a width only
  double input_mean_square = 1;                                ///< E|x|²/n
  BiasScaling bias_scaling = BiasScaling::none;                ///< fan_in: with a width only

  /// A weight variance of 1, times fan-in: 1, or n.
  double unit() const {
    return variance_scaling == VarianceScaling::none ? static_cast<double>(width.value()) : 1.0;
  }
  theory::Variances variances() const { return {weight_variance * unit(), bias()}; }
  /// σ_b².
  double bias() const {
    return bias_scaling == BiasScaling::none ? bias_variance
                                             : bias_variance / static_cast<double>(width.value());
  }
};

/// All that theory says of it; weight variances as the query's scaling counts them.
struct Prediction {
  TheoryQuery query;
  theory::Phase phase;
  theory::PointTheory theory;
  theory::ValueOrReason<double> critical_weight_variance;
  std::optional<theory::ValueOrReason<double>> critical_weight_variance_n;  ///< where a width is given
  theory::PointUncertainty uncertainty;
  std::vector<theory::CriticalPoint> critical_points;  ///< all with this bias variance
  std::optional<theory::DepthTheory> through_depth;    ///< where a depth is given
  std::optional<theory::NetworkLaw> limit_law;         ///< the same of infinite width, likewise
  std::optional<LayerActivations> activations;         ///< likewise
  /// Likewise; without a width Θ_W is that of one neuron a layer, and means nothing.
  std::optional<theory::TangentKernelTheory> tangent_kernel;
  std::optional<DepthVerdict> judged;  ///< likewise; its weight variances are times fan-in
  std::optional<theory::ValueOrReason<theory::DeadShares>> dead;  ///< where depth and width are given
};

Prediction predict_point(const TheoryQuery& query);

}  // namespace varprop::driver
