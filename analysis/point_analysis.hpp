// Everything that analysis says of one point.
#pragma once

#include <optional>

#include "analysis/direction.hpp"
#include "theory/infinite_width.hpp"

namespace varprop {

struct PointAnalysis {
  Point point;
  std::int32_t batches_done;
  Reasoned<double> theory_backward_rate;  ///< ln χ at infinite width
  std::optional<Direction> forward;       ///< where measured
  std::optional<Direction> backward;      ///< where measured
  std::optional<Regime> regime;           ///< of both directions together; none where no batch is done
};

/// What the analysis of a point depends on besides its results.
struct AnalysisSettings {
  Ensemble ensemble;
  double factor = 100;  ///< F > 1: a change by less than this factor either way is stable
};

PointAnalysis analyze_point(const PointResults& results, const InfiniteWidth& limit,
                            const AnalysisSettings& settings);

}  // namespace varprop
