#include "driver/run/plan.hpp"

#include <algorithm>

#include "driver/run/cost_model.hpp"

namespace varprop {

Plan::Plan(const Sweep& sweep, const std::vector<UnitState>& states)
    : sweep_(sweep), done_(states.size()), unit_seconds_(static_cast<std::size_t>(sweep.point_count())) {
  for (std::size_t slot = 0; slot < states.size(); ++slot) done_[slot] = states[slot] == UnitState::done;
  for (std::int64_t index = 0; index < sweep.point_count(); ++index) {
    const auto first = done_.begin() + index * sweep.batches;
    const auto pending = std::count(first, first + sweep.batches, false);
    if (pending == 0) continue;
    const double seconds = predicted_seconds(sweep, sweep.point(PointIndex(index)));
    unit_seconds_[static_cast<std::size_t>(index)] = seconds;
    order_.push_back(index);
    pending_units_ += pending;
    pending_seconds_ += static_cast<double>(pending) * seconds;
  }
  std::stable_sort(order_.begin(), order_.end(), [this](std::int64_t a, std::int64_t b) {
    return unit_seconds_[static_cast<std::size_t>(a)] > unit_seconds_[static_cast<std::size_t>(b)];
  });
}

std::optional<Plan::Step> Plan::next() {
  for (; at_point_ < order_.size(); ++at_point_, at_batch_ = 0) {
    const PointIndex point(order_[at_point_]);
    while (at_batch_ < sweep_.batches) {
      const Unit unit{point, BatchIndex(at_batch_++)};
      if (!done_[static_cast<std::size_t>(sweep_.slot(unit))]) return Step{unit, seconds(unit)};
    }
  }
  return std::nullopt;
}

}  // namespace varprop
