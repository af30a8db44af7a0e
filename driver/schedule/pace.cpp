#include "driver/schedule/pace.hpp"

#include <algorithm>

namespace varprop::driver {

namespace {
constexpr double weight_of_expectation = 0.1;  ///< of the most expensive unit's
}  // namespace

Pace::Pace(const Plan& plan, const Calibration& expected, const Calibration& earlier) : parts_(plan.parts()) {
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    Part& part = parts_[i];
    const auto most_expensive = plan.most_expensive(i);
    part.expected = expected.factor(i);
    if (!most_expensive) continue;
    part.prior_weight = weight_of_expectation * most_expensive->seconds;
    const double weight = std::min(earlier.predicted_seconds(i), most_expensive->seconds);
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

}  // namespace varprop::driver
