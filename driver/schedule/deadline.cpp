#include "driver/schedule/deadline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "core/errors.hpp"
#include "core/text/words.hpp"
#include "driver/schedule/dispatcher.hpp"
#include "driver/schedule/division.hpp"
#include "driver/schedule/duration.hpp"

namespace varprop::driver {

namespace {

constexpr const char* job_end_variable = "SLURM_JOB_END_TIME";
constexpr double before_job_end = 5;  ///< seconds that the launcher and the job's script need after us
constexpr double told_to = 1;         ///< a job's end is told in whole seconds
constexpr double years_ahead = 10 * 366 * 86400.0;  ///< SLURM lets a job without a limit end in a year

/// Seconds until the end of this process's job, below 0 where it has passed; nothing where it belongs to
/// none.
std::optional<double> seconds_to_job_end() {
  const char* const text = std::getenv(job_end_variable);
  if (text == nullptr || *text == 0) return std::nullopt;
  const auto end = parse_number(text);
  validate(
      end && std::isfinite(*end),
      fmt::format("{}={} in the environment is no time: seconds since 1970 are.", job_end_variable, text));
  const double now =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  return *end - now;
}

/// The limit as it was asked for, if it is no whole number of seconds.
std::string limit_text(double seconds) {
  return seconds == std::floor(seconds) ? duration_text(seconds) : fine_duration_text(seconds);
}

/// Why a job's end in so many seconds is left out of account; empty where it is not.
std::string doubt_about(double seconds_to_end) {
  if (seconds_to_end <= 0) return "has passed";
  return seconds_to_end > years_ahead ? "lies more than ten years ahead" : "";
}

constexpr double share_to_count_on = 0.9;  ///< of the time that units had: the next start may take longer

/// What the longest unit left may need on this machine, seconds, if those of which only a lower bound is
/// known take so many times as long.
double longest_need(const Plan& plan, const Pace& pace, double allowance_where_bounded) {
  double longest = 0;
  for (std::size_t part = 0; part < plan.parts(); ++part) {
    const auto most_expensive = plan.most_expensive(part);
    const double allowance = pace.only_bounded(part) ? allowance_where_bounded : 1;
    if (most_expensive) longest = std::max(longest, allowance * pace.of(part) * most_expensive->seconds);
  }
  return longest;
}

/// The unit that takes the least time on this machine, and that time.
Plan::Step shortest_unit(const Plan& plan, const Pace& pace) {
  std::optional<Plan::Step> shortest;
  for (std::size_t part = 0; part < plan.parts(); ++part) {
    auto cheapest = plan.cheapest(part);
    if (!cheapest) continue;
    cheapest->seconds *= pace.of(part);
    if (!shortest || cheapest->seconds < shortest->seconds) shortest = cheapest;
  }
  return *shortest;
}

/// Never less than so many seconds.
std::string at_least_text(double seconds) {
  const double step = seconds < 60 ? 1 : 60;
  return duration_text(step * std::ceil(seconds / step));
}

std::string point_text(const Sweep& sweep, Unit unit) {
  return point_in_words(sweep.point(unit.point));
}

std::string reason_text(const Sweep& sweep, const Plan& plan, const Pace& pace, const Shortfall& shortfall) {
  const std::string& deadline = shortfall.deadline;
  if (shortfall.dropped) {
    return fmt::format("not one unit ended before {}: one of the point {} had run for {} and was dropped.",
                       deadline, point_text(sweep, shortfall.dropped->unit),
                       fine_duration_text(shortfall.dropped->seconds));
  }
  if (shortfall.seconds_to_compute <= 0) {
    return fmt::format("not one unit could begin before {}: the start alone took {}.", deadline,
                       fine_duration_text(shortfall.start_seconds));
  }
  const Plan::Step shortest = shortest_unit(plan, pace);
  return fmt::format(
      "not one unit can be relied on to end before {}: the shortest one left, of the point {}, takes about "
      "{}, and half as long again is kept in reserve.",
      deadline, point_text(sweep, shortest.unit), fine_duration_text(shortest.seconds));
}

bool any_only_bounded(const Plan& plan, const Pace& pace) {
  for (std::size_t part = 0; part < plan.parts(); ++part) {
    if (plan.most_expensive(part) && pace.only_bounded(part)) return true;
  }
  return false;
}

std::string cure_text(const Sweep& sweep, const Plan& plan, const Pace& pace, const Shortfall& shortfall) {
  const ShortfallCure cure = find_cure(sweep, plan, pace, shortfall);
  const std::string time = at_least_text(cure.limit_seconds);
  if (shortfall.seconds_to_compute <= 0) return fmt::format("Give it {} or more.", time);
  const std::string allowance =
      any_only_bounded(plan, pace)
          ? fmt::format(
                " How long a unit takes here is not known yet: this allows for {:.0f} times "
                "as long as that one ran.",
                allowance_for_dropped)
          : "";
  if (!cure.batches) {
    return fmt::format("No number of batches would make every unit short enough: give it {} or more.{}", time,
                       allowance);
  }
  return fmt::format(
      "With simulation.batches = {} (now {}), in a results file of its own, every unit would be short "
      "enough; or "
      "give it {} or more.{}",
      *cure.batches, sweep.batches, time, allowance);
}

}  // namespace

Deadline Deadline::from(std::optional<double> limit_seconds) {
  Deadline deadline;
  if (limit_seconds) {
    deadline.bring_forward(*limit_seconds, "the time limit of " + limit_text(*limit_seconds));
  }
  const auto job = seconds_to_job_end();
  if (!job) return deadline;
  if (const std::string doubt = doubt_about(*job); !doubt.empty()) {
    deadline.warning_ = fmt::format(
        "{}={} in the environment, the end of a job in seconds since 1970, {}: it is no deadline here.",
        job_end_variable, std::getenv(job_end_variable), doubt);
    return deadline;
  }
  const double seconds = std::max(*job - before_job_end, *job / 2);
  if (seconds < deadline.in_all_) deadline.kept_ = before_job_end + told_to;
  deadline.bring_forward(seconds, fmt::format("the end of this job in {}",
                                              (*job < 1 ? fine_duration_text : duration_text)(*job)));
  return deadline;
}

void Deadline::bring_forward(double seconds, const std::string& text) {
  if (seconds >= in_all_) return;
  in_all_ = seconds;
  end_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  text_ = text;
}

double Deadline::seconds_left() const {
  if (!end_) return std::numeric_limits<double>::infinity();
  return std::chrono::duration<double>(*end_ - Clock::now()).count();
}

ShortfallCure find_cure(const Sweep& sweep, const Plan& plan, const Pace& pace, const Shortfall& shortfall) {
  const double least = Dispatcher::reserve * longest_need(plan, pace, 1) / share_to_count_on;
  const double needed =
      Dispatcher::reserve * longest_need(plan, pace, allowance_for_dropped) / share_to_count_on;
  ShortfallCure cure{std::nullopt,
                     shortfall.start_seconds + shortfall.commit_seconds + needed + shortfall.kept_seconds};
  if (shortfall.seconds_to_compute <= 0) return cure;
  cure.batches = batches_for_share(sweep, shortfall.seconds_to_compute / needed);
  const bool most_may_do = batches_for_share(sweep, shortfall.seconds_to_compute / least).has_value();
  if (!cure.batches && most_may_do) cure.batches = finer_batches(sweep).back();
  return cure;
}

std::string shortfall_text(const Sweep& sweep, const Plan& plan, const Pace& pace,
                           const Shortfall& shortfall) {
  if (shortfall.failed_units > 0 && !shortfall.dropped) {
    return fmt::format("not one unit was done before {}: {} failed.", shortfall.deadline,
                       counted(shortfall.failed_units, "unit"));
  }
  return reason_text(sweep, plan, pace, shortfall) + " " + cure_text(sweep, plan, pace, shortfall);
}

}  // namespace varprop::driver
