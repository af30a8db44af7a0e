// What theory says of networks beyond the plain ones of equal layers: a residual stream, attention, norms,
// dropout, unequal widths. At infinite width, layer by layer, as a page for people and as a JSON object for
// programs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/points/regimes.hpp"
#include "core/network/point.hpp"
#include "theory/finite_width/finite_width.hpp"
#include "theory/networks/network_theory.hpp"
#include "theory/networks/point_theory.hpp"
#include "theory/streams/stream_theory.hpp"

namespace varprop::driver {

struct NetworkQuery {
  Point point;               ///< its width stands for any where none was asked for
  NetworkSettings settings;  ///< with a cosine of two inputs where one was asked for
  bool has_width;
};

/// Element l of the profiles: l = 0 to L of streams, 1 to L of plain networks (element 0 is layer 1).
struct NetworkPrediction {
  NetworkQuery query;
  std::vector<double> log_q, log_g;
  std::optional<theory::StreamProfiles> stream;            ///< of networks with a stream
  theory::PointTheory layers;                              ///< of others, where every layer is one map
  theory::NetworkLaw law;                                  ///< ln q_L and ln g at the input
  theory::ValueOrReason<double> critical_weight_variance;  ///< of others
  theory::ValueOrReason<theory::DeadShares> dead;          ///< of others, at a width
  theory::ValueOrReason<theory::StreamMoments> moments;    ///< of streams, exactly, with a width
  theory::ValueOrReason<double> nearest_branch_scale;      ///< of streams
  double forward_total, backward_total;                    ///< ln(q_L/q_0 or q_1) and ln g_0 or g_1
  analysis::Regime regime;                                 ///< by F (depth_verdict.hpp)
};

/// Throws InputError where the point is none that could be simulated, or theory does not follow it.
NetworkPrediction predict_network(const NetworkQuery& query);

std::string network_page(const NetworkPrediction& prediction);
std::string network_json(const NetworkPrediction& prediction);

}  // namespace varprop::driver
