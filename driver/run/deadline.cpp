#include "driver/run/deadline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "core/contracts.hpp"
#include "core/text.hpp"
#include "driver/run/duration.hpp"

namespace varprop {

namespace {

constexpr const char* job_end_variable = "SLURM_JOB_END_TIME";
constexpr double before_job_end = 5;  ///< seconds that the launcher and the job's script need after us

/// Seconds until the end of this process's job, below 0 where it has passed; nothing where it belongs to
/// none.
std::optional<double> seconds_to_job_end() {
  const char* const text = std::getenv(job_end_variable);
  if (text == nullptr || *text == 0) return std::nullopt;
  const auto end = parse_number(text);
  validate(end.has_value(), fmt::format("{}={} in the environment is no time: seconds since 1970 are.",
                                        job_end_variable, text));
  const double now =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  return *end - now;
}

}  // namespace

Deadline Deadline::from(std::optional<double> limit_seconds) {
  Deadline deadline;
  if (limit_seconds) {
    deadline.bring_forward(*limit_seconds, "the time limit of " + duration_text(*limit_seconds));
  }
  const auto job = seconds_to_job_end();
  if (job && *job <= 0) {
    deadline.warning_ = fmt::format(
        "{}={} in the environment, the end of a job in seconds since 1970, has passed: it is no deadline "
        "here.",
        job_end_variable, std::getenv(job_end_variable));
  } else if (job) {
    deadline.bring_forward(std::max(*job - before_job_end, *job / 2),
                           fmt::format("the end of this job in {}", duration_text(*job)));
  }
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
