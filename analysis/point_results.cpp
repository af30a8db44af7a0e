#include "analysis/point_results.hpp"

#include "core/contracts.hpp"

namespace varprop {

std::optional<QuantityResults> PointResults::*results_of(Quantity quantity) {
  switch (quantity) {
    case Quantity::forward:
      return &PointResults::forward;
    case Quantity::backward:
      return &PointResults::backward;
    case Quantity::weight_gradient:
      return &PointResults::weight_gradient;
    case Quantity::correlation:
      break;
  }
  VARPROP_ASSERT(!"a correlation is no positive quantity");
  return nullptr;
}

std::span<const double> profile(const PointResults& results, const QuantityResults& quantity,
                                std::int32_t batch) {
  VARPROP_EXPECT(batch >= 0 && batch < results.batches_done);
  const std::size_t layers = results.layers.size();
  return std::span(quantity.log_mean).subspan(static_cast<std::size_t>(batch) * layers, layers);
}

}  // namespace varprop
