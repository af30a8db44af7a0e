#include "driver/theory/edge_of_chaos.hpp"

#include "theory/finite_width.hpp"

namespace varprop {

EdgeOfChaos edge_of_chaos(const EdgeQuery& query) {
  const InfiniteWidthPredictor predict(query.activation);
  EdgeOfChaos edge{query, predict.mean_field().facts().homogeneous(), {}, half_stable_points(predict)};
  for (const double bias : query.bias_variances) {
    EdgeRow row{bias, critical_weight_variance(predict, bias), critical_points(predict, bias), std::nullopt};
    if (query.width) {
      row.critical_weight_variance_n =
          critical_weight_variance_at_width(predict, query.weights, bias, *query.width);
    }
    edge.rows.push_back(row);
  }
  return edge;
}

}  // namespace varprop
