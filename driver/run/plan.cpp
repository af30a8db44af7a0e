#include "driver/run/plan.hpp"

#include <algorithm>

#include "driver/run/cost_model.hpp"

namespace varprop {

Plan::Plan(const Sweep& sweep, const std::vector<UnitState>& states) : sweep_(sweep), done_(states.size()) {
  for (std::size_t slot = 0; slot < states.size(); ++slot) done_[slot] = !to_do(states[slot]);
  for (std::int64_t index = 0; index < sweep.point_count(); ++index) {
    const auto first = done_.begin() + index * sweep.batches;
    const auto pending = std::count(first, first + sweep.batches, false);
    if (pending == 0) continue;
    order_.push_back({index, predicted_seconds(sweep, sweep.point(PointIndex(index)))});
    pending_units_ += pending;
    pending_seconds_ += static_cast<double>(pending) * order_.back().unit_seconds;
  }
  std::stable_sort(order_.begin(), order_.end(), [](const PlannedPoint& a, const PlannedPoint& b) {
    return a.unit_seconds > b.unit_seconds;
  });
}

std::optional<Plan::Step> Plan::next() {
  for (; at_point_ < order_.size(); ++at_point_, at_batch_ = 0) {
    const PlannedPoint& point = order_[at_point_];
    while (at_batch_ < sweep_.batches) {
      const Unit unit{PointIndex(point.index), BatchIndex(at_batch_++)};
      if (!done_[static_cast<std::size_t>(sweep_.slot(unit))]) return Step{unit, point.unit_seconds};
    }
  }
  return std::nullopt;
}

}  // namespace varprop
