// The edge of chaos of an activation, bias variance by bias variance, and its pages.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/network/activations/activation.hpp"
#include "core/network/axes.hpp"
#include "theory/infinite_width/criticality.hpp"

namespace varprop::driver {

struct EdgeQuery {
  Activation activation;
  WeightDistribution weights;
  std::vector<double> bias_variances;
  std::optional<std::int64_t> width;  ///< n; nothing: infinite
  double input_mean_square = 1;       ///< E|x|²/n
};

/// The edge at one bias variance.
struct EdgeRow {
  double bias_variance;
  theory::ValueOrReason<double> critical_weight_variance;
  std::vector<theory::CriticalPoint> points;  ///< several where the edge is multivalued
  std::optional<theory::ValueOrReason<double>> critical_weight_variance_n;  ///< where a width is given
};

struct EdgeOfChaos {
  EdgeQuery query;
  bool homogeneous;  ///< the edge has a weight variance and no q*
  std::vector<EdgeRow> rows;
  std::vector<theory::CriticalPoint> half_stable;
};

EdgeOfChaos edge_of_chaos(const EdgeQuery& query);

std::string edge_page(const EdgeOfChaos& edge);
std::string edge_json(const EdgeOfChaos& edge);

}  // namespace varprop::driver
