#include "driver/run/pace.hpp"

#include <algorithm>
#include <span>

#include "driver/run/cost_model.hpp"

namespace varprop {

namespace {
constexpr double weight_of_expectation = 0.1;      ///< of the dearest unit's
constexpr std::int64_t units_at_a_time = 1 << 20;  ///< wall times in memory
constexpr double longest_unit = 3.2e8;             ///< seconds: ten years, which no job lasts

/// A damaged file may hold any time.
bool believable(double seconds) {
  return seconds >= 0 && seconds <= longest_unit;
}

/// The wall seconds of the done batches of one point.
void add_point(const Sweep& sweep, PointIndex point, std::span<const UnitState> states,
               std::span<const double> wall_seconds, Calibration& calibration) {
  const double predicted = predicted_seconds(sweep, sweep.point(point));
  const std::size_t part = part_of(sweep, point);
  for (std::size_t batch = 0; batch < states.size(); ++batch) {
    if (states[batch] != UnitState::done || !believable(wall_seconds[batch])) continue;
    calibration.add(part, predicted, wall_seconds[batch]);
  }
}

}  // namespace

Calibration measured_earlier(const ResultsFile& file) {
  const Sweep& sweep = file.sweep();
  const auto states = file.states();
  Calibration calibration(sweep);
  if (std::find(states.begin(), states.end(), UnitState::done) == states.end()) return calibration;
  const auto batches = static_cast<std::size_t>(sweep.batches);
  const std::int64_t step = std::max<std::int64_t>(1, units_at_a_time / sweep.batches);
  for (std::int64_t first = 0; first < sweep.point_count(); first += step) {
    const auto at = static_cast<std::size_t>(first * sweep.batches);
    const auto wall = file.read_wall_seconds(PointIndex(first), std::min(step, sweep.point_count() - first));
    for (std::int64_t point = first; point < std::min(first + step, sweep.point_count()); ++point) {
      const auto slot = static_cast<std::size_t>(point * sweep.batches), row = slot - at;
      add_point(sweep, PointIndex(point), std::span(states).subspan(slot, batches),
                std::span(wall).subspan(row, batches), calibration);
    }
  }
  return calibration;
}

Pace::Pace(const Plan& plan, const Calibration& expected, const Calibration& earlier) : parts_(plan.parts()) {
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    Part& part = parts_[i];
    const auto dearest = plan.dearest(i);
    part.expected = expected.factor(i);
    if (!dearest) continue;
    part.prior_weight = weight_of_expectation * dearest->seconds;
    const double weight = std::min(earlier.predicted_seconds(i), dearest->seconds);
    if (weight == 0) continue;
    part.earlier.add(weight, part.expected, weight * earlier.factor(i));
    earlier_.add(weight, part.expected, weight * earlier.factor(i));
  }
}

void Pace::Sums::add(double predicted_seconds, double pace, double measured_seconds) {
  predicted += predicted_seconds;
  expected += pace * predicted_seconds;
  seconds += measured_seconds;
}

Pace::Sums Pace::Sums::operator+(const Sums& other) const {
  return {predicted + other.predicted, seconds + other.seconds, expected + other.expected};
}

void Pace::finished(std::size_t part, double predicted, double seconds) {
  Part& of = parts_[part];
  of.finished_here = true;
  of.here.add(predicted, of.expected, seconds);
  here_.add(predicted, of.expected, seconds);
}

void Pace::forget_earlier() {
  earlier_ = {};
  for (Part& part : parts_) part.earlier = {};
}

void Pace::dropped(std::size_t part, double predicted, double seconds) {
  Part& of = parts_[part];
  of.bound = std::max(of.bound, seconds / predicted);
  bound_ = std::max(bound_, of.bound / of.expected);
}

double Pace::load(const Sums& earlier) const {
  const Sums all = here_ + earlier;
  return all.expected > 0 ? all.seconds / all.expected : 1.0;
}

double Pace::estimate(const Part& part, const Sums& earlier_of_part, const Sums& earlier) const {
  const double weight = part.prior_weight, expected = part.expected * weight;
  if (weight == 0) return part.expected * load(earlier);
  const Sums all = here_ + earlier, own = part.here + earlier_of_part;
  const double load = (expected + all.seconds) / (expected + all.expected);
  return (expected * load + own.seconds) / (weight + own.predicted);
}

/// Where nothing of a part has ended in this run, the other parts' units tell how slow the machine is at
/// least.
double Pace::bound(const Part& part) const {
  return part.finished_here ? part.bound : std::max(part.bound, part.expected * bound_);
}

double Pace::of(std::size_t part) const {
  const Part& of = parts_[part];
  return std::max(estimate(of, of.earlier, earlier_), bound(of));
}

double Pace::by_this_run(std::size_t part) const {
  return std::max(estimate(parts_[part], {}, {}), bound(parts_[part]));
}

bool Pace::only_bounded(std::size_t part) const {
  const Part& of = parts_[part];
  return bound(of) > estimate(of, of.earlier, earlier_);
}

}  // namespace varprop
