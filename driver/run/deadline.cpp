#include "driver/run/deadline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "core/contracts.hpp"
#include "core/text.hpp"
#include "driver/run/duration.hpp"

namespace varprop {

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

}  // namespace varprop
