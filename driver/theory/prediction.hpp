// Everything that theory says of a point, each quantity with its key, as the page and the JSON object have
// it.
#pragma once

#include <string>
#include <vector>

#include "driver/theory/theory_query.hpp"
#include "theory/critical_variance.hpp"
#include "theory/phase.hpp"
#include "theory/reasoned.hpp"

namespace varprop {

/// One predicted number.
struct PredictedQuantity {
  std::string key;      ///< in JSON, and on the page
  std::string meaning;  ///< for people
  Reasoned<double> value;
  bool quiet = false;  ///< where it does not exist the page has no line for it
};

/// The prediction of a query.
struct Prediction {
  TheoryQuery query;
  Phase phase;
  std::vector<PredictedQuantity> quantities;
  std::vector<PredictedQuantity>
      errors;  ///< absolute, by the quadrature's own estimate; those of missing values mean nothing
  std::vector<double> fixed_points;              ///< all of q' = q
  std::vector<double> correlation_fixed_points;  ///< all of c' = c at q*
  std::vector<CriticalPoint> critical_points;    ///< all with this bias variance
  std::vector<double> log_profile;               ///< ln q_1 … ln q_L, where a depth is given
  std::vector<double> correlation_distances;     ///< 1 − c_1, …, where an input correlation is given too

  /// The value of a key of `quantities`.
  const Reasoned<double>& operator[](const std::string& key) const;
};

/// Correlations are followed through so many layers at the most.
inline constexpr int deepest_correlation = 256;

Prediction predict_point(const TheoryQuery& query);

}  // namespace varprop
