// The theory beside every point, computed once for each map that the sweep contains.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <tuple>

#include "core/point/point.hpp"
#include "theory/infinite_width.hpp"

namespace varprop {

class Predictions {
 public:
  explicit Predictions(const Ensemble& ensemble) : ensemble_(ensemble) {}

  /// The infinite-width prediction for a point; the reference stays valid.
  const InfiniteWidth& operator()(const Point& point);

 private:
  const InfiniteWidthPredictor& predictor(const Activation& activation);

  Ensemble ensemble_;
  std::map<std::string, InfiniteWidthPredictor> predictors_;
  std::map<std::tuple<std::string, double, double>, InfiniteWidth> known_;
};

}  // namespace varprop
