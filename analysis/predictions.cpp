#include "analysis/predictions.hpp"

#include "theory/first_layer.hpp"

namespace varprop {

const InfiniteWidth& Predictions::operator()(const Point& point) {
  const Variances variances = variances_of(point, ensemble_.variance_scaling);
  const std::tuple key(point.activation.text(), variances.weight, variances.bias);
  const auto found = known_.find(key);
  if (found != known_.end()) return found->second;
  const auto& predict = predictor(point.activation);
  return known_.emplace(key, predict(variances, first_layer_variance(variances))).first->second;
}

const InfiniteWidthPredictor& Predictions::predictor(const Activation& activation) {
  return predictors_.try_emplace(activation.text(), activation).first->second;
}

}  // namespace varprop
