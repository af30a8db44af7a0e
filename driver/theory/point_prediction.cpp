#include "driver/theory/point_prediction.hpp"

#include "core/network/point.hpp"
#include "theory/means/neuron_shares.hpp"

namespace varprop::driver {

namespace {

theory::ValueOrReason<double> over(double unit, const theory::ValueOrReason<double>& weight_variance) {
  return weight_variance.transform([unit](double fan_in) { return fan_in / unit; });
}

/// ln V(q_l) is what the weights of the layer above are given; above the last layer stands one in thought.
LayerActivations activations_of(const TheoryQuery& query, const theory::MeanField& mean_field,
                                const std::vector<double>& log_profile) {
  const theory::NeuronShares shares(query.activation);
  const theory::PlainLayer map(mean_field, query.variances());
  LayerActivations layers;
  for (std::size_t l = 0; l < log_profile.size(); ++l) {
    const bool last = l + 1 == log_profile.size();
    const double above = last ? map.next({log_profile[l]}, *query.depth).log_q : log_profile[l + 1];
    layers.log_mean_square.push_back(theory::log_given_square(query.variances(), above));
    layers.saturated.push_back(shares.saturated(log_profile[l]));
    layers.dead.push_back(shares.dead(log_profile[l]));
  }
  return layers;
}

theory::TangentKernelTheory tangent_kernel_of(const TheoryQuery& query, const theory::MeanField& mean_field,
                                              const std::vector<double>& log_profile) {
  const std::int64_t width = query.width.value_or(1);
  return {theory::tangent_kernel(mean_field, query.variances(), log_profile, width),
          theory::log_tangent_kernel_ratio(mean_field.facts(), query.bias(), query.weights,
                                           InputDistribution::sphere, width, *query.depth)};
}

/// Networks of which a whole layer is off: exactly, or as the walk that judges the depth has it.
theory::ValueOrReason<theory::DeadShares> dead_networks(const Prediction& prediction) {
  const TheoryQuery& query = prediction.query;
  const Point point{query.activation,
                    query.weights,
                    WeightVariance(query.weight_variance),
                    BiasVariance(query.bias_variance),
                    Width(*query.width),
                    Depth(*query.depth)};
  const auto exact = theory::dead_shares(point);
  const auto& [forward, backward, of] = prediction.judged->here.totals;
  if (exact || of == theory::TotalsOf::infinite_width) return exact;
  return theory::DeadShares{forward.extinct_share, backward.extinct_share};
}

/// What depends on the depth.
void look_through_depth(Prediction& prediction, const theory::InfiniteWidthPredictor& predict,
                        const theory::MapTheory& map) {
  const TheoryQuery& query = prediction.query;
  const int depth = *query.depth;
  prediction.through_depth =
      depth_theory(predict, map, query.weights, query.width, depth, query.input_correlation);
  prediction.limit_law = limit_law(predict, map, prediction.through_depth->log_profile);
  const std::vector<double>& log_profile = prediction.through_depth->log_profile;
  prediction.activations = activations_of(query, predict.mean_field(), log_profile);
  prediction.tangent_kernel = tangent_kernel_of(query, predict.mean_field(), log_profile);
  prediction.judged =
      judge_depth({predict, query.weights, query.bias(), query.width, depth}, map.variances.weight);
  if (query.width) prediction.dead = dead_networks(prediction);
}

/// Weight variances in the query's own unit.
void count_as_asked(Prediction& prediction, double unit) {
  prediction.critical_weight_variance = over(unit, prediction.critical_weight_variance);
  prediction.uncertainty.critical_weight_variance /= unit;
  if (prediction.critical_weight_variance_n)
    prediction.critical_weight_variance_n = over(unit, *prediction.critical_weight_variance_n);
  for (theory::CriticalPoint& point : prediction.critical_points) point.weight_variance /= unit;
}

}  // namespace

Prediction predict_point(const TheoryQuery& query) {
  const theory::InfiniteWidthPredictor predict(query.activation, query.input_mean_square);
  const theory::MapTheory map = map_theory(predict, query.variances());
  const double bias = query.bias();
  Prediction prediction{.query = query,
                        .phase = theory::phase_of(map.limit.chi),
                        .theory = point_theory(predict, map, query.weights, query.width),
                        .critical_weight_variance = critical_weight_variance(predict, bias),
                        .critical_weight_variance_n = {},
                        .uncertainty = uncertainty_of(predict, map, query.weights),
                        .critical_points = critical_points(predict, bias),
                        .through_depth = {},
                        .limit_law = {},
                        .activations = {},
                        .tangent_kernel = {},
                        .judged = {},
                        .dead = {}};
  if (query.width) {
    prediction.critical_weight_variance_n =
        critical_weight_variance_at_width(predict, query.weights, bias, *query.width);
  }
  count_as_asked(prediction, query.unit());
  if (query.depth) look_through_depth(prediction, predict, map);
  return prediction;
}

}  // namespace varprop::driver
