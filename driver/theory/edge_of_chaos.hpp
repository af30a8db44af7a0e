// The edge of chaos of an activation, bias variance by bias variance, and its pages.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/activations/activation.hpp"
#include "core/point/choices.hpp"
#include "theory/critical_variance.hpp"

namespace varprop {

struct EdgeQuery {
  Activation activation;
  Weights weights;
  std::vector<double> bias_variances;
  std::optional<std::int64_t> width;  ///< n; nothing: infinite
};

/// The edge at one bias variance.
struct EdgeRow {
  double bias_variance;
  Reasoned<double> critical_weight_variance;
  std::vector<CriticalPoint> points;                           ///< several where the edge is multivalued
  std::optional<Reasoned<double>> critical_weight_variance_n;  ///< where a width is given
};

struct EdgeOfChaos {
  EdgeQuery query;
  bool homogeneous;  ///< the edge has a weight variance and no q*
  std::vector<EdgeRow> rows;
  std::vector<CriticalPoint> half_stable;
};

EdgeOfChaos edge_of_chaos(const EdgeQuery& query);

std::string edge_page(const EdgeOfChaos& edge);
std::string edge_json(const EdgeOfChaos& edge);

}  // namespace varprop
